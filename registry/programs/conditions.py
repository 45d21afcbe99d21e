"""Judging one condition of eligibility: yes, no with the rule, or unknown with the question. Pure.

What is not known never says no: whoever lacks a figure is asked for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from registry.common.codelists import industry, municipality
from registry.common.enterprise_size import LegalKind, Size, assess_size_by_industry
from registry.programs.kinds import ConditionKind


class Fit(StrEnum):
    """The answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Firm:
    """What is known of a firm; None and empty mean that it is not. Amounts in yen.

    `stages` and `needs` are codes of registry/data, None when nobody was asked.
    """

    legal: LegalKind = LegalKind.COMPANY
    industry: str = ""
    capital_yen: int | None = None
    employees: int | None = None
    municipality: str = ""
    founded_year: int | None = None
    stages: frozenset[str] | None = None
    needs: frozenset[str] | None = None


@dataclass(frozen=True)
class Finding:
    """The answer to one condition; `question` asks for what is missing."""

    kind: ConditionKind
    fit: Fit
    rule: str
    question: str = ""


def judge(
    kind: ConditionKind, limits: Mapping[str, Any], rule: str, firm: Firm, today: date
) -> Finding:
    """Hold a firm against one condition. A condition whose limits say nothing is unknown."""
    answer, question = _JUDGES[kind](limits, firm, today)
    fit = Fit.UNKNOWN if answer is None else Fit.YES if answer else Fit.NO
    return Finding(kind, fit, rule, question if fit is Fit.UNKNOWN else "")


Answer = tuple[bool | None, str]


def _size(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    """By the table of the law; with only one of its inputs it may be sure already."""
    if firm.legal is LegalKind.OTHER:
        return False, ""
    found = assess_size_by_industry(
        firm.industry or None, firm.capital_yen, firm.employees, firm.legal
    )
    answer = found.is_small if limits.get("size") == Size.SMALL.value else found.is_sme
    words = {"sector": _("業種"), "capital": _("資本金"), "employees": _("従業員数")}
    missing = "、".join(words[name] for name in found.missing)
    return answer, _("%(what)s を教えてください。", what=missing or _("企業の規模"))


def _between(limits: Mapping[str, Any], value: int | None) -> bool | None:
    least, most = limits.get("min"), limits.get("max")
    if value is None or (least is None and most is None):
        return None
    return (least is None or value >= least) and (most is None or value <= most)


def _capital(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    return _between(limits, firm.capital_yen), _("資本金は何円ですか。")


def _employees(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    return _between(limits, firm.employees), _("常時使用する従業員は何人ですか。")


def _sector(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    """Codes of divisions and groups; a division alone does not tell its group."""
    codes, own = tuple(limits.get("codes", ())), firm.industry.upper()
    question = _("業種は何ですか。")
    if not codes or not own:
        return None, question
    if any(_within(own, code) for code in codes):
        return True, ""
    if any(_within(code, own) for code in codes):
        return None, question
    return False, ""


def _within(code: str, upper: str) -> bool:
    """Whether an industry code lies in another: 24 in E, 241 in 24, and each in itself."""
    if code.startswith(upper):
        return True
    found = industry(code)
    return getattr(found, "division", None) == upper


def _place(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    """In one of the municipalities; a city holds its wards, a prefecture its cities."""
    codes, own = tuple(limits.get("municipalities", ())), firm.municipality
    question = _("事業所はどの市区町村にありますか。")
    if not codes or not own:
        return None, question
    if any(_holds(code, own) for code in codes):
        return True, ""
    if any(_holds(own, code) for code in codes):
        return None, question
    return False, ""


def _holds(outer: str, inner: str) -> bool:
    if outer == inner or (outer.endswith("000") and outer[:2] == inner[:2]):
        return True
    row = municipality(inner)
    return row is not None and row.parent == outer


def _founded(limits: Mapping[str, Any], firm: Firm, today: date) -> Answer:
    """Whole years since the year of founding: in it 0. The first and last year both count."""
    years = None if firm.founded_year is None else today.year - firm.founded_year
    answer = _between(limits, years) if years is None or years >= 0 else None
    return answer, _("創業した年は何年ですか。")


def _stage(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    return _shared(limits.get("codes", ()), firm.stages), _("いまの事業の段階はどれですか。")


def _need(limits: Mapping[str, Any], firm: Firm, _today: date) -> Answer:
    return _shared(limits.get("codes", ()), firm.needs), _("いま困っていることはどれですか。")


def _shared(codes: Any, own: frozenset[str] | None) -> bool | None:
    if own is None or not codes:
        return None
    return bool(own & set(codes))


_JUDGES: Mapping[ConditionKind, Callable[[Mapping[str, Any], Firm, date], Answer]] = {
    ConditionKind.SIZE: _size,
    ConditionKind.CAPITAL: _capital,
    ConditionKind.EMPLOYEES: _employees,
    ConditionKind.SECTOR: _sector,
    ConditionKind.PLACE: _place,
    ConditionKind.FOUNDED: _founded,
    ConditionKind.STAGE: _stage,
    ConditionKind.NEED: _need,
}
