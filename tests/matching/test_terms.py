import threading

import pytest
from hypothesis import given, settings

from registry.matching import StaleTerms, Terms, Text, tokenise
from tests.matching.samples import texts


def found(title: str) -> list[str]:
    return [token.term for token in tokenise(Text("t", title)).tokens]


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("めっき、鍍金、メッキ", ["鍍金", "鍍金", "鍍金"]),
        ("センサとセンサー", ["センサ", "センサ"]),
        ("射出成形金型", ["射出", "成型", "金型"]),
        ("retailのAI", ["e:retail", "e:ai"]),
        ("3Dプリンタ", ["e:3d", "プリンタ"]),
        ("AI-OCR", ["e:ai", "e:aiocr", "e:ocr"]),
        ("x-ray inspection", ["e:xray", "e:inspect"]),
        ("coloured fibres", ["e:color", "e:fiber"]),
        ("300枚を10分で", []),
        ("当社は良い方法を探しています", []),
    ],
)
def test_terms_of_a_title(title: str, terms: list[str]) -> None:
    assert sorted(found(title)) == sorted(terms)


def test_a_compound_knows_its_parts() -> None:
    words = tokenise(Text("t", "洗浄機と歪み計")).words

    assert words["洗浄機"].parts == ("洗浄", "機")
    assert words["歪み計"].parts == ("歪み", "計")


def test_spans_cite_the_text_as_it_was_written() -> None:
    text = Text("t", "ＩｏＴと ｾﾝｻｰ", "plating", ("鍍 金", "AI"))
    terms = tokenise(text)

    assert [text.cut(token.span) for token in terms.tokens] == [
        "ＩｏＴ",
        "ｾﾝｻｰ",
        "plating",
        "鍍 金",
        "AI",
    ]


@given(texts("t"))
@settings(deadline=None, max_examples=60)
def test_every_term_stands_in_the_text(text: Text) -> None:
    for token in tokenise(text).tokens:
        assert 0 <= token.start < token.end <= len(text.field(token.span.field))


@given(texts("t"))
@settings(deadline=None, max_examples=30)
def test_kept_terms_are_read_back(text: Text) -> None:
    terms = tokenise(text)

    assert Terms.kept(terms.keep(), text) == terms


def test_terms_of_an_older_text_are_refused() -> None:
    kept = tokenise(Text("t", "めっき")).keep()

    with pytest.raises(StaleTerms):
        Terms.kept(kept, Text("t", "めっき加工"))


@pytest.mark.parametrize("kept", ["", "[]", "{}", "null", "AAAA" * 20, "é"])
def test_unreadable_terms_are_refused(kept: str) -> None:
    with pytest.raises(StaleTerms):
        Terms.kept(kept, Text("t"))


def test_a_very_long_text_is_tokenised() -> None:
    long = "めっき" * 20_000

    assert len(tokenise(Text("t", "", long)).tokens) > 10_000


def test_threads_tokenise_side_by_side() -> None:
    expected = found("超音波洗浄機の自動化")
    results: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: results.append(found("超音波洗浄機の自動化")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [expected] * 4
