"""Figures as people type them: 1,400、約１，４００人、14億、98.5%. Pure."""

import re
import unicodedata
from decimal import Decimal

from registry.common.problem import ValueProblem

MOST = Decimal(10) ** 14 - 1
"""What a column of figures holds, four decimals besides."""

_ABOUT = re.compile(r"^(?:約|およそ|おおよそ|about |approx\.? ?|~|≒)", re.IGNORECASE)
_MORE = re.compile(r"(?:余り?|程度|強|弱)$")
_FIGURE = re.compile(
    r"(?P<minus>[-−])?(?:(?P<oku>\d+(?:\.\d+)?)億)?(?:(?P<man>\d+(?:\.\d+)?)万)?(?P<one>\d+(?:\.\d+)?)?"
    r"(?P<unit>[^\d\s.,億万][^\d.,]{0,15})?"
)


class FigureProblem(ValueProblem):
    """A text that is no figure. Codes: empty, unreadable, too_large."""


def parse_figure(text: str) -> tuple[Decimal, bool]:
    """The number of a text, and whether it says that it is approximate (約). A unit after the number
    is passed over. Raises FigureProblem: empty, unreadable, too_large."""
    plain = unicodedata.normalize("NFKC", text[:60]).strip()
    if not plain:
        raise FigureProblem("empty")
    bare = _ABOUT.sub("", plain)
    without = re.sub(r"[,，\s](?=\d{3})", "", bare).strip()
    shorter = _MORE.sub("", without)
    found = _FIGURE.fullmatch(shorter)
    if found is None or not (found["oku"] or found["man"] or found["one"]):
        raise FigureProblem("unreadable", text=plain)
    value = (
        Decimal(found["oku"] or 0) * 10**8
        + Decimal(found["man"] or 0) * 10**4
        + Decimal(found["one"] or 0)
    )
    if value > MOST:
        raise FigureProblem("too_large")
    if value != round(value, 4):
        raise FigureProblem("unreadable", text=plain)
    return (-value if found["minus"] else value), bare != plain or shorter != without


def show_figure(value: Decimal | None, *, approximate: bool = False) -> str:
    """A figure as a form shows it, so that it reads back: 約1400000, 98.5."""
    if value is None:
        return ""
    plain = f"{value.normalize():f}"
    return f"約{plain}" if approximate else plain
