"""The year in sentences, generated from its figures in the plan's manner:
「2016（平成28）年度は、３件のマッチングが成立しました。」
"""

from decimal import Decimal

from flask_babel import gettext as _

from registry.policy.models import Indicator
from registry.reports.sentences import BEGIN, END
from registry.reports.yearly import Result
from registry.web.i18n import locale, number, pick

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def sentence(one: Result) -> str:
    """One figure in words, its number between marks (`sentences.emphasised`, `plain`).

    Nothing reported, or withheld, is said as well.
    """
    indicator = one.indicator
    period = one.period.label
    if one.withheld:
        return _(
            "%(period)sの「%(what)s」は、少数のため示していません。",
            period=period,
            what=label_of(indicator),
        )
    if one.actual is None:
        return _(
            "%(period)sの「%(what)s」は、まだ報告がありません。",
            period=period,
            what=label_of(indicator),
        )
    figure = f"{BEGIN}{in_words(one.actual, approximate=one.approximate)}{END}"
    own = pick(indicator.sentence, indicator.sentence_en)
    if own:
        told = _("%(period)sは、%(told)s", period=period, told=own.replace("{n}", figure))
    else:
        told = _(
            "%(period)sの%(what)sは、%(figure)s%(unit)sでした。",
            period=period,
            what=label_of(indicator),
            figure=figure,
            unit=unit_of(indicator, one.actual),
        )
    return " ".join(filter(None, (told, _against_target(one), _against_before(one)))).strip()


def label_of(indicator: Indicator) -> str:
    """The indicator's name in the language in force."""
    return pick(indicator.label, indicator.label_en)


def unit_of(indicator: Indicator, value: Decimal | None = None) -> str:
    """Its unit in the language in force; English sets it off by a space, and says it of one thing
    when `value` is 1."""
    if locale() == "ja":
        return indicator.unit
    unit = indicator.unit_en or indicator.unit
    return f" {_of_one(unit) if value is not None and abs(value) == 1 else unit}"


def _of_one(unit: str) -> str:
    """An English unit of one thing: a company, a person, a match."""
    if unit == "people":
        return "person"
    for many, one in (("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("s", "")):
        if unit.endswith(many) and unit != many:
            return unit.removesuffix(many) + one
    return unit


def in_words(value: Decimal, *, approximate: bool) -> str:
    """A number as the plan prints it: one digit in full width, 約 before an estimate, 万 and 億
    for round large ones."""
    if locale() != "ja":
        return (_("約") if approximate else "") + number(value)
    text = number(value)
    if value == value.to_integral_value():
        whole = int(value)
        if whole and whole % 100_000_000 == 0:
            text = f"{whole // 100_000_000:,}億"
        elif whole >= 100_000 and whole % 10_000 == 0:
            text = f"{whole // 10_000:,}万"
    if len(text.strip("億万")) == 1:
        text = text.translate(FULL_WIDTH)
    return ("約" if approximate else "") + text


def _against_target(one: Result) -> str:
    if one.target is None or one.actual is None:
        return ""
    values = {"target": number(one.target), "unit": unit_of(one.indicator, one.target)}
    if one.actual >= one.target:
        return _("目標の%(target)s%(unit)sに達しました。", **values)
    return _("目標の%(target)s%(unit)sを下回りました。", **values)


def _against_before(one: Result) -> str:
    if one.change is None:
        return ""
    values = {"change": number(abs(one.change)), "unit": unit_of(one.indicator, one.change)}
    if one.change > 0:
        return _("前の年度より%(change)s%(unit)s増えました。", **values)
    if one.change < 0:
        return _("前の年度より%(change)s%(unit)s減りました。", **values)
    return _("前の年度と同じでした。")
