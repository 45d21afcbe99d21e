"""Types of what programs send: texts, days, moments, whole numbers, each with its JSON schema."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from registry.common.hidden import hidden_character

_KEPT = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def composed(text: str) -> str:
    """The text in NFC, so that か with a separate mark is が; but compatibility ideographs stay: NFC
    would put another kanji for 神 (U+FA19), and names are written with them."""
    parts = _KEPT.split(text)
    return "".join(
        part if at % 2 else unicodedata.normalize("NFC", part) for at, part in enumerate(parts)
    )


@dataclass(frozen=True)
class Text:
    """A text of at most so many characters; `lines` lets it break, with `needed` it says something.

    It is composed (NFC) and stripped, without `lines` its breaks become spaces. That no character is
    invisible and something is seen is a rule that no schema tells: breaking it is a refusal.
    """

    most: int
    needed: bool = False
    lines: bool = False

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        least = 1 if self.needed else 0
        return core_schema.no_info_after_validator_function(
            self._read, core_schema.str_schema(strict=True, min_length=least, max_length=self.most)
        )

    def _read(self, text: str) -> str:
        if character := hidden_character(text):
            raise PydanticCustomError("hidden", "invisible", {"character": character})
        found = composed(text).replace("\r\n", "\n").strip()
        if not self.lines:
            found = " ".join(found.split())
        if self.needed and not found:
            raise PydanticCustomError("blank", "blank")
        return found


class _Read:
    """A value that is written as a text of one exact form."""

    def __init__(self, schema: dict[str, Any], read: Callable[[str], Any]) -> None:
        self.schema, self.read = schema, read

    def __get_pydantic_core_schema__(
        self, source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        read = core_schema.no_info_after_validator_function(
            self.read, core_schema.str_schema(strict=True)
        )
        ready = core_schema.is_instance_schema(source)
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.union_schema([ready, read]),
            serialization=core_schema.to_string_ser_schema(),
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)


def _day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("day", "YYYY-MM-DD") from error


def _moment(text: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        found = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise PydanticCustomError("moment", "RFC 3339") from error
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return found.replace(tzinfo=UTC)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise PydanticCustomError("whole", "whole number")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise PydanticCustomError("flag", "true or false")
    return text == "true"


def _clock(text: str) -> Any:
    if not _TIME.fullmatch(text):
        raise PydanticCustomError("clock", "HH:MM")
    return datetime.strptime(text, "%H:%M").time()


DAY = _Read({"type": "string", "format": "date"}, _day)
"""2026-11-25."""
MOMENT = _Read({"type": "string", "format": "date-time"}, _moment)
"""A moment with its zone (RFC 3339)."""
CLOCK = _Read({"type": "string", "pattern": "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"}, _clock)
"""A time of day in Tokyo: 09:30."""
FLAG = _Read({"type": "boolean"}, _flag)
"""true or false, in a query."""


def whole(least: int, most: int) -> _Read:
    """A whole number in a query, from `least` to `most`."""

    def read(text: str) -> int:
        found = _whole(text)
        if not least <= found <= most:
            raise PydanticCustomError("between", "out of range", {"least": least, "most": most})
        return found

    return _Read({"type": "integer", "minimum": least, "maximum": most}, read)


def _integral(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


INTEGRAL = BeforeValidator(_integral)
"""24.0 is the whole number 24, as JSON Schema has it."""
