"""Amounts as people type them: 3億円, 1,000万円, １２名."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from registry.common.problem import ValueProblem

MOST_YEN = 10**15
MOST_PEOPLE = 10**7

_UNITS = (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("千", 10**3))
_NOISE = re.compile(r"[\s,、，¥￥_]")
_PART = re.compile(r"(\d+(?:\.\d+)?)(百万|千万|兆|億|万|千)?")
_FACTORS = {**dict(_UNITS), "百万": 10**6, "千万": 10**7}


class AmountProblem(ValueProblem):
    """A text that is no amount. Codes: amount, count, too_large."""


def parse_yen(text: str) -> int:
    """Return an amount of money in whole yen: 1億5000万円 → 150000000.

    Any width, commas, ¥ and 円 are read; decimals only before a unit (1.5億). Raises
    AmountProblem: amount, too_large.
    """
    plain = _plain(text).removesuffix("円")
    amount = Decimal(0)
    position, last = 0, None
    for part in _PART.finditer(plain):
        factor = _FACTORS.get(part[2] or "", 1)
        if part.start() != position or (last is not None and factor >= last):
            raise AmountProblem("amount")
        amount += _decimal(part[1]) * factor
        position, last = part.end(), factor
    if position == 0 or position != len(plain) or amount != amount.to_integral_value():
        raise AmountProblem("amount")
    if amount > MOST_YEN:
        raise AmountProblem("too_large")
    return int(amount)


def parse_people(text: str) -> int:
    """Return a number of people: 1,200名 → 1200. Raises AmountProblem: count, too_large."""
    plain = _plain(text).rstrip("人名")
    if not re.fullmatch(r"[0-9]{1,20}", plain):
        raise AmountProblem("count")
    if int(plain) > MOST_PEOPLE:
        raise AmountProblem("too_large")
    return int(plain)


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text[:100]))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise AmountProblem("amount") from error
