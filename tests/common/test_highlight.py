"""Where a term stands in a text as written."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.folding import fold
from registry.common.highlight import find_folded

JAPANESE = st.text(st.sampled_from("あがアガーｱﾞ髙崎々金型・ -－―　aAé㈱1１"), max_size=20)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("新しい髙﨑 製作所です", "高崎製作所", ["髙﨑 製作所"]),
        ("ｶﾞｽセンサ", "ガス", ["ｶﾞｽ"]),
        ("３－３－１ と 3-3-1", "3-3-1", ["３－３－１", "3-3-1"]),
        ("佐々木", "佐佐木", ["佐々木"]),
        ("金型と研磨", "研磨　金型", ["金型", "研磨"]),
        ("㈱ミナト", "株", ["㈱"]),
        ("ABCABC", "abc", ["ABCABC"]),
        ("何もない", "金型", []),
        ("何もない", "", []),
    ],
)
def test_terms_are_marked_as_they_were_written(text, query, marked):
    assert [text[start:end] for start, end in find_folded(text, query)] == marked


@given(JAPANESE, JAPANESE)
def test_spans_lie_in_the_text_in_order_and_apart(text, query):
    spans = find_folded(text, query)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@given(JAPANESE, JAPANESE)
def test_what_is_found_is_also_marked(before, after):
    text = f"{before}金型{after}"

    assert any(fold("金型") in fold(text[start:end]) for start, end in find_folded(text, "金型"))
