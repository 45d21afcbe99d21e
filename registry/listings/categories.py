"""The typed fields that some categories ask for, and how what was typed is read.

Pure: texts in, values or the codes of problems out. A listing stores the values by field name;
an empty field is not stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from registry.common.dates import DateProblem, parse_date
from registry.common.folding import fold
from registry.listings.exchange_words import places, reaches, rhythms, units
from registry.listings.models import Category
from registry.matching import split_keywords
from registry.web.i18n import day


class FieldType(StrEnum):
    """What a typed field holds."""

    TEXT = "text"
    LIST = "list"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CHOICE = "choice"
    DATE = "date"


@dataclass(frozen=True)
class FieldSpec:
    """One typed field: its stored name, words, type and unit. `most` is the longest text or the
    highest number; `options` are the values of a choice with their words, or what names them."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    unit: str = ""
    hint: str = ""
    required: bool = False
    most: int = 80
    options: Callable[[], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with a typed field: missing, not_a_number, not_whole, too_small, too_large,
    too_long, not_a_date, not_offered, more_than_all, ends_early."""

    name: str
    code: str


AREA = FieldSpec("area_m2", _l("広さ"), FieldType.DECIMAL, _l("m²"), most=10_000_000)
PLACE = FieldSpec("place", _l("場所"), hint=_l("例：川崎区。番地は書かなくてかまいません。"))

FIELDS: Mapping[Category, tuple[FieldSpec, ...]] = {
    Category.PATENT: (
        FieldSpec(
            "numbers",
            _l("特許・出願の番号"),
            FieldType.LIST,
            hint=_l("「、」で区切ります。例：特許第1234567号、特願2025-123456"),
            most=500,
        ),
        FieldSpec("status", _l("権利の状態"), hint=_l("例：登録、出願中、出願中（未公開）")),
        FieldSpec("terms", _l("使ってもらう条件"), hint=_l("例：通常実施権"), most=200),
    ),
    Category.MATERIAL: (
        FieldSpec(
            "substance",
            _l("物・エネルギーの名前"),
            hint=_l("例：おから、塩酸18%、80℃の温排水"),
            required=True,
        ),
        FieldSpec("quality", _l("質・状態"), hint=_l("例：水分78%、鉄分50ppm以下"), most=200),
        FieldSpec("quantity", _l("量"), FieldType.DECIMAL, most=1_000_000_000),
        FieldSpec("unit", _l("量の単位"), FieldType.CHOICE, options=units),
        FieldSpec("rhythm", _l("どの間隔でその量か"), FieldType.CHOICE, options=rhythms),
        FieldSpec(
            "least",
            _l("まとまりの下限"),
            FieldType.DECIMAL,
            hint=_l(
                "これより少ないと受け渡しできない量。上の単位と間隔で。なければ空けておきます。"
            ),
            most=1_000_000_000,
        ),
        FieldSpec("begins", _l("いつから"), FieldType.DATE, hint=_l("例：2027年4月1日")),
        FieldSpec("ends", _l("いつまで"), FieldType.DATE, hint=_l("例：2028年3月31日")),
        FieldSpec(
            "at",
            _l("受け渡す場所"),
            FieldType.CHOICE,
            hint=_l("選ばなければ、企業・団体の所在地とします。"),
            options=places,
        ),
        FieldSpec(
            "reach",
            _l("どこまでなら運べますか"),
            FieldType.CHOICE,
            hint=_l("選ばなければ、同じ都道府県と、境を接する市区町村までとします。"),
            options=reaches,
        ),
    ),
    Category.LAND: (AREA, PLACE),
    Category.FACILITY: (AREA, PLACE),
    Category.MARKET: (
        FieldSpec("region", _l("地域"), hint=_l("例：東南アジア、神奈川県内"), required=True),
    ),
    Category.CAPITAL: (
        FieldSpec("amount_yen", _l("金額"), FieldType.WHOLE, _l("円"), most=1_000_000_000_000),
        FieldSpec("stage", _l("段階"), hint=_l("例：試作、量産前、シリーズA")),
    ),
    Category.LABOUR: (
        FieldSpec("headcount", _l("人数"), FieldType.WHOLE, _l("人"), most=100_000, required=True),
    ),
}
"""Category → its fields, in the order asked. A category that is not here has none."""

ALL_FIELDS: tuple[FieldSpec, ...] = tuple(
    {f.name: f for fs in FIELDS.values() for f in fs}.values()
)
"""Every typed field once: land and facility share theirs."""


def fields_of(category: Category | None) -> tuple[FieldSpec, ...]:
    """The typed fields of a category, in the order asked."""
    return FIELDS.get(category, ()) if category else ()


def read_fields(
    category: Category, typed: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldProblem, ...]]:
    """The values to store, and what is wrong with the rest. Fields of other categories are left
    out; a required field that is empty counts as missing."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for spec in fields_of(category):
        text = (typed.get(spec.name) or "").strip()
        if not text:
            if spec.required:
                problems.append(FieldProblem(spec.name, "missing"))
            continue
        value, code = _read(spec, text)
        if code:
            problems.append(FieldProblem(spec.name, code))
        else:
            values[spec.name] = value
    if category is Category.MATERIAL:
        found = _contradictions(values)
        values = {k: v for k, v in values.items() if k not in {p.name for p in found}}
        problems += found
    return values, tuple(problems)


def missing_fields(category: Category, values: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """The required fields without a value; a quantity requires its unit and rhythm."""
    needed = {s.name for s in fields_of(category) if s.required}
    if category is Category.MATERIAL and (values.get("quantity") or values.get("least")):
        needed |= {"quantity", "unit", "rhythm"}
    return tuple(s for s in fields_of(category) if s.name in needed and not values.get(s.name))


def _contradictions(values: Mapping[str, Any]) -> list[FieldProblem]:
    """What cannot stand together in the fields of a by-product."""
    found = []
    if values.get("least") and values.get("quantity") and values["least"] > values["quantity"]:
        found.append(FieldProblem("least", "more_than_all"))
    if values.get("begins") and values.get("ends") and values["ends"] < values["begins"]:
        found.append(FieldProblem("ends", "ends_early"))
    return found


def as_typed(value: object, joint: str = "、") -> str:
    """A stored value as a person would type it; `joint` separates the words of a list."""
    if isinstance(value, list | tuple):
        return joint.join(str(part) for part in value)
    if isinstance(value, float):
        return f"{value:f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def words_of(values: Mapping[str, Any]) -> list[str]:
    """What search looks at: texts and numbers, not the codes of choices and days."""
    coded = {s.name for s in ALL_FIELDS if s.type in (FieldType.CHOICE, FieldType.DATE)}
    return [as_typed(value) for name, value in values.items() if name not in coded]


def shown_fields(category: Category, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of the fields that have a value; numbers with separators and their unit."""
    return [
        (spec.label, told(spec, values[spec.name]))
        for spec in fields_of(category)
        if values.get(spec.name) not in (None, "", [])
    ]


def told(spec: FieldSpec, value: object) -> str:
    """A stored value in words: numbers with separators, choices and days in the page's language."""
    text = as_typed(value)
    if spec.type in (FieldType.WHOLE, FieldType.DECIMAL) and isinstance(value, int | float):
        whole, dot, rest = text.partition(".")
        text = f"{int(whole):,}{dot}{rest}"
    elif spec.type is FieldType.CHOICE and spec.options:
        text = str(spec.options().get(text, text))
    elif spec.type is FieldType.DATE:
        text = day(date.fromisoformat(text))
    return f"{text} {spec.unit}" if spec.unit else text


def _read(spec: FieldSpec, text: str) -> tuple[Any, str]:
    """(value, "") or (None, code of the problem)."""
    match spec.type:
        case FieldType.TEXT:
            return (text, "") if len(text) <= spec.most else (None, "too_long")
        case FieldType.LIST:
            words = list(dict.fromkeys(split_keywords(text)))
            return (words, "") if len(text) <= spec.most else (None, "too_long")
        case FieldType.CHOICE:
            offered = spec.options is not None and text in spec.options()
            return (text, "") if offered else (None, "not_offered")
        case FieldType.DATE:
            try:
                return parse_date(text).isoformat(), ""
            except DateProblem:
                return None, "not_a_date"
    return _read_number(spec, text)


def _read_number(spec: FieldSpec, text: str) -> tuple[int | float | None, str]:
    """A number typed in any width, with or without separators (１，２００)."""
    plain = fold(text).replace(",", "").replace(" ", "")
    if len(plain) > 30:
        return None, "not_a_number"
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None, "not_a_number"
    if not number.is_finite():
        return None, "not_a_number"
    if number <= 0:
        return None, "too_small"
    if number > spec.most:
        return None, "too_large"
    if number == number.to_integral_value():
        return int(number), ""
    if spec.type is FieldType.WHOLE:
        return None, "not_whole"
    return float(number), ""
