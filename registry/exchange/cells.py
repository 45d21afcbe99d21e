"""What people write into a cell, read strictly: a value, a value with a note, or a refusal.

Pure. A parser takes the cell's text, never an empty one, and raises ValueProblem with a code that
`sentences` turns into words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from registry.common.dates import DateProblem, parse_date
from registry.common.fiscal import parse_fiscal_year
from registry.common.folding import fold
from registry.common.identifiers import parse_corporate_number
from registry.common.problem import ValueProblem

Parser = Callable[[str], Any]

YEN_UNITS: Mapping[str, int] = {
    "円": 1,
    "千円": 10**3,
    "万円": 10**4,
    "百万円": 10**6,
    "千万円": 10**7,
    "億円": 10**8,
    "兆円": 10**12,
}
FORMS = (("㈱", "株式会社"), ("㈲", "有限会社"), ("㈳", "社団法人"), ("㈶", "財団法人"))
BRACKETED = (
    ("(株)", "株式会社"),
    ("(有)", "有限会社"),
    ("(同)", "合同会社"),
    ("(資)", "合資会社"),
    ("(名)", "合名会社"),
    ("(一社)", "一般社団法人"),
    ("(一財)", "一般財団法人"),
    ("(公社)", "公益社団法人"),
    ("(公財)", "公益財団法人"),
    ("(学)", "学校法人"),
    ("(独)", "独立行政法人"),
    ("(国研)", "国立研究開発法人"),
)
SERIAL_FROM = date(1899, 12, 30)
"""Day 0 of Excel's serial dates as they count from March 1900 on."""

_ABOUT = re.compile(
    r"^(?:約|およそ|概ね|おおむね|ca\.?|about)|(?:程度|ほど|くらい|位|弱|強)$", re.I
)
_NEGATIVE = re.compile(r"^(?:[▲△▵−‐－-]|\()")
_EXPONENT = re.compile(r"[0-9.]+e[+-]?[0-9]+", re.I)
_SERIAL = re.compile(r"[1-9][0-9]{3,4}(?:\.0+)?")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(千万|百万|兆|億|万|千)?")
_FACTORS = {"兆": 10**12, "億": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3}
_PHONE = re.compile(r"\+?[0-9][0-9()\-]{5,24}(?:(?:内線|ext\.?)[0-9]{1,6})?", re.I)
_TIME = re.compile(r"(午前|午後|am|pm)?([0-9]{1,2})(?::|時)([0-9]{2})?分?", re.I)
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_YES = {"1", "true", "yes", "y", "○", "◯", "〇", "●", "◎", "有", "あり", "はい", "済", "する", "可"}
_NO = {"0", "false", "no", "n", "×", "✕", "無", "なし", "いいえ", "未", "しない", "不可", "-", "ー"}


class CellProblem(ValueProblem):
    """A cell that cannot be read. The codes stand in `sentences`."""


@dataclass(frozen=True)
class Noted:
    """A value that was read with something to tell: approximate, legal_form, phone_zero, …"""

    value: Any
    code: str


def narrow(text: str) -> str:
    """The text in half width, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def at_most(length: int, parse: Parser) -> Parser:
    """The parser, with a limit to the text that comes out. Raises CellProblem too_long."""

    def read(text: str) -> Any:
        found = parse(text)
        value = found.value if isinstance(found, Noted) else found
        if len(value) > length:
            raise CellProblem("too_long", length=len(value), limit=length)
        return found

    return read


def organization_name(clean: Callable[[str], str]) -> Parser:
    """Reads a name as registered: ㈱ and (株) become 株式会社, with the note legal_form."""

    def read(text: str) -> Any:
        line = clean(text)
        name = line
        for mark, form in FORMS:
            name = name.replace(mark, form)
        for mark, form in BRACKETED:
            wide = mark.replace("(", "（").replace(")", "）")
            for written in (mark, wide):
                if name.startswith(written) or name.endswith(written):
                    name = name.replace(written, form, 1).strip()
        return name if name == line else Noted(" ".join(name.split()), "legal_form")

    return read


def corporate_number(text: str) -> str:
    """13 digits with a right check digit. Raises what `parse_corporate_number` does, and rounded
    for a number that a spreadsheet has cut to 4.00E+12 or written with a decimal point."""
    plain = narrow(text)
    if _EXPONENT.fullmatch(plain) or re.fullmatch(r"[0-9]{9,}\.[0-9]*", plain):
        raise CellProblem("rounded", text=text.strip()[:40])
    return parse_corporate_number(text)


def _signed(text: str) -> tuple[str, bool, bool]:
    """The figures of a cell without sign and 約: text, whether negative, whether approximate."""
    plain = narrow(text).replace(",", "").replace("、", "").replace("_", "")
    bare = _ABOUT.sub("", plain).lstrip("¥\\￥")
    negative = bool(_NEGATIVE.match(bare)) and len(bare) > 1
    if negative:
        bare = bare[1:].removesuffix(")")
    return bare.lstrip("¥\\￥"), negative, bare != plain and bool(_ABOUT.search(plain))


def whole(*units: str, most: int = 10**9) -> Parser:
    """Reads a number that is not negative, with one of the units after it or none: 1,200名."""

    def read(text: str) -> Any:
        bare, negative, about = _signed(text)
        for unit in units:
            bare = bare.removesuffix(unit)
        if _EXPONENT.fullmatch(bare):
            raise CellProblem("rounded", text=text.strip()[:40])
        bare = re.sub(r"\.0+$", "", bare)
        if not re.fullmatch(r"[0-9]{1,15}", bare):
            raise CellProblem("count", text=text.strip()[:40])
        if negative and int(bare):
            raise CellProblem("negative", text=text.strip()[:40])
        if int(bare) > most:
            raise CellProblem("too_large", text=text.strip()[:40])
        return Noted(int(bare), "approximate") if about else int(bare)

    return read


def yen(factor: int = 1, most: int = 10**15) -> Parser:
    """Reads money into whole yen; plain figures are in the column's unit, `factor` yen.

    A unit written in the cell itself counts instead: 1億2000万円.
    """

    def read(text: str) -> Any:
        bare, negative, about = _signed(text)
        own = bare.endswith("円") or any(unit in bare for unit in _FACTORS)
        amount = _amount(bare.removesuffix("円"), 1 if own else factor)
        if amount is None:
            raise CellProblem("amount", text=text.strip()[:40])
        if negative and amount:
            raise CellProblem("negative", text=text.strip()[:40])
        if amount > most:
            raise CellProblem("too_large", text=text.strip()[:40])
        return Noted(int(amount), "approximate") if about else int(amount)

    return read


def _amount(text: str, factor: int) -> Decimal | None:
    """The figures with their units added up; None for what is no whole amount."""
    total, position, last = Decimal(0), 0, None
    for part in _AMOUNT.finditer(text):
        unit = _FACTORS.get(part[2] or "", 1)
        if part.start() != position or (last is not None and unit >= last):
            return None
        total += Decimal(part[1]) * unit
        position, last = part.end(), unit
    total *= factor
    return total if position and position == len(text) and total == total.to_integral() else None


def decimal(*units: str, most: float = 10**9, negative: bool = False) -> Parser:
    """Reads a number with decimals: 1.5, ▲0.3 where it may be negative."""

    def read(text: str) -> Any:
        bare, minus, about = _signed(text)
        for unit in units:
            bare = bare.removesuffix(unit)
        try:
            number = Decimal(bare) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare) else None
        except InvalidOperation:
            number = None
        if number is None:
            raise CellProblem("number", text=text.strip()[:40])
        if minus and number and not negative:
            raise CellProblem("negative", text=text.strip()[:40])
        if number > most:
            raise CellProblem("too_large", text=text.strip()[:40])
        value = -number if minus else number
        return Noted(value, "approximate") if about else value

    return read


def day(text: str) -> Any:
    """A day in any style of Japanese offices, also as Excel's serial number (noted)."""
    plain = narrow(text)
    if _SERIAL.fullmatch(plain):
        serial = int(float(plain))
        if 61 <= serial <= 73_415:
            return Noted(SERIAL_FROM + timedelta(days=serial), "serial")
    cut = re.sub(r"(?:[T ]|^)?0{1,2}:00(?::00)?$", "", unicodedata.normalize("NFKC", text).strip())
    try:
        return parse_date(cut)
    except DateProblem:
        shorter = re.sub(r"([年月./-])", r"\1", narrow(cut))
        if re.fullmatch(r"[0-9]{4}[/.-][0-9]{1,2}", shorter) or re.fullmatch(
            r".{1,12}年[0-9]{1,2}月", shorter
        ):
            raise CellProblem("no_day", text=text.strip()[:40]) from None
        raise


def fiscal_year(text: str) -> int:
    """A fiscal year in any style (平成28年度, FY2016, H28), as its western number."""
    return parse_fiscal_year(text).year


def clock(text: str) -> time:
    """A time of day: 9:30, 午後1時30分."""
    found = _TIME.fullmatch(
        narrow(text).removesuffix(":00") if narrow(text).count(":") > 1 else narrow(text)
    )
    if not found:
        raise CellProblem("time", text=text.strip()[:40])
    hour, minute = int(found[2]), int(found[3] or 0)
    if (found[1] or "").lower() in ("午後", "pm") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise CellProblem("time", text=text.strip()[:40])
    return time(hour, minute)


def phone(text: str) -> Any:
    """A telephone number in half width; one whose first 0 a spreadsheet has eaten is noted."""
    plain = re.sub("[‐‑‒–—―−ー─]", "-", narrow(text)).removesuffix(".0")
    if not _PHONE.fullmatch(plain):
        raise CellProblem("phone", text=text.strip()[:40])
    digits = re.sub(r"\D", "", plain)
    lost = plain.isdigit() and not plain.startswith("0") and len(digits) in (9, 10)
    return Noted(plain, "phone_zero") if lost else plain


def email(text: str) -> str:
    """One mail address."""
    plain = narrow(text)
    if not _EMAIL.fullmatch(plain):
        raise CellProblem("email", text=text.strip()[:60])
    return plain


def yes_no(text: str) -> bool:
    """○ or ×, 有 or 無, 1 or 0."""
    plain = narrow(text).lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise CellProblem("yes_no", text=text.strip()[:40])


def choice(labels: Mapping[Any, tuple[str, ...]]) -> Parser:
    """Reads one of an enumeration by its words (any of the labels, folded) or its code."""
    known = {fold(word): key for key, words in labels.items() for word in words if word}
    known |= {fold(str(getattr(key, "value", key))): key for key in labels}
    names = "、".join(words[0] for words in labels.values())

    def read(text: str) -> Any:
        key = known.get(fold(text))
        if key is None:
            raise CellProblem("choice", text=text.strip()[:40], known=names)
        return key

    return read


def words_of(enum: type[StrEnum], labels: Mapping[Any, str]) -> dict[Any, tuple[str, ...]]:
    """The Japanese words of an enumeration for `choice`."""
    return {member: (labels[member],) for member in enum if member in labels}
