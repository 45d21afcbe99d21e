import numpy as np
import pytest
from hypothesis import given, settings

from registry.matching import Encoder, Passages, StaleTerms, Text
from tests.matching.samples import texts

TEXT = Text("t", " 見守り ", "転倒を知らせます。カメラは使いません!\nIt is small. Buy 3.5 units.")


def test_every_sentence_has_a_place(encoder: Encoder) -> None:
    passages = encoder.embed([TEXT])[0]

    assert [TEXT.cut(span) for span in passages.spans] == [
        "見守り",
        "転倒を知らせます。",
        "カメラは使いません!",
        "It is small.",
        "Buy 3.5 units.",
    ]
    assert passages.vectors.shape == (7, 512)
    assert np.linalg.norm(passages.vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_kept_vectors_are_read_back(encoder: Encoder) -> None:
    passages = encoder.embed([TEXT])[0]
    back = Passages.from_bytes(passages.to_bytes(), TEXT)

    assert back.spans == passages.spans
    assert back.version == encoder.version
    assert back.vectors == pytest.approx(passages.vectors, abs=1e-3)


def test_vectors_of_another_text_are_refused(encoder: Encoder) -> None:
    kept = encoder.embed([TEXT])[0].to_bytes()

    with pytest.raises(StaleTerms):
        Passages.from_bytes(kept, Text("t", "見守り"))


@pytest.mark.parametrize("raw", [b"", b"abc", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x09nonsense!"])
def test_unreadable_vectors_are_refused(raw: bytes) -> None:
    with pytest.raises(StaleTerms):
        Passages.from_bytes(raw, TEXT)


@given(texts("t"))
@settings(deadline=None, max_examples=25)
def test_any_text_can_be_embedded(encoder: Encoder, text: Text) -> None:
    passages = encoder.embed([text])[0]

    assert np.isfinite(passages.vectors).all()
    assert all(text.cut(span).strip() for span in passages.spans)


def test_nothing_is_embedded_for_no_text(encoder: Encoder) -> None:
    assert encoder.embed([]) == []
