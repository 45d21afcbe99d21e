"""The OpenAPI document as a page tells it: in one language, with each member's type in words."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from registry.accounts.scopes import Scope, scope_label
from registry.api.document import document
from registry.web.i18n import locale
from registry.web.problems import CODES, words

Json = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A member of a body, or a parameter: name, type in words, whether needed, what it is."""

    name: str
    type: str
    needed: bool
    text: str


@dataclass(frozen=True)
class Described:
    """One operation for the page."""

    id: str
    method: str
    path: str
    summary: str
    scope: str
    note: str
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    answer: tuple[Member, ...]
    curl: str


@dataclass(frozen=True)
class Group:
    """The operations of one kind of record."""

    id: str
    title: str
    operations: tuple[Described, ...]


def groups_of() -> list[Group]:
    """Every operation by its group, in the order of the document."""
    found = _document()
    titles = {tag["name"]: pick_half(tag["description"]) for tag in found["tags"]}
    grouped: dict[str, list[Described]] = {name: [] for name in titles}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            grouped[operation["tags"][0]].append(_described(method.upper(), path, operation))
    return [Group(name, titles[name], tuple(rows)) for name, rows in grouped.items()]


def problem_kinds() -> list[tuple[str, int, str, str]]:
    """(last word of the type, status, title, detail) of the problems."""
    further = [
        (
            "token-invalid",
            401,
            _("このトークンは使えません。期限、取り消し、書き写しを確かめてください。"),
        ),
        ("scope-needed", 403, _("トークンの範囲が足りません。")),
        ("key-reused", 409, _("Idempotency-Key が、別の内容で使われました。")),
    ]
    plain = [(code, status, *words(status)) for status, code in CODES.items()]
    more = [(code, status, words(status)[0], detail) for code, status, detail in further]
    return sorted([*plain, *more], key=lambda row: (row[1], row[0]))


def scopes() -> list[tuple[str, str]]:
    """Every scope with what it lets a program do."""
    return [(scope.value, scope_label(scope)) for scope in Scope]


def pick_half(text: str) -> str:
    """The Japanese or the English half of a description; where there is one half, that."""
    japanese, _slash, english = text.partition(" / ")
    return english if locale() == "en" and english else japanese


@cache
def _document() -> Json:
    return document()


def _described(method: str, path: str, operation: Json) -> Described:
    body = operation.get("requestBody")
    media = body["content"]["application/json"]["schema"] if body else {}
    status = "201" if "201" in operation["responses"] else "200"
    answer = operation["responses"][status]["content"]["application/json"]["schema"]
    schema = _resolved(media)
    return Described(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=pick_half(operation["summary"]),
        scope=operation["x-scope"],
        note=pick_half(operation["description"].split("\n\n")[0])
        if not operation["description"].startswith("範囲")
        else "",
        parameters=tuple(_parameter(p) for p in operation["parameters"]),
        body=_members(schema),
        answer=_members(_record(answer)),
        curl=_curl(method, path, schema),
    )


def _record(answer: Json) -> Json:
    """The record's schema, of a list that of its items."""
    schema = _resolved(answer)
    items = schema.get("properties", {}).get("items", {}).get("items")
    return _resolved(items) if items else schema


def _parameter(parameter: Json) -> Member:
    if "$ref" in parameter:
        parameter = _document()["components"]["parameters"][_last(parameter["$ref"])]
    return Member(
        parameter["name"],
        _type(parameter["schema"]),
        bool(parameter.get("required")),
        pick_half(parameter.get("description", "")),
    )


def _members(schema: Json) -> tuple[Member, ...]:
    needed = schema.get("required", [])
    return tuple(
        Member(name, _type(member), name in needed, pick_half(member.get("description", "")))
        for name, member in schema.get("properties", {}).items()
    )


def _type(schema: Json) -> str:
    """A type in words: string (date), one of …, list of …, or null."""
    if "anyOf" in schema:
        return _(" または ").join(dict.fromkeys(_type(branch) for branch in schema["anyOf"]))
    if "$ref" in schema:
        found = _resolved(schema)
        return _type(found) if "enum" in found else _last(schema["$ref"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return _("%(type)s の配列", type=_type(schema.get("items", {})))
    kind = str(schema.get("format") or schema.get("type") or "")
    most = schema.get("maxLength")
    return _("%(type)s（%(most)s 文字まで）", type=kind, most=most) if most else kind


def _curl(method: str, path: str, schema: Json) -> str:
    """A call of the operation, as one would try it on a command line."""
    lines = ['curl -H "Authorization: Bearer $MUSUBI_TOKEN"']
    if method != "GET":
        lines.append(f"-X {method} -H 'Content-Type: application/json'")
    if method == "PATCH":
        lines.append("-H 'If-Match: \"3-0f1e2d3c4b5a6978\"'")
    if method == "POST":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if method != "GET":
        lines.append(f"-d '{json.dumps(_example(schema), ensure_ascii=False)}'")
    lines.append(f'"$MUSUBI_URL/api/v1{path}"')
    return " \\\n  ".join(lines)


def _example(schema: Json) -> Json:
    """The members that are needed, with an example each; of a patch the first one."""
    members = schema.get("properties", {})
    names = schema.get("required") or list(members)[:1]
    return {name: _value(_resolved(members[name])) for name in names}


def _value(schema: Json) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _value(_resolved(schema["anyOf"][0]))
    if schema.get("format") == "date":
        return "2026-11-25"
    if "(deferred|dismissed)" in schema.get("pattern", ""):
        return "deferred"
    return {"integer": 1, "number": 1.5, "boolean": True, "array": []}.get(
        schema.get("type", ""), "…"
    )


def _resolved(schema: Json) -> Json:
    """The schema that a reference names, with what stands beside the reference."""
    if "$ref" not in schema:
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**_document()["components"]["schemas"][_last(schema["$ref"])], **beside}


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[1]
