"""Months and years in which an edition is to be held, when its days are not known yet."""

from datetime import date

from flask_babel import gettext as _

from registry.common.calendar import parse_fiscal_year, parse_month
from registry.common.dates import DateProblem
from registry.common.errors import DomainError

FIELD = "period"


def read_span(text: str) -> tuple[str, date, date]:
    """The period (2027-02, 2027, FY2027) that a text means, with its first and last day.

    Read are 2027年2月, 令和9年2月, 2027-02, 2027年度, FY2027, 2027年, 2027. Raises DomainError.
    """
    text = text.strip()[:40]
    try:
        if "年度" in text or text.upper().startswith("FY"):
            year = parse_fiscal_year(text)
            return year.code, year.start, year.end
        plain = text.removesuffix("年").strip()
        if plain.isdigit() and len(plain) == 4:
            number = int(plain)
            return f"{number:04d}", date(number, 1, 1), date(number, 12, 31)
        month = parse_month(text)
        return f"{month.year:04d}-{month.month:02d}", month.start, month.end
    except (DateProblem, ValueError):
        raise DomainError(
            _("時期として読めません。例：2027年2月、2027年度、2027年"), field=FIELD
        ) from None
