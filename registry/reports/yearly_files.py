"""The yearly results as rows and as CSV; every surface shows these rows."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from registry.common.fiscal import FiscalYear
from registry.formats.csv import write_csv
from registry.formats.table import Cell
from registry.reports.yearly import Result

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
