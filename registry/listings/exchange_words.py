"""Words of by-products and energy: units, rhythms, how far, and amounts as a page tells them."""

from collections.abc import Mapping
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.common import codelists
from registry.common.nearness import Nearness
from registry.listings.exchange import Flow, Measure, Rhythm, Unit
from registry.organizations.queries import home_city
from registry.web.i18n import locale

_UNITS: Mapping[Unit, str] = {
    Unit.KG: "kg",
    Unit.T: "t",
    Unit.L: "L",
    Unit.M3: "m³",
    Unit.KWH: "kWh",
    Unit.MWH: "MWh",
    Unit.MJ: "MJ",
    Unit.GJ: "GJ",
    Unit.PIECE: _l("個"),
    Unit.STICK: _l("本"),
    Unit.SHEET: _l("枚"),
}
_MEASURES: Mapping[Measure, str] = {
    Measure.MASS: "t",
    Measure.VOLUME: "m³",
    Measure.ENERGY: "kWh",
    Measure.COUNT: _l("個"),
}
_RHYTHMS: Mapping[Rhythm, str] = {
    Rhythm.HOUR: _l("1 時間に（続けて）"),
    Rhythm.DAY: _l("1 日に"),
    Rhythm.WEEK: _l("1 週間に"),
    Rhythm.MONTH: _l("1 か月に"),
    Rhythm.YEAR: _l("1 年に"),
    Rhythm.ONCE: _l("一度だけ"),
}
_REACHES: Mapping[Nearness, str] = {
    Nearness.SAME: _l("同じ区・町村の中"),
    Nearness.CITY: _l("同じ市の中"),
    Nearness.NEIGHBOUR: _l("境を接する市区町村まで"),
    Nearness.PREFECTURE: _l("同じ都道府県まで"),
    Nearness.FAR: _l("どこへでも"),
}
_DISTANCES: Mapping[Nearness, str] = {
    Nearness.SAME: _l("同じ区・町村"),
    Nearness.CITY: _l("同じ市"),
    Nearness.NEIGHBOUR: _l("境を接する市区町村"),
    Nearness.PREFECTURE: _l("同じ都道府県"),
    Nearness.FAR: _l("都道府県の外"),
}


def units() -> dict[str, str]:
    """Units by code, in the order offered."""
    return {unit.value: str(text) for unit, text in _UNITS.items()}


def rhythms() -> dict[str, str]:
    """Rhythms by code."""
    return {rhythm.value: str(text) for rhythm, text in _RHYTHMS.items()}


def reaches() -> dict[str, str]:
    """How far goods may go, by code."""
    return {str(int(reach)): str(text) for reach, text in _REACHES.items()}


def places() -> dict[str, str]:
    """Municipalities and wards by code, a city with wards by its wards."""
    return {
        place.code: place.full_label(locale())
        for city in codelists.municipalities()
        for place in (codelists.wards(city.code) or (city,))
    }


def places_from_home() -> dict[str, str]:
    """The same with those of the office's own city first."""
    home, found = home_city(), places()
    own = [ward.code for ward in codelists.wards(home.code)] if home else []
    return {code: found[code] for code in [*own, *(code for code in found if code not in own)]}


def distance_label(near: Nearness) -> str:
    """How near two places are, in words."""
    return str(_DISTANCES[near])


def amount_label(flow: Flow) -> str:
    """An amount with its unit: 年 2,640 t, or a single lot; empty where nothing was said."""
    if flow.amount is None or flow.measure is None:
        return ""
    text = f"{_rounded(flow.amount)} {_MEASURES[flow.measure]}"
    return text if flow.once else str(_("年 %(amount)s", amount=text))


def _rounded(amount: Fraction) -> str:
    """Three figures that count, without an exponent: 2,640, 65.7, 0.032."""
    number = float(amount)
    if number >= 100:
        return f"{round(number):,}"
    text = f"{number:.3g}"
    return f"{number:.6f}".rstrip("0").rstrip(".") if "e" in text else text
