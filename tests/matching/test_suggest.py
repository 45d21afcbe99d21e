from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.matching import (
    LINKS,
    Encoder,
    Glossary,
    Item,
    Keep,
    Lexicon,
    Suggestion,
    Text,
    build_index,
    prepare,
    tokenise,
)
from tests.matching.samples import PLATING, SEEDS, item, texts


def refs(found: Iterable[Suggestion]) -> list[str]:
    return [suggestion.ref for suggestion in found]


def test_the_seed_that_answers_comes_first(lexicon: Lexicon) -> None:
    index = build_index(SEEDS, lexicon)

    assert refs(index.suggest(item("N", "鍍金をしてほしい")))[0] == "S1"
    assert refs(index.suggest(item("N", "金型の補修")))[0] == "S2"
    assert refs(index.suggest(item("N", "溶接を自動にしたい")))[0] == "S4"


def test_an_excellent_pair_stands_high_and_an_unrelated_one_low(
    lexicon: Lexicon, encoder: Encoder
) -> None:
    seeds = [
        prepare(
            Text("S1", "無電解ニッケルめっき", "複雑な形の部品に均一なめっきをします。"), encoder
        ),
        prepare(Text("S2", "和菓子の詰め合わせ", "季節の練り切りをお届けします。"), encoder),
    ]
    need = prepare(Text("N", "部品へのめっき", "複雑な形の部品にニッケルめっきをしたい。"), encoder)
    scores = {s.ref: s.score for s in build_index(seeds, lexicon).suggest(need)}

    assert scores["S1"] >= 80
    assert scores.get("S2", 0) < 30


def test_a_reason_cites_both_texts(lexicon: Lexicon) -> None:
    found = build_index(SEEDS, lexicon).suggest(item("N", "鍍金を頼みたい", "plating"))
    reason = found[0].reasons[0]

    assert (reason.need_term, reason.seed_term, reason.link) == ("鍍金", "めっき", "same")
    assert reason.need == ("title", 0, 2)
    assert [PLATING.terms.text.cut(span) for span in reason.seed_spans] == ["めっき", "めっき"]


def test_what_found_nothing_is_told(lexicon: Lexicon) -> None:
    found = build_index(SEEDS, lexicon).suggest(item("N", "金型の放電加工"))
    missing = {missing.term for s in found if s.ref == "S2" for missing in s.missing}

    assert "放電" in missing


def test_words_alone_say_so(lexicon: Lexicon, encoder: Encoder) -> None:
    text = Text("N", "鍍金をしてほしい")
    index = build_index([PLATING], lexicon)

    assert index.suggest(prepare(text, encoder))[0].basis == "words"
    both = build_index([prepare(PLATING.terms.text, encoder)], lexicon)
    assert both.suggest(prepare(text, encoder))[0].basis == "words+meaning"


def test_meaning_alone_can_carry_and_shows_its_sentences(
    lexicon: Lexicon, encoder: Encoder
) -> None:
    seed = prepare(Text("S", "見守り機器", "お年寄りの転倒を家族の電話に知らせます。"), encoder)
    others = [prepare(s.terms.text, encoder) for s in SEEDS]
    need = prepare(Text("N", "Elderly people fall at night and nobody notices."), encoder)
    found = build_index([seed, *others], lexicon).suggest(need)
    meaning = [reason for reason in found[0].reasons if reason.link == "meaning"]

    assert found[0].ref == "S"
    assert meaning[0].seed_term in ("見守り機器", "お年寄りの転倒を家族の電話に知らせます。")


def test_a_listing_is_not_suggested_to_itself(lexicon: Lexicon) -> None:
    assert "S1" not in refs(build_index(SEEDS, lexicon).suggest(PLATING))


def test_the_office_glossary_is_the_strongest_link() -> None:
    glossary = Glossary.from_rows([["ものづくり寄席", "factory storytelling", "町工場落語"]])
    index = build_index([item("S", "Factory storytelling nights")], Lexicon(None, glossary))
    found = index.suggest(item("N", "町工場落語を開きたい"))

    assert found[0].reasons[0].link == "glossary"
    assert found[0].reasons[0].seed_term == "Factory storytelling"
    assert found[0].reasons[0].need_term == "町工場落語"


def test_a_glossary_row_with_one_phrase_says_nothing() -> None:
    assert not Glossary.from_rows([["めっき", "", ""], []])


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (Keep(all_of=frozenset({"open"})), {"S1", "S2", "S4"}),
        (Keep(none_of=frozenset({"open"})), {"S3"}),
        (Keep(any_of=frozenset({"tooling", "fishery"})), {"S2", "S3"}),
        (Keep(all_of=frozenset({"unheard-of"})), set()),
        (lambda ref: ref == "S2", {"S2"}),
    ],
)
def test_a_filter_is_asked_before_the_first_ten(
    keep: Keep, left: set[str], lexicon: Lexicon
) -> None:
    need = item("N", "めっき、金型、水温、welding")
    index = build_index(SEEDS, lexicon)

    assert set(refs(index.suggest(need))) == {"S1", "S2", "S3", "S4"}
    assert set(refs(index.suggest(need, limit=3, keep=keep))) == set(
        sorted(left)[:3] if len(left) > 3 else left
    )


def test_equal_scores_are_ordered_by_ref(lexicon: Lexicon) -> None:
    twins = [item(ref, "切削加工") for ref in ("S9", "S4", "S7")]

    assert refs(build_index(twins, lexicon).suggest(item("N", "切削"))) == ["S4", "S7", "S9"]


def test_limit_and_cutoff_are_kept(lexicon: Lexicon) -> None:
    need = item("N", "めっき、金型、水温、welding")
    index = build_index(SEEDS, lexicon)
    found = index.suggest(need)

    assert refs(index.suggest(need, limit=2)) == refs(found)[:2]
    assert refs(index.suggest(need, cutoff=found[1].score)) == refs(found)[:2]


def test_seeds_find_needs_by_the_same_index(lexicon: Lexicon) -> None:
    needs = [item("N1", "鍍金をしてほしい"), item("N2", "温泉街の案内")]

    assert refs(build_index(needs, lexicon).suggest(PLATING)) == ["N1"]


def test_an_empty_index_suggests_nothing(lexicon: Lexicon) -> None:
    assert build_index([], lexicon).suggest(PLATING) == []


def test_an_added_item_is_suggested_as_if_it_had_been_there(lexicon: Lexicon) -> None:
    need = item("N", "金型とめっきと水温のセンサ")
    grown = build_index(SEEDS[:2], lexicon)
    for seed in SEEDS[2:]:
        grown.add(seed)

    assert grown.suggest(need) == build_index(SEEDS, lexicon).suggest(need)
    assert len(grown) == 4


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=40))
@settings(deadline=None, max_examples=40)
def test_any_history_ends_in_the_same_answers(history: list[tuple[bool, int]]) -> None:
    lexicon = Lexicon(None)
    index = build_index([], lexicon)
    present: dict[str, Item] = {}
    for added, number in history:
        ref = f"S{number}"
        if added:
            present[ref] = item(ref, f"切削と研磨と塗装{'と洗浄' * (number % 3)}")
            index.add(present[ref])
        else:
            present.pop(ref, None)
            index.remove(ref)
    need = item("N", "洗浄と研磨")

    assert index.refs == set(present)
    assert index.suggest(need) == build_index(present.values(), lexicon).suggest(need)


def test_a_changed_item_replaces_the_old_one(lexicon: Lexicon) -> None:
    index = build_index(SEEDS, lexicon)
    index.add(item("S1", "刺繍の受託"))

    assert "S1" not in refs(index.suggest(item("N", "鍍金")))
    assert refs(index.suggest(item("N", "刺繍"))) == ["S1"]
    assert len(index) == 4


def test_a_removed_item_is_gone(lexicon: Lexicon) -> None:
    index = build_index(SEEDS, lexicon)
    index.remove("S1")
    index.remove("unheard-of")

    assert refs(index.suggest(item("N", "鍍金"))) == []
    assert index.refs == {"S2", "S3", "S4"}


def test_many_additions_are_merged(lexicon: Lexicon) -> None:
    index = build_index(SEEDS, lexicon)
    for number in range(80):
        index.add(item(f"T{number:02}", "刺繍の受託", f"{number}番"))

    assert len(index) == 84
    assert [i.ref for i in index.items()] == sorted(index.refs)
    assert set(refs(index.suggest(item("N", "刺繍"), limit=100))) == set(sorted(index.refs)[4:])


@given(texts("N"), st.lists(texts("S"), max_size=4))
@settings(deadline=None, max_examples=60)
def test_laws_of_a_suggestion(need: Text, seeds: list[Text]) -> None:
    items = [
        Item(f"S{number}", tokenise(text), frozenset({str(number % 2)}))
        for number, text in enumerate(seeds)
    ]
    lexicon = Lexicon(None, Glossary.from_rows([["めっき", "welding"], ["水温", "AI", "溶接"]]))
    index = build_index(items, lexicon)
    asked = Item("N", tokenise(need))
    found = index.suggest(asked)

    assert found == index.suggest(asked)
    assert [(-s.score, s.ref) for s in found] == sorted((-s.score, s.ref) for s in found)
    by_ref = {i.ref: i.terms.text for i in items}
    for suggestion in found:
        assert_lawful(suggestion, need, by_ref[suggestion.ref])
    kept = index.suggest(asked, keep=Keep(all_of=frozenset({"1"})))
    assert refs(kept) == [s.ref for s in found if int(s.ref[1:]) % 2]


def assert_lawful(suggestion: Suggestion, need: Text, seed: Text) -> None:
    assert 0 <= suggestion.score <= 100
    assert sum(suggestion.parts.values()) == pytest.approx(suggestion.score, abs=1e-6)
    assert set(suggestion.parts) <= set(LINKS)
    assert suggestion.reasons
    assert sum(reason.share for reason in suggestion.reasons) <= 1 + 1e-9
    for reason in suggestion.reasons:
        assert reason.link in LINKS
        assert need.cut(reason.need) == reason.need_term != ""
        assert seed.cut(reason.seed) == reason.seed_term != ""
        assert all(need.cut(span) for span in reason.need_spans)
        assert all(seed.cut(span) for span in reason.seed_spans)


def test_a_glossary_phrase_keeps_its_prefix() -> None:
    glossary = Glossary.from_rows([["副産物", "副生物", "by-product"]])

    def mentioned(title: str) -> list[str]:
        terms = tokenise(Text("", title))
        return [terms.text.cut(mention.span) for mention in glossary.mentions(terms)]

    assert mentioned("副生物の利用") == ["副生物"]
    assert mentioned("副産物を使う") == ["副産物"]
    assert mentioned("微生物の培養") == []
    assert mentioned("生物の観察") == []
