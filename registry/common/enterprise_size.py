"""Size of an enterprise by 中小企業基本法 art. 2: small, SME, neither, or not known yet."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from registry.common.codelists import industries
from registry.common.resources import read_rows


class Sector(StrEnum):
    """The four sectors of the law. They are not divisions of the industrial classification."""

    MANUFACTURING_AND_OTHER = "manufacturing_and_other"
    WHOLESALE = "wholesale"
    SERVICE = "service"
    RETAIL = "retail"


class LegalKind(StrEnum):
    """How the law looks at the holder: it knows companies and individuals, nobody else."""

    COMPANY = "company"
    INDIVIDUAL = "individual"
    OTHER = "other"


class Size(StrEnum):
    """The verdict; a small enterprise is an SME too."""

    SMALL = "small"
    SME = "sme"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SizeRule:
    """The thresholds of one sector: capital in yen and regular employees, both inclusive."""

    sector: Sector
    label_ja: str
    label_en: str
    capital_limit: int
    employee_limit: int
    small_limit: int

    def text(self, locale: str = "ja") -> str:
        """Return the rule as a sentence with its source."""
        if locale == "en":
            return (
                f"{self.label_en}: SME with capital of up to ¥{self.capital_limit:,} or up to "
                f"{self.employee_limit} regular employees; small enterprise with up to "
                f"{self.small_limit} (Small and Medium-sized Enterprise Basic Act, art. 2)"
            )
        return (
            f"{self.label_ja}：資本金{_in_yen(self.capital_limit)}以下又は"
            f"常時使用する従業員{self.employee_limit}人以下は中小企業者、"
            f"従業員{self.small_limit}人以下は小規模企業者（中小企業基本法第2条）"
        )


@dataclass(frozen=True)
class SizeAssessment:
    """The verdict, with the rules looked at and the inputs that would decide what is open.

    `missing` names sector, capital, employees, in this order.
    """

    size: Size
    is_sme: bool | None
    is_small: bool | None
    rules: tuple[SizeRule, ...]
    missing: tuple[str, ...]

    def rule_text(self, locale: str = "ja") -> str:
        """Return the rules looked at, one a line."""
        return "\n".join(rule.text(locale) for rule in self.rules)


@cache
def size_rules() -> dict[Sector, SizeRule]:
    """Return the table of the law by sector."""
    rules = (
        SizeRule(
            sector=Sector(row["sector"]),
            label_ja=row["label_ja"],
            label_en=row["label_en"],
            capital_limit=int(row["capital_limit"]),
            employee_limit=int(row["employee_limit"]),
            small_limit=int(row["small_limit"]),
        )
        for row in read_rows("enterprise_size.csv")
    )
    return {rule.sector: rule for rule in rules}


@cache
def _sectors_by_prefix() -> dict[str, Sector]:
    return {row["jsic"]: Sector(row["sector"]) for row in read_rows("enterprise_sectors.csv")}


def sectors_of(jsic_code: str | None) -> frozenset[Sector]:
    """Return the sectors an industry code can mean; a coarse code can mean several.

    Takes a division (A–T) or 2 to 4 digits; None or nonsense means all four. The table is that
    of the national subsidy manuals (`registry/data/enterprise_sectors.csv`): all else is
    manufacturing and others.
    """
    code = (jsic_code or "").strip().upper()
    if len(code) == 1 and (groups := industries(code)):
        return frozenset().union(*(sectors_of(group.code) for group in groups))
    if not code.isdigit() or not 2 <= len(code) <= 4 or not code[:2] >= "01":
        return frozenset(Sector)
    table = _sectors_by_prefix()
    finer = {sector for prefix, sector in table.items() if prefix.startswith(code)}
    own = table.get(code[:3]) or table.get(code[:2], Sector.MANUFACTURING_AND_OTHER)
    return frozenset(finer | {own})


def assess_size(
    sector: Sector | Collection[Sector] | None,
    capital_yen: int | None,
    employees: int | None,
    form: LegalKind = LegalKind.COMPANY,
) -> SizeAssessment:
    """Return the size by the law's table, unknown where an input that decides is missing.

    Capital or employees within the limit suffices for a company; individuals are judged by
    employees alone; other bodies are outside the law. Without a sector, or with several, the
    verdict holds only when all of them agree.
    """
    sectors = _as_sectors(sector)
    rules = tuple(rule for key, rule in size_rules().items() if key in sectors)
    if form is LegalKind.OTHER:
        return SizeAssessment(Size.NOT, False, False, (), ())
    is_small = _agreed(rules, lambda rule: _within(employees, rule.small_limit))
    is_sme = _agreed(rules, lambda rule: _is_sme(rule, capital_yen, employees, form))
    missing = _missing(rules, capital_yen, employees, form, settled=None not in (is_small, is_sme))
    return SizeAssessment(_size(is_sme, is_small), is_sme, is_small, rules, missing)


def assess_size_by_industry(
    jsic_code: str | None,
    capital_yen: int | None,
    employees: int | None,
    form: LegalKind = LegalKind.COMPANY,
) -> SizeAssessment:
    """Return the size, with the sector taken from the industry code."""
    return assess_size(sectors_of(jsic_code), capital_yen, employees, form)


def _as_sectors(sector: Sector | Collection[Sector] | None) -> frozenset[Sector]:
    if sector is None:
        return frozenset(Sector)
    return frozenset([sector]) if isinstance(sector, Sector) else frozenset(sector)


def _within(value: int | None, limit: int) -> bool | None:
    return None if value is None else value <= limit


def _is_sme(
    rule: SizeRule, capital: int | None, employees: int | None, form: LegalKind
) -> bool | None:
    answers = {_within(employees, rule.employee_limit)}
    if form is LegalKind.COMPANY:
        answers.add(_within(capital, rule.capital_limit))
    if True in answers:
        return True
    return None if None in answers else False


def _agreed(rules: Collection[SizeRule], judge: Callable[[SizeRule], bool | None]) -> bool | None:
    """Return the answer that all rules give, None when they differ or one does not know."""
    answers = {judge(rule) for rule in rules}
    return answers.pop() if len(answers) == 1 else None


def _size(is_sme: bool | None, is_small: bool | None) -> Size:
    if is_small:
        return Size.SMALL
    if is_sme is None:
        return Size.UNKNOWN
    return Size.SME if is_sme else Size.NOT


def _missing(
    rules: Collection[SizeRule],
    capital: int | None,
    employees: int | None,
    form: LegalKind,
    *,
    settled: bool,
) -> tuple[str, ...]:
    """Return the inputs that are absent and could still change the verdict."""
    if settled:
        return ()
    sme_open = _agreed(rules, lambda rule: _is_sme(rule, capital, employees, form)) is None
    wanted = {
        "sector": len(rules) > 1,
        "capital": capital is None and sme_open and form is LegalKind.COMPANY,
        "employees": employees is None,
    }
    return tuple(name for name, absent in wanted.items() if absent)


def _in_yen(amount: int) -> str:
    """Return an amount in the law's words: 3億円, 5000万円."""
    if amount % 100_000_000 == 0:
        return f"{amount // 100_000_000}億円"
    return f"{amount // 10_000}万円"
