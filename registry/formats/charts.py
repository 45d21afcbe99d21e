"""Charts as SVG that stands in a page under a strict policy: no script, no style, one image.

A chart is a picture of a table that stands beside it: the page gives the table, the chart its
shape. Equal input gives equal text, drawn once and kept.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from registry.formats.palette import NEED, NEUTRAL, SEED, SERIES
from registry.formats.svg import clean_svg

__all__ = ["NEED", "NEUTRAL", "SEED", "SERIES", "Row", "bars", "funnel", "lines"]

Row = Mapping[str, str | int | float | Decimal | None]


def bars(
    rows: Sequence[Row],
    x: str,
    y: str,
    series: str | None = None,
    *,
    title: str,
    description: str,
    locale: str = "ja",
    x_title: str = "",
    y_title: str = "",
    colors: Mapping[str, str] | None = None,
    width: int = 640,
    height: int = 280,
) -> str | None:
    """Return upright bars, side by side for each series, or None when all is nothing.

    `x`, `y` and `series` are keys of the rows; the order of the rows is kept. `title` and
    `description` are what a screen reader says; the page shows the heading. `colors` gives
    colours by series.
    """
    labels = (x_title, y_title)
    return _chart(
        "bars", rows, (x, y, series), title, description, locale, labels, colors, (width, height)
    )


def lines(
    rows: Sequence[Row],
    x: str,
    y: str,
    series: str | None = None,
    *,
    title: str,
    description: str,
    locale: str = "ja",
    x_title: str = "",
    y_title: str = "",
    colors: Mapping[str, str] | None = None,
    width: int = 640,
    height: int = 280,
) -> str | None:
    """Return lines with points, each series by colour, dash and shape; as `bars` else.

    A row without a value leaves a gap in its line.
    """
    labels = (x_title, y_title)
    return _chart(
        "lines", rows, (x, y, series), title, description, locale, labels, colors, (width, height)
    )


def funnel(
    rows: Sequence[Row],
    x: str,
    y: str,
    *,
    title: str,
    description: str,
    locale: str = "ja",
    colors: Mapping[str, str] | None = None,
    width: int = 640,
) -> str | None:
    """Return lying bars from top to bottom with their figures, one a row: stages, or long names.

    `x` is the key of the name, `y` of the figure; `colors` gives colours by name.
    """
    size = (width, 36 * len(rows) + 8)
    return _chart("funnel", rows, (x, y, None), title, description, locale, ("", ""), colors, size)


def _chart(
    shape: Literal["bars", "lines", "funnel"],
    rows: Sequence[Row],
    keys: tuple[str, str, str | None],
    title: str,
    description: str,
    locale: str,
    labels: tuple[str, str],
    colors: Mapping[str, str] | None,
    size: tuple[int, int],
) -> str | None:
    x, y, series = keys
    points = [
        (str(row[x]), _number(row[y]), "" if series is None else str(row[series])) for row in rows
    ]
    if not any(value for _, value, _ in points):
        return None
    request = {
        "shape": shape,
        "points": points,
        "labels": labels,
        "colors": dict(colors or {}),
        "size": size,
        "title": title,
        "description": description,
        "locale": locale,
    }
    return _drawn(json.dumps(request, ensure_ascii=False, sort_keys=True))


def _number(value: str | int | float | Decimal | None) -> float | None:
    return None if value is None else float(value)


@lru_cache(maxsize=512)
def _drawn(request: str) -> str:
    """Return the SVG of a request in JSON. Drawing takes some 80 ms, the first time 0.5 s."""
    # Loading the drawing libraries takes longer than starting the rest of a command.
    import vl_convert

    from registry.formats.drawing import specification

    wanted: dict[str, Any] = json.loads(request)
    svg = vl_convert.vegalite_to_svg(specification(wanted))
    stop = "。" if wanted["locale"] == "ja" else ". "
    spoken = (wanted["title"], wanted["description"])
    text = stop.join(part.rstrip("。. ") for part in spoken if part)
    return clean_svg(svg, label=text, description=wanted["description"], locale=wanted["locale"])
