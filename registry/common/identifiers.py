"""Numbers the state gives: 法人番号 (corporate number) and 適格請求書発行事業者の登録番号."""

import re
import unicodedata
from enum import StrEnum

from stdnum.jp import cn

from registry.common.problem import ValueProblem

LENGTH = 13

# What people paste between digits: spaces, dashes of any kind, and quotes put on by spreadsheets.
_BETWEEN = re.compile("[\\s\u2010-\u2015\u2212\u30fc\u2500\\-._'\u2019\u200b-\u200f\ufeff]+")
_DIGITS = re.compile("[0-9]+")


class IdentifierProblem(ValueProblem):
    """A text that is no such number. The codes stand in the parsers."""


class CorporateKind(StrEnum):
    """What a corporate number tells of its holder."""

    # Entered in the commercial or corporate register.
    REGISTERED = "registered"
    # Organs of the state and local bodies.
    STATE_OR_LOCAL = "state_or_local"
    # Foreign companies, bodies without registration.
    OTHER = "other"


def parse_corporate_number(text: str) -> str:
    """Return the 13 digits of a corporate number as pasted, in any width, with any separators.

    A leading T of an invoice number is dropped. Raises IdentifierProblem: empty,
    character(character, position), length(length, expected), check_digit(given, expected).
    A right check digit is no proof: 0 for 9 and 09 for 90 pass.
    """
    number = _digits(_clean(text).removeprefix("T"))
    expected = corporate_check_digit(number[1:])
    if int(number[0]) != expected:
        raise IdentifierProblem("check_digit", given=int(number[0]), expected=expected)
    return number


def is_corporate_number(text: str) -> bool:
    """Say whether a text reads as a corporate number with the right check digit."""
    try:
        parse_corporate_number(text)
    except IdentifierProblem:
        return False
    return True


def corporate_check_digit(base: str) -> int:
    """Return the check digit, 1–9, of the 12 digits that follow it.

    Source: 平成26年財務省令第70号 art. 2: 9 less the remainder by 9 of the sum of the digits,
    every second one from the right taken twice.
    """
    return int(cn.calc_check_digit(base))


def format_corporate_number(number: str) -> str:
    """Return a corporate number in groups: 4-0000-1209-0001."""
    return f"{number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]}"


def corporate_number_kind(number: str) -> CorporateKind:
    """Return the kind of holder by the base number; good for a warning, not for a refusal."""
    base = number[1:]
    if base.startswith("00"):
        return CorporateKind.STATE_OR_LOCAL
    return CorporateKind.REGISTERED if base[0] in "012345" else CorporateKind.OTHER


def parse_invoice_number(text: str, *, corporate_number: str | None = None) -> str:
    """Return T and 13 digits. With a corporate number the digits must be the same.

    Without one no check digit is asked: the rule for sole proprietors is not public. Raises
    IdentifierProblem: empty, prefix, character, length, mismatch(corporate_number).
    """
    cleaned = _clean(text)
    if not cleaned.startswith("T"):
        raise IdentifierProblem("prefix", expected="T")
    number = _digits(cleaned.removeprefix("T"), offset=1)
    if corporate_number is not None and number != corporate_number:
        raise IdentifierProblem("mismatch", corporate_number=corporate_number)
    return f"T{number}"


def _clean(text: str) -> str:
    """Return a text in half width and capitals without separators; refuse an empty one."""
    cleaned = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not cleaned:
        raise IdentifierProblem("empty")
    return cleaned


def _digits(cleaned: str, *, offset: int = 0) -> str:
    """Return the text when it is 13 ASCII digits. Positions count from 1 without separators."""
    for position, character in enumerate(cleaned, start=1 + offset):
        if not _DIGITS.fullmatch(character):
            raise IdentifierProblem("character", character=character, position=position)
    if len(cleaned) != LENGTH:
        raise IdentifierProblem("length", length=len(cleaned), expected=LENGTH)
    return cleaned
