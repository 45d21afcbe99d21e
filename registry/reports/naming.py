"""What months, groups and sizes are called in the report, in the language in force."""

from flask_babel import gettext as _

from registry.common.calendar import FiscalYear, Month
from registry.common.codelists import industry_label
from registry.organizations.labels import short_place_label
from registry.policy.codes import read_code
from registry.policy.models import TagKind
from registry.policy.queries import cross_tags, periods, side_by_side
from registry.reports.dimensions import tag_code
from registry.reports.disclosure import OTHERS
from registry.reports.queries import coordinator_names, program_labels
from registry.web.i18n import locale, pick

Names = dict[str, str]


def month_label(month: Month) -> str:
    """A month as the plan prints it: 2026（令和8）年10月; October 2026."""
    return month.label("en") if locale() == "en" else month.label_plan


def fiscal_year_label(month: Month) -> str:
    """The fiscal year of a month as the plan prints it: 2026（令和8）年度; FY2026."""
    return FiscalYear.of(month.start).label(locale())


def size_label(code: str) -> str:
    """A size of enterprise by its code."""
    return {
        "small": _("小規模企業者"),
        "sme": _("中小企業者（小規模を除く）"),
        "not": _("中小企業者でない企業"),
        "unknown": _("規模が分からない企業"),
        OTHERS: _("そのほか（まとめ）"),
    }[code]


def ward_label(code: str) -> str:
    """A municipality by its code, also of a row of small groups or of none."""
    if code == OTHERS:
        return _("そのほか（まとめ）")
    return short_place_label(code) or code or _("所在地の登録なし")


def group_names(dimension: str, codes: list[str], month: Month, *, named: bool) -> Names:
    """The names of a breakdown's groups by code. `named` False: coordinators by number instead of
    name, since a closed month keeps roles and codes, not persons."""
    nobody = {
        "program": _("制度によらない"),
        "policy": _("符号のないもの"),
        "tag": _("視点・重点項目のないもの"),
        "industry": _("業種の登録なし"),
        "ward": _("所在地の登録なし"),
        "coordinator": _("担当の登録なし"),
    }[dimension]
    names = {"": nobody, OTHERS: _("そのほか（まとめ）")}
    match dimension:
        case "program":
            titles = program_labels()
            found = {code: titles[code].title for code in codes if code in titles}
        case "policy":
            found = policy_titles(month)
        case "tag":
            found = tag_titles()
        case "coordinator":
            found = coordinator_names() if named else numbered(codes)
        case "ward":
            found = {code: ward_label(code) for code in codes}
        case _:
            found = {code: industry_label(code, locale()) or code for code in codes if code}
    return found | names


def numbered(codes: list[str]) -> Names:
    """Coordinators by their place in a closed report."""
    known = [code for code in codes if code]
    return {code: _("担当 %(n)s", n=place) for place, code in enumerate(known, 1)}


def policy_titles(month: Month) -> Names:
    """Each policy code with the title that it has in the plan of the month, else in the newest."""
    year = FiscalYear.of(month.start).year
    plans = [period.key for period in periods() if period.first_year <= year <= period.last_year]
    found = {}
    for entry in side_by_side():
        rows = [entry.by_plan[plan] for plan in plans if plan in entry.by_plan]
        row = rows[-1] if rows else entry.newest
        found[str(entry.code)] = f"{entry.code}\u3000{pick(row.title, row.title_en)}"
    return found


def tag_titles() -> Names:
    """Each viewpoint and priority by its code."""
    return {
        tag_code(tag): (
            _("視点 %(n)s　%(title)s", n=tag.number, title=pick(tag.title, tag.title_en))
            if tag.kind is TagKind.VIEWPOINT
            else _("重点項目 %(n)s　%(title)s", n=tag.number, title=pick(tag.title, tag.title_en))
        )
        for tag in cross_tags()
    }


def depth(code: str) -> int:
    """How deep a policy code stands in the tree: 0 for the top."""
    found = read_code(code)
    return found.level - 1 if found else 0
