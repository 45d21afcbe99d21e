import csv
import io
import json
from pathlib import Path

import pytest

from registry.matching import (
    BadFile,
    Lexicon,
    Text,
    read_texts,
    split_keywords,
    suggest_all,
    write_suggestions,
)
from registry.matching.files import CAPS
from tests.matching.samples import SEEDS

HEADING = "id,title,description,keywords,industry,organization,phenomena\n"
ROW = 'N1,鍍金をしてほしい,"小物, 部品です",めっき；鍍金、plating，金,金属,甲社,x\n'


def write(folder: Path, content: bytes) -> Path:
    path = folder / "needs.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_each_promised_encoding_is_read_and_named(tmp_path: Path, encoding: str) -> None:
    found = read_texts(write(tmp_path, (HEADING + ROW).encode(encoding)))

    assert found.encoding == encoding
    assert found.texts == (
        Text("N1", "鍍金をしてほしい", "小物, 部品です", "めっき；鍍金、plating，金"),
    )


def test_columns_may_come_in_any_order_and_lines_may_be_empty(tmp_path: Path) -> None:
    content = 'keywords,Title,id,description\r\n\r\nAI,題,7,"二\r\n行"\r\n'
    found = read_texts(write(tmp_path, content.encode()))

    assert found.texts == (Text("7", "題", "二\r\n行", "AI"),)


def test_keywords_are_split_at_every_promised_sign() -> None:
    assert split_keywords(" めっき;鍍金、 AI，IoT,,5G ；") == ("めっき", "鍍金", "AI", "IoT", "5G")


@pytest.mark.parametrize(
    ("content", "row", "column", "words"),
    [
        (b"", None, None, "空です"),
        (b"\xef\xbb\xbf\r\n", None, None, "空です"),
        (HEADING.encode(), None, None, "見出し行だけ"),
        (b"id,title\n1,a\n", 1, None, "description, keywords"),
        (b"id,title,title,description,keywords\n1,a,a,b,c\n", 1, None, "2つ"),
        (HEADING.encode() + b"1,a,b,c,,\n1,d,e,f,,\n", 3, "id", "2行目と重複"),
        (HEADING.encode() + b" ,a,b,c,,\n", 2, "id", "id が空"),
        (HEADING.encode() + b"1,,,,x,y\n", 2, "title", "すべて空"),
        ((HEADING + ROW).encode("utf-16"), None, None, "文字コード"),
        ((HEADING + ROW).encode("euc-jp") + b"\x80\xff", None, None, "文字コード"),
        (b"\xef\xbb\xbf" + (HEADING + ROW).encode("cp932"), None, None, "文字コード"),
        (HEADING.encode() + b'1,"a,b,c,,\n', 2, None, "CSV"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, content: bytes, row: int | None, column: str | None, words: str
) -> None:
    with pytest.raises(BadFile, match=words) as caught:
        read_texts(write(tmp_path, content))

    assert (caught.value.row, caught.value.column) == (row, column)
    assert caught.value.file.name == "needs.csv"
    assert "needs.csv" in str(caught.value)
    assert caught.value.message % caught.value.values in str(caught.value)


@pytest.mark.parametrize("column", ["id", "title", "description", "keywords"])
def test_an_endless_cell_is_refused(tmp_path: Path, column: str) -> None:
    cells = {"id": "1", "title": "a", "description": "b", "keywords": "c"}
    cells[column] = "あ" * (CAPS[column] + 1)
    content = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"

    with pytest.raises(BadFile, match=f"{CAPS[column]}文字以内") as caught:
        read_texts(write(tmp_path, content.encode()))

    assert (caught.value.row, caught.value.column) == (2, column)


def test_a_keyword_of_ten_thousand_characters_is_refused(tmp_path: Path) -> None:
    content = HEADING + "1,題,文," + "長" * 10_000 + ",,\n"

    with pytest.raises(BadFile, match="10000文字") as caught:
        read_texts(write(tmp_path, content.encode()))

    assert (caught.value.row, caught.value.column) == (2, "keywords")


def test_one_long_keyword_among_short_ones_is_refused(tmp_path: Path) -> None:
    content = HEADING + "1,題,文,短い;" + "長" * (CAPS["keyword"] + 1) + ",,\n"

    with pytest.raises(BadFile, match="1つ200文字以内"):
        read_texts(write(tmp_path, content.encode()))


def test_suggestions_are_written_as_promised(lexicon: Lexicon) -> None:
    needs = [Text("N1", "鍍金を頼みたい"), Text("N2", "茶道の稽古"), Text("N3", "溶接を自動に")]
    seeds = [seed.terms.text for seed in SEEDS]
    steps: list[tuple[int, int]] = []
    out = io.StringIO()
    found = suggest_all(
        needs,
        seeds,
        top=2,
        lexicon=lexicon,
        progress=lambda done, total: steps.append((done, total)),
    )
    count = write_suggestions(found, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))

    assert count == len(rows)
    assert steps[-1] == (7, 7)
    assert list(rows[0]) == ["need_id", "seed_id", "rank", "score", "reasons"]
    assert [
        (row["need_id"], row["seed_id"], row["rank"]) for row in rows if row["rank"] == "1"
    ] == [
        ("N1", "S1", "1"),
        ("N3", "S4", "1"),
    ]
    texts = {text.ref: text for text in needs + seeds}
    for row in rows:
        assert 0 <= float(row["score"]) <= 100
        for reason in json.loads(row["reasons"]):
            for side, ref in (("need", row["need_id"]), ("seed", row["seed_id"])):
                field, start, end = reason[side]
                assert texts[ref].field(field)[start:end] == reason[f"{side}_term"]
