"""Laws of the reasons: what is cited stands there, and something always carries a suggestion."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.matching import (
    Encoder,
    Item,
    Lexicon,
    Suggestion,
    Text,
    build_index,
    prepare,
    read_texts,
)
from tests.matching.samples import WORDS

PUBLISHED = Path(__file__).resolve().parents[2] / "benchmarks" / "matching" / "published"
PIECES = st.one_of(st.sampled_from(WORDS), st.text(max_size=4), st.sampled_from("金水 火AI。、\n"))
TEXTS = st.builds(
    lambda title, description, keywords: Text("", title, description, keywords),
    *(st.lists(PIECES, max_size=size).map("".join) for size in (4, 12, 3)),
)
BY_MEANING = "meaning"


def letters(text: str) -> int:
    return sum(letter.isalnum() for letter in text)


def assert_lawful(need: Item, seed: Item, found: Suggestion) -> None:
    """Spans exist, are not empty and say what is cited; two letters or more carry."""
    assert found.reasons
    assert max(min(letters(r.need_term), letters(r.seed_term)) for r in found.reasons) >= 2
    for reason in found.reasons:
        assert need.terms.text.cut(reason.need) == reason.need_term
        assert seed.terms.text.cut(reason.seed) == reason.seed_term
        for item, spans in ((need, reason.need_spans), (seed, reason.seed_spans)):
            for span in spans:
                assert 0 <= span.start < span.end <= len(item.terms.text.field(span.field))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, TEXTS)
def test_a_suggestion_cites_what_stands_in_both_texts(
    lexicon: Lexicon, one: Text, two: Text
) -> None:
    need = prepare(Text("N", one.title, one.description, one.keywords))
    seed = prepare(Text("S", two.title, two.description, two.keywords))

    for found in build_index([seed], lexicon).suggest(need):
        assert_lawful(need, seed, found)


@pytest.mark.parametrize("letter", ["金", "水", "火", "A", "糸", "車"])
def test_one_character_never_carries_a_suggestion(letter: str, lexicon: Lexicon) -> None:
    index = build_index([prepare(Text("S", letter, f"{letter}。", letter))], lexicon)

    assert index.suggest(prepare(Text("N", letter, f"{letter}。", letter))) == []


def test_reasons_of_long_texts_with_meaning_are_lawful_too(
    lexicon: Lexicon, encoder: Encoder
) -> None:
    needs, seeds = (read_texts(PUBLISHED / f"{name}.csv").texts for name in ("needs", "seeds"))
    items = {text.ref: prepare(text, encoder) for text in seeds}
    index = build_index(items.values(), lexicon)

    for text in needs:
        need = prepare(text, encoder)
        for found in index.suggest(need):
            assert_lawful(need, items[found.ref], found)
            assert sum(found.parts.values()) == pytest.approx(found.score)


def test_no_reason_by_meaning_cites_what_every_firm_says(
    lexicon: Lexicon, encoder: Encoder
) -> None:
    manner = "お見積もりは無料ですので、お気軽にお問い合わせください。"
    seed = prepare(Text("S", "嚥下食の物性の評価", f"{manner}食べ物のかたさを測ります。"), encoder)
    need = prepare(Text("N", "飲み込みやすさを測る", f"{manner}介護食の試食に困る。"), encoder)

    (found,) = build_index([seed], lexicon).suggest(need)

    assert not any("お気軽" in r.need_term for r in found.reasons if r.link == BY_MEANING)
