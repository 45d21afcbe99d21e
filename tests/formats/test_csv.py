"""CSV as Japanese offices send and open it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.csv import decode, plain_number, read_csv, unencodable_cells, write_csv
from registry.formats.guard import unguard_cell
from registry.formats.table import FileProblem, Limits

TEXT = "名称,所在地\r\n㈱髙﨑①,川崎市～\r\n"
CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("cp932"), "cp932"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found_and_named(data, encoding):
    table = read_csv(data)

    assert table.encoding == encoding
    assert table.header == ("名称", "所在地")
    assert table.rows[0].cells == ("㈱髙﨑①", "川崎市～")


@given(st.text(st.characters(codec="cp932", min_codepoint=0x3041), min_size=1))
def test_text_of_cp932_is_never_garbled_unseen(text):
    data = text.encode("cp932")
    try:
        found, encoding = decode(data)
    except FileProblem as problem:
        found, encoding = text, problem.code

    assert found == text or encoding != "cp932"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_all_line_ends_are_read(end):
    table = read_csv(f"a,b{end}1,2{end}{end}3,4{end}".encode())

    assert [row.cells for row in table.rows] == [("1", "2"), ("3", "4")]


def test_rows_carry_the_line_they_begin_on():
    data = b'\na,b\n1,"two\nlines"\n\n5,6\n'

    assert [(row.line, row.cells) for row in read_csv(data).rows] == [
        (3, ("1", "two\nlines")),
        (6, ("5", "6")),
    ]


def test_records_fill_short_rows_and_cut_long_ones():
    table = read_csv(b"a,b\n1\n1,2,3\n")

    assert list(table.records()) == [(2, {"a": "1", "b": ""}), (3, {"a": "1", "b": "2"})]


@pytest.mark.parametrize("data", [b"a\tb\n1\t2\n", b"a;b\n1;2\n"])
def test_tabs_and_semicolons_separate_where_no_comma_does(data):
    assert read_csv(data).rows[0].cells == ("1", "2")


def test_digits_given_to_spreadsheets_as_formulas_are_read_as_digits():
    assert read_csv(b'n,m\n"=""0123""",x\n').rows[0].cells == ("0123", "x")


@pytest.mark.parametrize(
    ("data", "code", "values"),
    [
        (b"", "empty", {}),
        (b"\xef\xbb\xbf", "empty", {}),
        (b"\n,,\n", "empty", {}),
        (b"a,b\n1,\x002\n", "nul", {"line": 2}),
        ("a,b\n名,".encode() + b"\xff\xff", "encoding", {"line": 2, "byte": 9}),
        (b"a\n\x82", "encoding", {"line": 2, "byte": 3}),
        ("a\n名\n".encode("cp932") + b"\x80\n", "encoding", {"line": 3, "byte": 6}),
        (b"\xef\xbb\xbfa\n\xff", "encoding", {"line": 2, "byte": 6}),
        ("a\nち".encode("utf-16") + b"\x00\xd8", "encoding", {"line": 2, "byte": 9}),
        ("名称,川崎市\n".encode("iso2022_jp"), "encoding_name", {"name": "ISO-2022-JP"}),
        ("かわさきしの会社の名称\n".encode("euc_jp"), "encoding_name", {"name": "EUC-JP"}),
        (b'a,b\n1,"open\n', "quote", {"line": 2}),
        (b'a,b\n1,"x"y\n', "quote", {"line": 2}),
        (b"PK\x03\x04...", "not_csv", {}),
        (b"%PDF-1.7", "not_csv", {}),
        (b"\xd0\xcf\x11\xe0", "old_excel", {}),
    ],
)
def test_a_file_that_is_no_table_says_where_and_why(data, code, values):
    with pytest.raises(FileProblem) as refused:
        read_csv(data)

    assert (refused.value.code, refused.value.values) == (code, values)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(size=5), "too_large"),
        (Limits(rows=1), "too_many_rows"),
        (Limits(columns=1), "too_many_columns"),
        (Limits(cell=3), "cell_too_long"),
    ],
)
def test_limits_are_kept(limits, code):
    with pytest.raises(FileProblem) as refused:
        read_csv(b"a,b\n1,2\n3,long\n", limits=limits)

    assert refused.value.code == code


def test_a_cell_beyond_what_the_reader_holds_is_refused_with_its_line():
    with pytest.raises(FileProblem) as refused:
        read_csv(b"a\n" + b"x" * 200_000)

    assert (refused.value.code, refused.value.values["line"]) == ("cell_too_long", 2)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_back(rows):
    data = write_csv(["a", "b"], rows)
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert data.startswith(b"\xef\xbb\xbf")
    assert [[unguard_cell(cell) for cell in line] for line in lines[1:]] == rows


def test_cells_are_written_plain_by_their_kind():
    row = [12345, -1.50, Decimal("0.10"), True, None, date(2026, 11, 5), "=1+1", "4000012090001"]
    moment = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)

    line = write_csv(["a"] * 9, [[*row, moment]]).decode("utf-8-sig").split("\r\n")[1]

    assert line == "12345,-1.5,0.1,1,,2026-11-05,'=1+1,4000012090001,2026-11-05 09:30:00+00:00"


def test_programs_get_text_without_the_guard():
    assert write_csv(["a"], [["=x"]], encoding="utf-8", guard=False) == b"a\r\n=x\r\n"


def test_cp932_is_refused_with_the_cell_it_cannot_hold():
    with pytest.raises(FileProblem) as refused:
        write_csv(["名"], [["髙﨑"], ["𠮷野"]], encoding="cp932")

    assert refused.value.values == {"line": 3, "column": 1, "character": "𠮷"}
    assert write_csv(["名"], [["髙﨑①"]], encoding="cp932").decode("cp932") == "名\r\n髙﨑①\r\n"


def test_all_cells_an_encoding_cannot_hold_are_listed():
    assert unencodable_cells([["é", "a"], ["a", "𠮷野€"]]) == [(0, 0, "é"), (1, 1, "𠮷€")]


@pytest.mark.parametrize(
    ("number", "text"),
    [(42.0, "42"), (0.5, "0.5"), (1e15, "1000000000000000"), (1e-7, "0.0000001"), (-0.25, "-0.25"), (100.0, "100"), (4000012090001.0, "4000012090001")],
)  # fmt: skip
def test_numbers_have_no_exponent_and_no_needless_zeros(number, text):
    assert plain_number(number) == text
