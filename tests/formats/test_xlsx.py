"""Excel workbooks written and read."""

import io
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest

from registry.formats.table import FileProblem, Limits
from registry.formats.uploads import read_table
from registry.formats.xlsx import Chart, Column, Sheet, sheet_name, write_workbook
from registry.formats.xlsx_reading import read_xlsx

COLUMNS = (
    Column("月"),
    Column("派遣", "integer"),
    Column("割合", "percent"),
    Column("金額", "yen"),
    Column("日", "date"),
    Column("時", "datetime"),
)
ROWS = [
    ["4月", 12, 0.5, Decimal(1200), date(2026, 4, 1), datetime(2026, 4, 1, 0, 30, tzinfo=UTC)],
    ["=1+1", None, 0.25, 0, None, None],
]
REPORT = Sheet(
    name="月次報告 2026/11",
    columns=COLUMNS,
    rows=ROWS,
    totals=["計", 12, None, 1200, None, None],
    charts=(
        Chart("column", "派遣の動き", 0, (1,), description="4月は12回", y_title="回"),
        Chart("line", "割合と金額", 0, (2, 3)),
    ),
    notes=("令和8年11月 月次報告", "数え方：延べ回数"),
)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def test_the_same_input_gives_the_same_bytes():
    assert write_workbook([REPORT]) == write_workbook([REPORT])


def test_notes_heading_rows_and_totals_stand_in_order():
    page = opened(write_workbook([REPORT]))["月次報告 2026・11"]

    assert [page.cell(row, 1).value for row in range(1, 8)] == [
        "令和8年11月 月次報告",
        "数え方：延べ回数",
        None,
        "月",
        "4月",
        "=1+1",
        "計",
    ]
    assert page.freeze_panes == "A5"
    assert page.cell(7, 2).value == 12
    assert page.cell(7, 2).font.bold


def test_text_is_never_a_formula_or_a_link():
    sheet = Sheet("a", (Column("t"),), [["=1+1"], ["https://example.jp/"], ["{=A1}"]])
    page = opened(write_workbook([sheet])).active

    assert [page.cell(row, 1).data_type for row in (2, 3, 4)] == ["s", "s", "s"]
    assert page.cell(3, 1).hyperlink is None


def test_numbers_and_days_are_typed_with_their_formats():
    page = opened(write_workbook([REPORT])).active
    cells = [page.cell(5, number) for number in range(2, 7)]

    assert [cell.value for cell in cells] == [
        12,
        0.5,
        1200,
        datetime(2026, 4, 1),
        datetime(2026, 4, 1, 9, 30),
    ]
    assert [cell.number_format for cell in cells] == [
        "#,##0",
        "0.0%",
        "¥#,##0",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm",
    ]


def test_a_number_in_a_text_column_stays_text():
    sheet = Sheet("a", (Column("法人番号"), Column("有無", "integer")), [[4000012090001, True]])
    page = opened(write_workbook([sheet])).active

    assert (page["A2"].value, page["B2"].value) == ("4000012090001", 1)


def test_charts_are_native_with_japanese_names_and_alternative_text():
    data = write_workbook([REPORT])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        first = parts.read("xl/charts/chart1.xml").decode()
        drawing = parts.read("xl/drawings/drawing1.xml").decode()

    assert len(opened(data).active._charts) == 2
    assert "派遣の動き" in first
    assert "'月次報告 2026・11'!$B$5:$B$6" in first
    assert 'descr="4月は12回"' in drawing


def test_a_sheet_without_rows_has_its_heading_and_no_chart():
    empty = Sheet(
        "空", (Column("月"), Column("件数", "integer")), [], charts=(Chart("bar", "x", 0, (1,)),)
    )
    page = opened(write_workbook([empty])).active

    assert page["A1"].value == "月"
    assert page._charts == []


def test_control_characters_and_overlong_text_do_not_break_the_file():
    sheet = Sheet("a", (Column("t"),), [["a\x00\x0bb"], ["x" * 40_000]])
    page = opened(write_workbook([sheet])).active

    assert page["A2"].value == "ab"
    assert len(page["A3"].value) == 32_767


def test_sheet_names_are_made_fit_and_unique():
    taken: set[str] = set()
    names = [
        sheet_name(name, taken) for name in ("a/b", "A・B", "長" * 40, "長" * 40, "", "History")
    ]

    assert names == ["a・b", "A・B 2", "長" * 31, "長" * 29 + " 2", "Sheet", "History 2"]


def test_columns_are_wide_enough_for_japanese():
    sheet = Sheet(
        "a", (Column("名"), Column("固定", width=30)), [["株式会社みなと精機製作所", "x"]]
    )
    page = opened(write_workbook([sheet])).active

    assert page.column_dimensions["A"].width >= 24
    assert page.column_dimensions["B"].width == pytest.approx(30, abs=1)


def test_a_workbook_is_read_as_its_csv_twin():
    sheet = Sheet(
        "a",
        (Column("番号", "integer"), Column("率", "decimal"), Column("日", "date"), Column("名")),
        [[4000012090001, 0.5, date(2026, 11, 25), "0123"], [7, None, None, "=x"]],
    )

    table = read_table(write_workbook([sheet]))

    assert (table.source, table.header) == ("xlsx", ("番号", "率", "日", "名"))
    assert [row.cells for row in table.rows] == [
        ("4000012090001", "0.5", "2026-11-25", "0123"),
        ("7", "", "", "=x"),
    ]


def test_rows_carry_their_number_in_the_sheet():
    book = openpyxl.Workbook()
    page = book.active
    page["B3"], page["C3"] = "名", "時"
    page["B5"], page["C5"] = True, time(9, 30)
    page["B7"] = datetime(2026, 11, 25, 9, 30)
    buffer = io.BytesIO()
    book.save(buffer)

    assert [(row.line, row.cells) for row in read_xlsx(buffer.getvalue()).rows] == [
        (5, ("1", "09:30")),
        (7, ("2026-11-25 09:30:00", "")),
    ]


def test_a_sheet_is_chosen_by_its_name():
    sheets = [Sheet(name, (Column(name),), [["x"]]) for name in ("一", "二")]
    data = write_workbook(sheets)

    assert read_xlsx(data, sheet="二").header == ("二",)
    with pytest.raises(FileProblem) as refused:
        read_xlsx(data, sheet="三")
    assert (refused.value.code, refused.value.values) == ("no_sheet", {"name": "三"})


def with_part(name, text):
    """Return a small real workbook with one part replaced."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(write_workbook([REPORT]))) as original:
        parts = {part: original.read(part) for part in original.namelist()}
    return archive({**parts, name: text})


CORNERS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>'
    "</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"not a workbook", "not_xlsx"),
        (b"PK\x03\x04broken", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (archive({"word/document.xml": "<w/>"}), "not_xlsx"),
        (archive({"xl/workbook.xml": "<workbook"}), "not_xlsx"),
        (archive({f"xl/{n}.xml": "" for n in range(2_001)}), "too_many_entries"),
        (with_part("xl/worksheets/sheet1.xml", " " * 5_000_000), "too_large_unpacked"),
        (with_part("xl/worksheets/sheet1.xml", CORNERS), "too_large_unpacked"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_file_that_is_no_bearable_workbook_is_refused(data, code):
    with pytest.raises(FileProblem) as refused:
        read_xlsx(data)

    assert refused.value.code == code


def test_limits_of_size_and_rows_are_kept():
    data = write_workbook([Sheet("a", (Column("t"),), [["x"]] * 20)])

    for limits, code in (
        (Limits(size=100), "too_large"),
        (Limits(unpacked=100), "too_large_unpacked"),
        (Limits(rows=10), "too_many_rows"),
    ):
        with pytest.raises(FileProblem) as refused:
            read_xlsx(data, limits=limits)
        assert refused.value.code == code


def test_an_archive_that_lies_about_its_sizes_is_refused():
    data = bytearray(with_part("xl/worksheets/sheet1.xml", CORNERS))
    # The central directory holds the true size; make it say one byte.
    size = len(CORNERS).to_bytes(4, "little")
    at = data.rfind(size)
    data[at : at + 4] = (1).to_bytes(4, "little")

    with pytest.raises(FileProblem) as refused:
        read_xlsx(bytes(data))

    assert refused.value.code == "not_xlsx"


def test_created_and_title_are_kept():
    book = opened(
        write_workbook(
            [REPORT],
            title="月次報告",
            author="産業振興課",
            created=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )

    assert (book.properties.title, book.properties.creator) == ("月次報告", "産業振興課")
    assert book.properties.created == datetime(2026, 11, 1, 9)
