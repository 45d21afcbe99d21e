"""The OpenAPI 3.1 document, made from the operations and models that the app serves by."""

import json
import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from registry.accounts.scopes import Scope
from registry.api.document_parts import (
    DESCRIPTION,
    ERRORS,
    PARAMETERS,
    PROBLEM,
    RESPONSE_HEADERS,
    SPECIAL_IDS,
    error_response,
)
from registry.api.operations import Operation
from registry.api.v1 import operations
from registry.common.roles import PERMISSIONS, Role
from registry.web.addresses import API

Json = dict[str, Any]
REF = "#/components/schemas/{model}"


@cache
def document_text() -> str:
    """The document as JSON, the same at every call: sorted, with a line break at its end."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def document() -> Json:
    """The document as values."""
    found = operations()
    schemas, names = _schemas(found)
    paths: dict[str, Json] = {}
    for operation in found:
        methods = paths.setdefault(operation.path, {})
        described = _operation(operation, names)
        _link(described, operation, found)
        methods[operation.method.lower()] = described
    tags = {operation.tag.name: operation.tag for operation in found}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "結び Musubi API",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": API}],
        "tags": [{"name": t.name, "description": t.description} for t in tags.values()],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "parameters": PARAMETERS,
            "responses": {name: error_response(*words) for name, words in ERRORS.items()},
            "headers": RESPONSE_HEADERS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "API トークン。範囲： / An API token. Scopes: "
                    + ", ".join(scope.value for scope in Scope),
                }
            },
        },
    }


def _schemas(found: list[Operation]) -> tuple[Json, dict[Any, str]]:
    """All models as schemas, and the name of each by (model, mode)."""
    wanted: list[Any] = []
    for operation in found:
        answer = operation.listed if operation.kind == "list" else operation.answer
        wanted.append((answer, "serialization"))
        if operation.body:
            wanted.append((operation.body, "validation"))
    wanted = list(dict.fromkeys(wanted))
    mapped, definitions = models_json_schema(wanted, ref_template=REF)
    names = {key: value["$ref"].rsplit("/", 1)[1] for key, value in mapped.items()}
    return {name: _plain(schema) for name, schema in definitions["$defs"].items()}, names


def _plain(schema: Any) -> Any:
    """A schema without the titles that pydantic makes of names."""
    if isinstance(schema, dict):
        return {
            name: _plain(value)
            for name, value in schema.items()
            if not (name == "title" and isinstance(value, str))
        }
    return [_plain(value) for value in schema] if isinstance(schema, list) else schema


def _operation(operation: Operation, names: dict[Any, str]) -> Json:
    found: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag.name],
        "description": _description(operation),
        "security": _security(operation),
        "parameters": _parameters(operation),
        "responses": _responses(operation, names),
        "x-scope": operation.scope.value,
    }
    if operation.body:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(names[operation.body, "validation"])}},
        }
    return found


def _description(operation: Operation) -> str:
    roles = ", ".join(role.value for role in Role if role in PERMISSIONS[operation.permission])
    lines = [
        operation.description,
        f"範囲 / Scope: `{operation.scope.value}`",
        f"役割 / Roles: {roles}",
    ]
    return "\n\n".join(line for line in lines if line)


def _security(operation: Operation) -> list[Json]:
    """What is open to everybody may be read without a token."""
    with_token: Json = {"token": [operation.scope.value]}
    is_public = Role.VISITOR in PERMISSIONS[operation.permission]
    return [{}, with_token] if is_public else [with_token]


def _parameters(operation: Operation) -> list[Json]:
    found: list[Json] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": SPECIAL_IDS[name][0] if name in SPECIAL_IDS else "公開 ID / Public id",
            "schema": {"type": "string", "pattern": SPECIAL_IDS[name][1]}
            if name in SPECIAL_IDS
            else {"type": "string", "format": "uuid"},
        }
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query:
        found += _query_parameters(operation.query)
    if operation.method == "PATCH":
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if operation.method == "POST":
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if operation.kind == "get":
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    return found


def _query_parameters(model: type[BaseModel]) -> list[Json]:
    schema = model.model_json_schema()
    words = schema.get("$defs", {})
    found = []
    for name, member in schema["properties"].items():
        plain = _without_null(_plain(member), words)
        described = plain.pop("description", "")
        found.append({"name": name, "in": "query", "description": described, "schema": plain})
    return found


def _without_null(member: Json, words: Json) -> Json:
    """The schema of what may be sent in a query: absent, but never null."""
    branches = [b for b in member.get("anyOf", []) if b.get("type") != "null"]
    if branches:
        member = {**{k: v for k, v in member.items() if k != "anyOf"}, **branches[0]}
        if member.get("default", 0) is None:
            del member["default"]
    if "$ref" in member:
        name = member["$ref"].rsplit("/", 1)[1]
        beside = {key: value for key, value in member.items() if key != "$ref"}
        member = {**_plain(words[name]), **beside}
    return member


def _responses(operation: Operation, names: dict[Any, str]) -> Json:
    answer = operation.listed if operation.kind == "list" else operation.answer
    status = "201" if operation.kind == "create" else "200"
    headers = {"Content-Language": _header("ContentLanguage")}
    headers |= {"Link": _header("Link")} if operation.kind == "list" else {"ETag": _header("ETag")}
    if operation.method == "POST":
        headers["Idempotent-Replayed"] = _header("IdempotentReplayed")
    if operation.kind == "create":
        headers["Location"] = _header("Location")
    schema = _ref(names[answer, "serialization"])
    found: Json = {
        status: {
            "description": "できた / Done",
            "headers": headers,
            "content": {"application/json": {"schema": schema}},
        }
    }
    if operation.kind == "get":
        found["304"] = {"description": "変わっていない / Not changed"}
    codes = ["401", "403", "422", "429", "500", "503"]
    codes += ["404"] if "{" in operation.path else []
    codes += ["400", "409", "413", "415"] if operation.body else []
    codes += ["400"] if operation.query else []
    codes += ["412", "428"] if operation.method == "PATCH" else []
    return found | {code: {"$ref": f"#/components/responses/E{code}"} for code in sorted(codes)}


def _link(described: Json, operation: Operation, found: list[Operation]) -> None:
    """Say where one can go from a record: to reading, changing it and its steps."""
    if operation.kind not in ("create", "get"):
        return
    resource = operation.name.removesuffix(f"_{operation.kind}")
    links: Json = {}
    for other in found:
        if other.name.startswith(f"{resource}_") and other.kind in ("get", "change", "step"):
            parameters = _ids_after(operation, other)
            if other.kind == "change":
                parameters["header.If-Match"] = "$response.header.ETag"
            links[other.name] = {"operationId": other.name, "parameters": parameters}
    status = "201" if operation.kind == "create" else "200"
    described["responses"][status]["links"] = links


def _ids_after(operation: Operation, other: Operation) -> Json:
    """The ids in the other operation's address, from this one's request or its answer."""
    known = re.findall(r"{(\w+)}", operation.path)
    return {
        f"path.{name}": f"$request.path.{name}" if name in known else "$response.body#/id"
        for name in re.findall(r"{(\w+)}", other.path)
    }


def _ref(name: str) -> Json:
    return {"$ref": REF.format(model=name)}


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}
