"""Charts as pictures that a strict page and a screen reader accept."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from registry.formats.charts import NEED, SEED, bars, funnel, lines
from registry.formats.drawing import text_width
from registry.formats.svg import clean_svg

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    {"月": f"{month}月", "件数": count, "区分": kind}
    for month, counts in ((4, (12, 8)), (5, (3, 0)), (6, (7, None)))
    for kind, count in zip(("ニーズ", "シーズ"), counts, strict=True)
]
STAGES = [{"段階": "候補を示した", "件数": 212}, {"段階": "成立した", "件数": 2}]
NAMES = {"title": "登録の動き", "description": "ニーズは4月の12件から。"}


def drawn():
    return {
        "bars": bars(ROWS, "月", "件数", "区分", y_title="件数", **NAMES),
        "single": bars([row for row in ROWS if row["区分"] == "ニーズ"], "月", "件数", **NAMES),
        "lines": lines(ROWS, "月", "件数", "区分", **NAMES),
        "funnel": funnel(STAGES, "段階", "件数", **NAMES),
    }


@pytest.fixture(params=["bars", "single", "lines", "funnel"])
def svg(request):
    return drawn()[request.param]


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_chart_is_one_image_with_a_name(svg):
    root = ET.fromstring(svg)

    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "登録の動き。ニーズは4月の12件から"
    assert root.attrib["lang"] == "ja"
    assert root[0].tag == f"{SVG}desc"
    assert all("role" not in element.attrib for element in list(root.iter())[1:])


def test_nothing_in_a_chart_needs_script_style_or_the_network(svg):
    root = ET.fromstring(svg)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}

    assert names <= {"svg", "desc", "title", "g", "path", "line", "text", "rect"}
    assert not attributes & {"style", "id", "href", "clip-path", "font-family"}
    assert not [name for name in attributes if name.startswith("on")]
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_only_the_picture_carries_a_class_of_the_page(svg):
    assert [
        element.get("class") for element in ET.fromstring(svg).iter() if element.get("class")
    ] == ["chart"]


def test_a_chart_can_shrink_with_the_page(svg):
    root = ET.fromstring(svg)

    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert int(root.attrib["width"]) == 640


def test_a_chart_is_drawn_once(svg):
    assert svg in drawn().values()
    assert any(svg is again for again in drawn().values())


def test_marks_say_their_figure_under_the_pointer():
    tips = [element.text for element in ET.fromstring(drawn()["bars"]).iter(f"{SVG}title")]

    assert tips[:2] == ["4月 ニーズ: 12", "4月 シーズ: 8"]


def test_series_keep_their_order_and_their_colours():
    svg = drawn()["bars"]

    assert [text for text in texts(svg) if text in ("ニーズ", "シーズ")] == ["ニーズ", "シーズ"]
    assert svg.index(NEED) < svg.index(SEED)
    swapped = bars(ROWS, "月", "件数", "区分", colors={"シーズ": NEED, "ニーズ": SEED}, **NAMES)
    assert swapped.index(SEED) < swapped.index(NEED)


def test_categories_keep_the_order_of_the_rows():
    svg = bars([{"m": m, "n": 1} for m in ("10月", "11月", "1月", "2月")], "m", "n", **NAMES)

    assert [text for text in texts(svg) if text.endswith("月")] == ["10月", "11月", "1月", "2月"]


def test_a_single_series_shows_its_figures_and_no_legend():
    svg = drawn()["single"]

    assert "ニーズ" not in texts(svg)
    assert {"12", "3", "7"} <= set(texts(svg))


def test_counts_have_whole_ticks():
    svg = bars([{"m": "4月", "n": 1}, {"m": "5月", "n": 2}], "m", "n", **NAMES)

    assert not [text for text in texts(svg) if "." in text]


def test_shares_have_decimals_and_decimals_of_the_database_are_drawn():
    svg = bars([{"m": "4月", "n": Decimal("0.125")}], "m", "n", **NAMES)

    assert "0.13" in texts(svg) or "0.12" in texts(svg)


def test_a_funnel_shows_stage_and_figure_from_top_to_bottom():
    assert texts(drawn()["funnel"]) == ["候補を示した", "成立した", "212", "2"]


def test_crowded_names_are_slanted_and_none_is_left_out():
    months = [f"令和8年{month}月" for month in range(1, 13)]
    svg = lines([{"m": m, "n": 5} for m in months], "m", "n", **NAMES)

    assert [text for text in texts(svg) if text.startswith("令和")] == months
    assert "rotate(-40)" in svg or "rotate(320)" in svg


def test_a_missing_figure_leaves_a_gap_in_the_line():
    rows = [{"m": f"{n}月", "n": value} for n, value in enumerate((1, 2, None, 3, 4), start=1)]
    paths = [
        element.attrib["d"]
        for element in ET.fromstring(lines(rows, "m", "n", **NAMES)).iter(f"{SVG}path")
        if element.get("stroke-width") == "2.5"
    ]

    assert len(paths) == 1
    assert paths[0].count("M") == 2


@pytest.mark.parametrize("rows", [[], [{"月": "4月", "件数": 0}], [{"月": "4月", "件数": None}]])
def test_nothing_to_draw_is_no_chart(rows):
    assert bars(rows, "月", "件数", **NAMES) is None
    assert lines(rows, "月", "件数", **NAMES) is None
    assert funnel(rows, "月", "件数", **NAMES) is None


def test_names_that_look_like_markup_stay_text():
    nasty = "<script>\"&'</script>"
    svg = bars([{"m": nasty, "n": 1}], "m", "n", title=nasty, description=nasty, locale="en")

    assert "<script" not in svg
    assert nasty in texts(svg)
    assert ET.fromstring(svg).attrib["lang"] == "en"


def test_several_threads_draw_the_same():
    def draw(number):
        return bars(
            [{"m": "4月", "n": 99}, {"m": "5月", "n": 7}],
            "m",
            "n",
            title=f"図{number % 2}",
            description="",
        )

    with ThreadPoolExecutor(4) as pool:
        pictures = set(pool.map(draw, range(8)))

    assert len(pictures) == 2


def test_japanese_characters_are_measured_wider_than_latin():
    assert text_width("件") > text_width("a")


FOREIGN = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 class="marks" width="10" height="10" viewBox="0 0 10 10" onload="x()"><style>text{}</style>
<script>x()</script><image xlink:href="http://example.jp/x.png"/><a href="x"><text>a</text></a>
<defs><clipPath id="clip"><rect width="1" height="1"/></clipPath></defs>
<g clip-path="url(#clip)" style="fill:#0017c1; stroke-width:2px"><path d="M0.12345,1h2.0001" fill="red"/></g></svg>"""


def test_foreign_drawings_are_cleaned():
    svg = clean_svg(FOREIGN, label="名", description="", locale="ja")
    group = next(element for element in ET.fromstring(svg).iter(f"{SVG}g"))

    assert not re.search("script|style|image|onload|href|desc", svg)
    assert (group.attrib["fill"], group.attrib["stroke-width"]) == ("#0017c1", "2px")
    assert group.attrib["clip-path"] == f"url(#{re.search('id=.(c[0-9a-f]+-0)', svg)[1]})"
    assert "M0.12,1h2" in svg


def test_what_is_no_svg_is_refused():
    with pytest.raises(ValueError, match="not an SVG"):
        clean_svg("<html/>", label="", description="", locale="ja")
