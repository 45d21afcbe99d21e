"""The conditions of a program in one cell (対象者条件): one a line, 資本金：300000000以下.

Behind ｜ stands the rule in own words, behind the next its English; without them words are made
from the limits, as on the page.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale

from registry.common.folding import fold
from registry.exchange import cells, codes
from registry.exchange.kinds.code_cells import area, listed, named
from registry.programs import choices
from registry.programs.condition_words import rule_words
from registry.programs.kinds import ConditionKind
from registry.programs.models import Condition

KINDS: Mapping[ConditionKind, tuple[str, ...]] = {
    ConditionKind.SIZE: ("企業の規模", "規模", "size"),
    ConditionKind.CAPITAL: ("資本金", "capital"),
    ConditionKind.EMPLOYEES: ("従業員", "従業員数", "employees"),
    ConditionKind.SECTOR: ("業種", "sector"),
    ConditionKind.PLACE: ("所在地", "地域", "place"),
    ConditionKind.FOUNDED: ("創業からの年数", "創業年数", "founded"),
    ConditionKind.STAGE: ("事業の段階", "事業ステージ", "stage"),
    ConditionKind.NEED: ("困りごと", "お困りごと", "need"),
}
SIZES = {"sme": ("中小企業者", "中小企業", "SME"), "small": ("小規模企業者", "小規模", "Small")}
NUMBERS = {
    ConditionKind.CAPITAL: cells.yen(),
    ConditionKind.EMPLOYEES: cells.whole("人", "名"),
    ConditionKind.FOUNDED: cells.whole("年"),
}
LISTED = {ConditionKind.STAGE: "stage", ConditionKind.NEED: "trouble"}
BAR = re.compile(r"(?<!｜)｜(?!｜)")


@dataclass(frozen=True)
class ConditionCell:
    """One condition as a cell tells it; `limits` as JSON, in one spelling."""

    kind: ConditionKind
    limits: str
    rule: str = ""
    rule_en: str = ""


def of(rows: Iterable[Condition]) -> tuple[ConditionCell, ...]:
    """Stored conditions; words that are made from the limits are left out."""
    return tuple(
        ConditionCell(
            row.kind,
            _json(row.limits),
            "" if row.rule == _words(row.kind, row.limits, "ja") else row.rule,
            "" if row.rule_en == _words(row.kind, row.limits, "en") else row.rule_en,
        )
        for row in rows
    )


def read(text: str) -> tuple[ConditionCell, ...]:
    """The conditions of a cell. Raises CellProblem condition for one that says nothing."""
    return tuple(_read(line.strip()) for line in text.splitlines() if line.strip())


def write(found: Iterable[ConditionCell]) -> str:
    """The conditions as `read` reads them."""
    return "\n".join(_write(row) for row in found)


def _read(line: str) -> ConditionCell:
    head, *words = (part.strip().replace("｜｜", "｜") for part in BAR.split(line, maxsplit=2))
    name, mark, limits = re.sub(r":", "：", head, count=1).partition("：")
    kind = next((kind for kind, known in KINDS.items() if fold(name) in map(fold, known)), None)
    if kind is None or not mark or not limits.strip():
        raise cells.CellProblem("condition", text=line[:60])
    rule, rule_en = (*words, "", "")[:2]
    return ConditionCell(
        kind, _json(_limits(kind, limits.strip(), line)), rule[:200], rule_en[:240]
    )


def _limits(kind: ConditionKind, text: str, line: str) -> dict[str, Any]:
    if kind is ConditionKind.SIZE:
        return {"size": cells.choice(SIZES)(text)}
    if kind in NUMBERS:
        return _range(kind, text, line)
    parts = [part.strip() for part in re.split(r"[、;；]", text) if part.strip()]
    if kind is ConditionKind.PLACE:
        return {"municipalities": list(dict.fromkeys(map(area, parts)))}
    if kind is ConditionKind.SECTOR:
        return {"codes": list(dict.fromkeys(map(codes.industry, parts)))}
    return {"codes": list(dict.fromkeys(named(LISTED[kind], part) for part in parts))}


def _range(kind: ConditionKind, text: str, line: str) -> dict[str, Any]:
    found = re.fullmatch(r"(?:(.+?)以上)?(?:(.+?)(?:以下|以内))?", text)
    ends = {"min": found[1], "max": found[2]} if found else {}
    limits = {name: _number(kind, part) for name, part in ends.items() if part}
    if not limits or limits.get("min", 0) > limits.get("max", limits.get("min", 0)):
        raise cells.CellProblem("condition", text=line[:60])
    return limits


def _number(kind: ConditionKind, text: str) -> int:
    found = NUMBERS[kind](text)
    return int(found.value if isinstance(found, cells.Noted) else found)


def _write(row: ConditionCell) -> str:
    limits = json.loads(row.limits)
    words = [row.rule, row.rule_en] if row.rule_en else [row.rule] if row.rule else []
    told = [part.replace("｜", "｜｜") for part in words]
    return "｜".join([f"{KINDS[row.kind][0]}：{_told(row.kind, limits)}", *told])


def _told(kind: ConditionKind, limits: Mapping[str, Any]) -> str:
    match kind:
        case ConditionKind.SIZE:
            return SIZES.get(limits.get("size", ""), ("",))[0]
        case ConditionKind.CAPITAL | ConditionKind.EMPLOYEES | ConditionKind.FOUNDED:
            ends = (("min", "以上"), ("max", "以下"))
            return "".join(f"{limits[name]}{word}" for name, word in ends if name in limits)
        case ConditionKind.PLACE:
            return "、".join(choices.area_words(limits.get("municipalities", ()), "ja"))
        case ConditionKind.SECTOR:
            return "、".join(str(code) for code in limits.get("codes", ()))
        case ConditionKind.STAGE | ConditionKind.NEED:
            return "、".join(listed(LISTED[kind], limits.get("codes", ())))


def _words(kind: ConditionKind, limits: Mapping[str, Any], locale: str) -> str:
    with force_locale(locale):
        return rule_words(kind, limits, locale)[: 200 if locale == "ja" else 240]


def _json(limits: Mapping[str, Any]) -> str:
    return json.dumps(limits, ensure_ascii=False, sort_keys=True)
