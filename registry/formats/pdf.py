"""Documents as PDF/UA with embedded Japanese fonts, by typst.

Text goes into the template as data, never as source. A character for which no font has a glyph
raises an error: no silent gap in a name.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from registry.common.problem import ValueProblem


class MissingGlyph(ValueProblem):
    """A text holds a character that the fonts cannot print. Codes: glyph."""


@dataclass(frozen=True)
class Part:
    """A piece of a paragraph."""

    text: str
    strong: bool = False


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    parts: Parts
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Points:
    """A list with bullets."""

    items: tuple[Parts, ...]
    kind: Literal["list"] = "list"


@dataclass(frozen=True)
class LargeFigure:
    """A figure that stands out: what, how much, in what, beside what."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Large figures side by side, five in a row."""

    items: tuple[LargeFigure, ...]
    kind: Literal["figures"] = "figures"


@dataclass(frozen=True)
class PdfColumn:
    """A column: figures stand right; narrow ones take the width of their text."""

    title: str
    num: bool = False
    narrow: bool = False


@dataclass(frozen=True)
class PdfTable:
    """A table; its header comes again on each page."""

    columns: tuple[PdfColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    total: tuple[str, ...] | None = None
    note: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, with the words for those who do not see it."""

    svg: str
    alt: str
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""

    kind: Literal["break"] = "break"


Block = Heading | Paragraph | Points | Figures | PdfTable | Picture | PageBreak


@dataclass(frozen=True)
class Document:
    """A document: with `cover`, title and lead stand on a page of their own.

    `running` stands at the foot of each page beside its number, `made` at the end of the cover.
    """

    title: str
    office: str
    subtitle: str = ""
    running: str = ""
    made: str = ""
    lang: str = "ja"
    cover: bool = False
    lead: tuple[Parts, ...] = ()
    blocks: Sequence[Block] = field(default_factory=tuple)


def to_pdf(document: Document) -> bytes:
    """Return the document as PDF/UA-1; equal documents give equal bytes.

    Raises MissingGlyph when a character cannot be printed.
    """
    import typst

    data: dict[str, Any] = asdict(document)
    try:
        found = typst.compile(
            str(files("registry.formats").joinpath("typst", "document.typ")),
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        if "glyph" in str(error) or "font" in str(error):
            raise MissingGlyph("glyph", text=str(error)[:200]) from error
        raise
    return bytes(found)


def _fonts() -> str:
    import manimgx_fonts_cjk

    return str(Path(manimgx_fonts_cjk.__file__).parent)
