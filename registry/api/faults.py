"""What pydantic found wrong, in words of the reader's language, each with a pointer to its place."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from pydantic import ValidationError

from registry.web.problems import Fault, Problem

RULES = frozenset({"hidden", "blank"})
"""What no schema tells of a text."""


def problem_of(error: ValidationError, *, where: str) -> Problem:
    """The problem of a request that does not fit its model; `where` is body or parameter.

    A body that is no JSON at all is 400, one that does not fit 422, one that fits the schema but
    breaks a rule about texts 409.
    """
    found = error.errors(include_url=False, include_input=False)
    if where == "body" and any(entry["type"] == "json_invalid" for entry in found):
        return Problem(400)
    faults = tuple(dict.fromkeys(_fault(entry, where) for entry in found))
    status = 409 if all(entry["type"] in RULES for entry in found) else 422
    return Problem(status, faults=faults[:50])


def pointer_to(*parts: object) -> str:
    """A JSON pointer as a fragment: #/parties/0/role (RFC 6901)."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "#" + "".join(f"/{part}" for part in escaped)


def _fault(entry: Any, where: str) -> Fault:
    code, place = str(entry["type"]), entry["loc"]
    detail = sentence(code, entry.get("ctx") or {})
    if where == "parameter":
        return Fault(detail, code, parameter=str(place[0]) if place else "")
    places = [part for part in place if not _is_branch(part)]
    return Fault(detail, code, pointer=pointer_to(*places))


def _is_branch(part: object) -> bool:
    """Whether a part of a place names a branch of a union, which no body has."""
    return isinstance(part, str) and ("[" in part or part in {"str", "int", "none", "float"})


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What to do about an error, by its stable code."""
    sentences: dict[str, Callable[[], str]] = {
        "missing": lambda: _("この項目は必要です。"),
        "extra_forbidden": lambda: _("この項目はありません。名前を確かめてください。"),
        "string_too_long": lambda: _(
            "%(most)s 文字までにしてください。", most=facts.get("max_length", "")
        ),
        "string_type": lambda: _("文字列で送ってください。"),
        "string_pattern_mismatch": lambda: _("決められた形で送ってください。"),
        "enum": lambda: _("次のどれかにしてください：%(words)s", words=facts.get("expected", "")),
        "literal_error": lambda: _(
            "次のどれかにしてください：%(words)s", words=facts.get("expected", "")
        ),
        "int_type": lambda: _("整数で送ってください。"),
        "float_type": lambda: _("数で送ってください。"),
        "bool_type": lambda: _("true か false で送ってください。"),
        "flag": lambda: _("true か false で送ってください。"),
        "whole": lambda: _("整数で送ってください。"),
        "between": lambda: _(
            "%(least)s から %(most)s までにしてください。",
            least=facts.get("least", ""),
            most=facts.get("most", ""),
        ),
        "greater_than_equal": lambda: _(
            "%(least)s 以上にしてください。", least=facts.get("ge", "")
        ),
        "less_than_equal": lambda: _("%(most)s 以下にしてください。", most=facts.get("le", "")),
        "list_type": lambda: _("配列で送ってください。"),
        "too_long": lambda: _("%(most)s 個までにしてください。", most=facts.get("max_length", "")),
        "too_short": lambda: _(
            "%(least)s 個以上にしてください。", least=facts.get("min_length", "")
        ),
        "day": lambda: _("日付を 2026-11-25 の形で送ってください。"),
        "clock": lambda: _("時刻を 09:30 の形で送ってください。"),
        "moment": lambda: _("時刻を 2026-11-25T09:00:00+09:00 の形で送ってください。"),
        "hidden": lambda: _(
            "見えない文字（%(character)s）が含まれています。", character=facts.get("character", "")
        ),
        "blank": lambda: _("空にはできません。"),
        "string_too_short": lambda: _("空にはできません。"),
        "twice": lambda: _("一度だけ送ってください。"),
        "model_type": lambda: _("オブジェクトで送ってください。"),
        "model_attributes_type": lambda: _("オブジェクトで送ってください。"),
    }
    make = sentences.get(code)
    return str(make()) if make else str(_("この値は受け付けられません。"))
