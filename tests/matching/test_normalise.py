import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.matching.normalise import fold, normalise


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＩｏＴ", "iot"),
        ("ｾﾝｻｰ", "センサー"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("コンピューーータ", "コンピュータ"),
        ("自動 化", "自動化"),
        ("fine powder", "fine powder"),
        ("10〜20℃", "1020°c"),
        ("AI‐OCR", "ai-ocr"),
        ("Café", "cafe"),
        ("①㈱", "1(株)"),
    ],
)
def test_spellings_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_a_folded_place_leads_back_to_the_original() -> None:
    original = "新型ｶﾞﾗｽ〜ｾﾝｻｰー製"
    folded = normalise(original)
    start = folded.text.index("センサー")

    assert original[slice(*folded.original(start, start + 4))] == "ｾﾝｻｰー"


@given(st.text(max_size=40))
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = normalise(text)

    for place in range(len(folded.text)):
        start, end = folded.original(place, place + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=40))
def test_places_never_run_backwards(text: str) -> None:
    folded = normalise(text)
    starts = [folded.original(place, place + 1)[0] for place in range(len(folded.text))]

    assert starts == sorted(starts)


@given(st.text(alphabet="ぁがｶﾞﾊﾟＡａé１漢髙ー", max_size=20))
def test_folding_is_nfkc_where_nothing_else_is_folded(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).lower().replace("é", "e")
    while "ーー" in plain:
        plain = plain.replace("ーー", "ー")

    assert fold(text) == plain
