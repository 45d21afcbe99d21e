"""How a chart is drawn: from a request of `charts` to a Vega-Lite specification.

Loading altair takes half a second; `charts` does it when the first chart is drawn. A request
has shape, points (x, y, series), labels (x, y), colors by name, size.
"""

from typing import Any

import altair as alt

from registry.formats.csv import plain_number
from registry.formats.palette import AXIS, GRID, NEED, SERIES, TEXT

_FONT_SIZE = 13
# Room that the figures beside the axis take, and the widest bar, in pixels.
_Y_AXIS_WIDTH = 60
_WIDEST_BAR = 64
_TICKS = 6
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
_SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down")


def specification(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart's request."""
    values = [
        {"x": x, "y": y, "series": series, "tip": _tip(x, y, series)}
        for x, y, series in wanted["points"]
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(description="tip:N")
    draw = {"bars": _bars, "lines": _lines, "funnel": _funnel}[wanted["shape"]]
    width, height = wanted["size"]
    chart = draw(base, wanted).properties(width=width, height=height)
    styled = (
        chart.configure(
            background="transparent",
            padding=4,
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=_FONT_SIZE,
            titleFontSize=_FONT_SIZE,
            labelColor=TEXT,
            titleColor=TEXT,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=AXIS,
            tickColor=AXIS,
            labelLimit=400,
        )
        .configure_legend(
            orient="top", title=None, labelFontSize=_FONT_SIZE, labelColor=TEXT, symbolSize=120
        )
    )
    specification: dict[str, Any] = styled.to_dict()
    return specification


def _tip(x: str, y: float | None, series: str) -> str:
    """Return what a mark says under the pointer."""
    figure = "" if y is None else plain_number(y)
    return f"{x} {series}: {figure}" if series else f"{x}: {figure}"


def _names(wanted: dict[str, Any], place: int) -> list[str]:
    """Return the names at a place of the points, each once, in their order."""
    return list(dict.fromkeys(point[place] for point in wanted["points"]))


def _palette(wanted: dict[str, Any], names: list[str]) -> list[str]:
    return [
        wanted["colors"].get(name, SERIES[number % len(SERIES)])
        for number, name in enumerate(names)
    ]


def _x_axis(wanted: dict[str, Any]) -> Any:
    names = _names(wanted, 0)
    widest = max(text_width(name) for name in names)
    crowded = widest + 6 > (wanted["size"][0] - _Y_AXIS_WIDTH) / len(names)
    return alt.X(
        "x:N",
        sort=names,
        title=wanted["labels"][0] or None,
        axis=alt.Axis(labelAngle=-40 if crowded else 0, labelOverlap=False),
        scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15),
    )


def _y_axis(wanted: dict[str, Any]) -> Any:
    axis = alt.Axis(
        format=_figure_format(wanted), tickMinStep=1 if _whole(wanted) else 0, tickCount=_TICKS
    )
    scale = alt.Scale(zero=True, nice=_TICKS)
    return alt.Y("y:Q", title=wanted["labels"][1] or None, axis=axis, scale=scale)


def _whole(wanted: dict[str, Any]) -> bool:
    return all(value is None or value.is_integer() for _, value, _ in wanted["points"])


def _figure_format(wanted: dict[str, Any]) -> str:
    """Return the pattern of figures: whole, or with up to two decimals."""
    return ",d" if _whole(wanted) else ",.2~f"


def _color(wanted: dict[str, Any]) -> Any:
    names = _names(wanted, 2)
    scale = alt.Scale(domain=names, range=_palette(wanted, names))
    legend = alt.Legend() if len(names) > 1 else None
    return alt.Color("series:N", sort=names, scale=scale, legend=legend)


def _bars(base: Any, wanted: dict[str, Any]) -> Any:
    names = _names(wanted, 2)
    step = (wanted["size"][0] - _Y_AXIS_WIDTH) / len(_names(wanted, 0))
    mark = base.mark_bar(size=min(_WIDEST_BAR, step * 0.7)) if len(names) == 1 else base.mark_bar()
    chart = mark.encode(x=_x_axis(wanted), y=_y_axis(wanted), color=_color(wanted))
    if len(names) > 1:
        return chart.encode(xOffset=alt.XOffset("series:N", sort=names))
    figures = base.mark_text(dy=-8, aria=False, fontSize=_FONT_SIZE, color=TEXT).encode(
        x=_x_axis(wanted), y=_y_axis(wanted), text=alt.Text("y:Q", format=_figure_format(wanted))
    )
    return alt.layer(chart, figures)


def _lines(base: Any, wanted: dict[str, Any]) -> Any:
    names = _names(wanted, 2)
    legend = alt.Legend() if len(names) > 1 else None
    shapes = [_SHAPES[number % len(_SHAPES)] for number in range(len(names))]
    dashes = [_DASHES[number % len(_DASHES)] for number in range(len(names))]
    strokes = base.mark_line(strokeWidth=2.5, aria=False).encode(
        x=_x_axis(wanted),
        y=_y_axis(wanted),
        color=_color(wanted),
        strokeDash=alt.StrokeDash(
            "series:N", sort=names, scale=alt.Scale(domain=names, range=dashes), legend=legend
        ),
    )
    points = base.mark_point(filled=True, size=64, opacity=1).encode(
        x=_x_axis(wanted),
        y=_y_axis(wanted),
        color=_color(wanted),
        shape=alt.Shape(
            "series:N", sort=names, scale=alt.Scale(domain=names, range=shapes), legend=legend
        ),
    )
    return alt.layer(strokes, points)


def _funnel(base: Any, wanted: dict[str, Any]) -> Any:
    names = _names(wanted, 0)
    colors = [wanted["colors"].get(name, NEED) for name in names]
    place = alt.Y("x:N", sort=names, title=None, axis=alt.Axis(domain=False, ticks=False))
    longest = max(value or 0 for _, value, _ in wanted["points"])
    # A tenth more than the longest bar leaves room for its figure.
    room = alt.Scale(domain=[0, longest * 1.1])
    length = alt.X("y:Q", title=None, axis=None, scale=room)
    stages = base.mark_bar(height=20).encode(
        x=length,
        y=place,
        color=alt.Color("x:N", scale=alt.Scale(domain=names, range=colors), legend=None),
    )
    figures = base.mark_text(
        align="left", dx=6, aria=False, fontSize=_FONT_SIZE, color=TEXT
    ).encode(x=length, y=place, text=alt.Text("y:Q", format=_figure_format(wanted)))
    return alt.layer(stages, figures)


def text_width(text: str) -> float:
    """Return about how wide a text is drawn, in pixels: a Japanese character is a square."""
    return sum(_FONT_SIZE if ord(mark) > 0x2000 else _FONT_SIZE * 0.58 for mark in text)
