"""What stands in the cells of Japanese offices, read strictly; headers under their titles."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.folding import fold, fold_name
from registry.common.folding_many import fold_many, fold_names
from registry.common.identifiers import corporate_check_digit, is_corporate_number
from registry.common.problem import ValueProblem
from registry.exchange import cells, codes, headers, many
from registry.exchange.cells import Noted
from registry.exchange.kinds.organizations import COLUMNS
from registry.formats.grids import read_grid
from registry.formats.table import FileProblem


def value(parsed: object) -> object:
    return parsed.value if isinstance(parsed, Noted) else parsed


@pytest.mark.parametrize(
    ("text", "factor", "yen"),
    [
        ("１，０００", 10**4, 10_000_000),
        ("300", 10**3, 300_000),
        ("1億2,000万円", 10**4, 120_000_000),
        ("1.5億", 1, 150_000_000),
        ("約3,000", 10**4, 30_000_000),
        ("0", 1, 0),
        ("¥10,000", 1, 10_000),
        ("1,000円", 10**4, 1_000),
    ],
)
def test_money_is_read_in_the_unit_of_its_header_unless_it_names_its_own(
    text: str, factor: int, yen: int
) -> None:
    assert value(cells.yen(factor)(text)) == yen


@pytest.mark.parametrize("text", ["▲100", "△1", "(300)", "-5", "1.5", "百", "10〜20", "1万1億", ""])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueProblem):
        cells.yen()(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和8年4月1日", date(2026, 4, 1)),
        ("R8.4.1", date(2026, 4, 1)),
        ("H29/3/31", date(2017, 3, 31)),
        ("平成32年1月5日", date(2020, 1, 5)),
        ("２０２６／４／１", date(2026, 4, 1)),
        ("46113", date(2026, 4, 1)),
        ("46113.0", date(2026, 4, 1)),
        ("2026-04-01 00:00:00", date(2026, 4, 1)),
    ],
)
def test_days_are_read_in_every_style_of_an_office(text: str, day: date) -> None:
    assert value(cells.day(text)) == day


@pytest.mark.parametrize("text", ["令和8年4月", "2026/4", "4/1", "平成元年13月1日", "来年", "12"])
def test_days_are_never_guessed(text: str) -> None:
    with pytest.raises(ValueProblem):
        cells.day(text)


@pytest.mark.parametrize("text", ["4.00E+12", "4.00001E+12", "4000012090001.0", "４．００Ｅ＋１２"])
def test_a_number_that_a_spreadsheet_rounded_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        cells.corporate_number(text)
    assert refused.value.code == "rounded"


def test_further_cells() -> None:
    name = cells.organization_name(str.strip)
    assert value(name("㈱赤松")) == value(name("（株）赤松")) == "株式会社赤松"
    assert value(name("赤松(有)")) == "赤松有限会社"
    assert name("株式会社赤松") == "株式会社赤松"
    assert value(cells.phone("0442001234")) == "0442001234"
    assert isinstance(cells.phone("442001234"), Noted)
    assert cells.phone("０４４－２００－１２３４") == "044-200-1234"
    assert cells.clock("午後1時30分") == time(13, 30)
    assert (cells.yes_no("○"), cells.yes_no("×")) == (True, False)
    assert value(cells.whole("名")("１，２００名")) == 1200
    assert cells.fiscal_year("平成28年度") == 2016
    assert codes.industry("金属製品製造業") == codes.industry("24") == "24"
    assert codes.place("川崎市中原区") == codes.place("14133") == codes.place("141330") == "14133"
    assert codes.split_address("東京都港区芝1-1") == ("13103", "芝1-1")


@given(st.lists(st.text(max_size=12), max_size=6))
def test_many_texts_fold_as_each_by_itself(texts: list[str]) -> None:
    assert fold_many(texts) == [fold(text) for text in texts]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "株式会社", "㈱", "(有)", "一般社団法人 ", "学校法人"]),
            st.text(max_size=8),
            st.sampled_from(["", "株式会社", " Co., Ltd.", "（株）", " Inc"]),
        ),
        max_size=5,
    )
)
def test_many_names_fold_as_each_by_itself(parts: list[tuple[str, str, str]]) -> None:
    names = ["".join(part) for part in parts]
    assert fold_names(names) == [fold_name(name) for name in names]


@given(st.lists(st.integers(0, 10**12 - 1), max_size=5), st.integers(0, 9), st.integers(0, 12))
def test_many_numbers_are_taken_only_when_each_is_right(
    bases: list[int], digit: int, place: int
) -> None:
    right = [f"{corporate_check_digit(f'{base:012d}')}{base:012d}" for base in bases]
    assert many.corporate_numbers([*right, ""]) == [*right, None]
    if right:
        wrong = right[0][:place] + str(digit) + right[0][place + 1 :]
        taken = many.corporate_numbers([wrong]) is not None
        assert taken == is_corporate_number(wrong)


def test_a_header_is_found_under_titles_and_read_by_any_of_its_names() -> None:
    data = "名簿,,\r\n,,\r\n【必須】企業名,資 本 金（単位：千円）,従業員数（人）\r\n赤松,1,2\r\n".encode()
    grid = read_grid(data)
    header = headers.find_header(grid, COLUMNS, frozenset())
    assert header.line == 3 and header.units == (None, 1000, None)
    found = headers.propose(header, COLUMNS, {})
    assert found == {0: "name", 1: "capital_yen", 2: "employees"}
    rows, skipped = headers.records(grid, header)
    assert [line for line, _cells in rows] == [4]
    assert [skip.why for skip in skipped] == ["title"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"<!DOCTYPE html><table>", "html"),
        (b"\xff\xfe" + "名\n".encode("utf-16-le") + b"\x00\xd8", "encoding"),
        (b"\xef\xbb\xbf\xe5\x90\n", "encoding"),
    ],
)
def test_broken_files_are_refused_by_code(data: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as refused:
        read_grid(data)
    assert refused.value.code == code
