"""The yearly results as rows and as CSV; every surface shows these rows."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from registry.common.fiscal import FiscalYear
from registry.formats.csv import write_csv
from registry.formats.table import Cell
from registry.formats.xlsx import Column, Sheet, write_workbook
from registry.office.settings import office
from registry.reports.sentences import plain
from registry.reports.yearly import Result
from registry.reports.yearly_sentences import label_of, sentence, unit_of
from registry.web.i18n import locale, pick

HEADER = (
    "code",
    "title",
    "program",
    "indicator",
    "label",
    "rule",
    "period",
    "unit",
    "target",
    "actual",
    "approximate",
    "source",
)


def yearly_file_name(year: FiscalYear, extension: str) -> str:
    """The name under which a browser stores it: yearly-FY2016.csv."""
    return f"yearly-{year.code}.{extension}"


def yearly_csv(found: Iterable[Result]) -> bytes:
    """The columns of the contract in UTF-8 with a mark; numbers plain, what is not known empty."""
    return write_csv(HEADER, yearly_rows(found))


def yearly_xlsx(year: FiscalYear, found: Sequence[Result]) -> bytes:
    """A sheet in words by policy code, and one with exactly the rows of the CSV."""
    where = office()
    title = _("%(year)sの成果", year=year.label(locale()))
    told = Sheet(
        name=_("成果"),
        columns=(
            Column(_("番号")),
            Column(_("施策"), width=40),
            Column(_("指標"), width=44),
            Column(_("期間"), width=22),
            Column(_("目標"), "number"),
            Column(_("実績"), "number"),
            Column(_("約"), width=6),
            Column(_("単位")),
            Column(_("ことば"), width=80),
            Column(_("出典"), width=40),
        ),
        rows=[
            (
                one.indicator.policy_code.code,
                pick(one.indicator.policy_code.title, one.indicator.policy_code.title_en),
                label_of(one.indicator),
                one.period.label,
                plain_number(one.target),
                plain_number(one.actual),
                _("約") if one.approximate else "",
                unit_of(one.indicator).strip(),
                plain(sentence(one)),
                one.source,
            )
            for one in found
        ],
        notes=(title, f"{where.name} {where.section}"),
    )
    everything = Sheet(
        name=_("全数値"),
        columns=tuple(
            Column(name, "number" if name in ("target", "actual") else "text") for name in HEADER
        ),
        rows=list(yearly_rows(found)),
    )
    return write_workbook([told, everything], title=title, author=f"{where.name} {where.section}")


def yearly_rows(found: Iterable[Result]) -> Iterator[tuple[Cell, ...]]:
    """One row a figure, in the order of HEADER."""
    for one in found:
        indicator = one.indicator
        yield (
            indicator.policy_code.code,
            indicator.policy_code.title,
            one.program.key if one.program else "",
            indicator.key,
            indicator.label,
            indicator.rule.value,
            one.period.text,
            indicator.unit,
            plain_number(one.target),
            plain_number(one.actual),
            "true" if one.approximate else "false",
            one.source,
        )


def plain_number(value: Decimal | None) -> int | float | None:
    """A number without needless decimals: 98 for 98.0."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
