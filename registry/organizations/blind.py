"""What may be said of an organization that is not to be known: no identifying string."""

from flask_babel import gettext as _

from registry.common import codelists
from registry.organizations.labels import kind_label, short_place_label
from registry.organizations.models import Organization
from registry.web.i18n import locale

BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("1-4", 0, 4),
    ("5-19", 5, 19),
    ("20-49", 20, 49),
    ("50-99", 50, 99),
    ("100-299", 100, 299),
    ("300-", 300, None),
)
"""Bands of regular employees: code, first, last. Those of the census's tables, made coarser."""


def band_of(employees: int | None) -> str:
    """The code of the band a number of employees lies in; empty when it is unknown."""
    if employees is None:
        return ""
    return next(code for code, _first, last in BANDS if last is None or employees <= last)


def band_label(code: str) -> str:
    """A band in words: ～4人, 20～49人, 300人～; empty for no band."""
    words: dict[str, str] = {
        "": "",
        "1-4": _("～4人"),
        "5-19": _("5～19人"),
        "20-49": _("20～49人"),
        "50-99": _("50～99人"),
        "100-299": _("100～299人"),
        "300-": _("300人～"),
    }
    return words[code]


def size_band(employees: int | None) -> str:
    """The band of a number of employees in words; empty when the number is unknown."""
    return band_label(band_of(employees))


def blind_line(organization: Organization, *, hide_place: bool = False) -> str:
    """Division of industry, ward and size band: 製造業・川崎市中原区… without a name.

    Unknown parts are left out; without an industry the kind of organization stands there.
    `hide_place` leaves the ward out where few firms of that industry lie in it.
    """
    parts = [
        _division(organization.industry) or kind_label(organization.kind),
        "" if hide_place else short_place_label(organization.municipality),
        size_band(organization.employees),
    ]
    separator = " · " if locale() == "en" else "・"
    return separator.join(part for part in parts if part)


def _division(industry: str) -> str:
    found = codelists.industry(industry) if industry else None
    if isinstance(found, codelists.IndustryGroup):
        found = codelists.industry(found.division)
    return found.label(locale()) if found else ""
