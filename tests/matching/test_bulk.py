"""A whole vocabulary at once gives what term by term gives; compiled loops give what numpy's do."""

import importlib.util
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.matching import Glossary, Item, Lexicon, Text, tokenise
from registry.matching.assemble import assemble
from registry.matching.counting import Held, NumpyCounting, Sorted
from registry.matching.graph import build_rows
from registry.matching.hashing import Letters, term_hash
from registry.matching.lexemes import Lexemes
from registry.matching.links import LINKS, links
from registry.matching.mapped import MappedVocabulary
from registry.matching.records import MappedItems, pack_items
from registry.matching.segment import STEP
from registry.matching.texts import PLAIN, Terms, Word
from registry.matching.vocabulary import Vocabulary
from tests.matching.samples import SEEDS, WORDS

COMPOUNDS = (
    "超音波洗浄機、精密部品洗浄、射出成形金型、無電解ニッケルめっき、太陽光発電設備、引っ張り試験、引張試験、"
    "省エネ、省エネルギー、塗る、塗装、磨く、研磨、切る、切断、センサー、センサ、センサァ、モニタリング、"
    "モニタリンク、ﾓﾆﾀﾘﾝｸﾞ、テクノグラフィクス、取り扱い、取扱、溶接する、welding、weldng、sensor、sensoring、"
    "technographics、kubernetes、kubernetse、kuberntes、山本製作所、自動車、車両、乗用車、購入、購買、医師、医者、運搬、運送、輸送、Wi-Fi、金型、金型保全、AI、US、京都、東京都"
)
LETTERS = st.text(st.characters(codec="utf-8"), max_size=12)


def known_terms() -> dict[str, Word]:
    """The terms of the samples and of compounds, with what the tokeniser knows."""
    found: dict[str, Word] = {}
    texts = [item.terms for item in SEEDS]
    texts += [tokenise(Text("", word)) for word in (*WORDS, *COMPOUNDS.split("、"))]
    for terms in texts:
        for term in terms.weights:
            found.setdefault(term, terms.word(term))
    rng = random.Random(7)
    for term in list(found)[::3]:
        if len(term) > 3:
            place = rng.randrange(2, len(term) - 1)
            found.setdefault(term[:place] + term[place + 1 :], PLAIN)
    found["g:1"] = PLAIN
    return found


def rows_of(lexicon: Lexicon, terms: dict[str, Word]) -> list[list[tuple[int, float, str]]]:
    rows = build_rows(Lexemes(list(terms), list(terms.values()), lexicon))
    found = []
    for start, end in zip(rows.starts[:-1], rows.starts[1:], strict=True):
        part = slice(int(start), int(end))
        kinds = [LINKS[kind] for kind in rows.kinds[part]]
        triples = zip(rows.numbers[part].tolist(), rows.weights[part].tolist(), kinds, strict=True)
        found.append(list(triples))
    return found


@pytest.mark.parametrize("translated", [True, False])
def test_the_links_of_all_terms_are_those_of_each(lexicon: Lexicon, translated: bool) -> None:
    lexicon = lexicon if translated else Lexicon(None)
    terms = known_terms()
    vocabulary = Vocabulary(lexicon)
    for term, word in terms.items():
        vocabulary.add(term, word)
    every = rows_of(lexicon, terms)

    expected = {"same", "spelling", "part", "sound", "translation" if translated else "synonym"}
    assert {kind for row in every for _, _, kind in row} >= expected
    for (term, word), row in zip(terms.items(), every, strict=True):
        alone = links(term, word, vocabulary)
        assert row == [(n, float(np.float32(weight)), kind) for n, weight, kind in alone], term


def test_words_that_the_vocabulary_lacks_find_the_same_in_arrays(lexicon: Lexicon) -> None:
    terms = known_terms()
    asked = dict(list(terms.items())[::2])
    items = [Item(f"S{n:04}", alone(term, word)) for n, (term, word) in enumerate(terms.items())]
    held = items[1::2]
    mapped = MappedVocabulary(assemble(held, lexicon).parts, lexicon)
    memory = Vocabulary(lexicon)
    for item in held:
        for term in item.terms.weights:
            memory.add(term, item.terms.word(term))

    assert [mapped.term(n) for n in range(len(mapped))] == memory.terms
    for term, word in asked.items():
        assert links(term, word, mapped) == links(term, word, memory), term
    hashes = np.array([term_hash(term) for term in terms], dtype=np.uint64)
    expected = [-1 if (n := memory.number(term)) is None else n for term in terms]
    assert mapped.numbers(hashes).tolist() == expected


def alone(term: str, word: Word) -> Terms:
    """The terms of a text that has one word."""
    from registry.matching import Token

    return Terms(Text("", term), (Token(term, 0, 0, 1),), {term: word} if word != PLAIN else {})


@given(st.lists(LETTERS, max_size=20))
def test_pieces_have_the_hash_of_their_letters(words: list[str]) -> None:
    letters = Letters.of(words)

    assert letters.hashes().tolist() == [term_hash(word) for word in words]
    for place, word in enumerate(words):
        if len(word) >= 2:
            start = letters.offsets[place : place + 1]
            (piece,) = letters.pieces(start + 1, start + len(word)).tolist()
            assert piece == term_hash(word[1:])


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
@given(st.lists(st.lists(st.integers(0, 40), max_size=12, unique=True), max_size=12))
@settings(deadline=None, max_examples=25)
def test_compiled_loops_give_what_numpy_gives(items: list[list[int]]) -> None:
    from registry.matching.counting_compiled import CompiledCounting

    one, other = NumpyCounting(), CompiledCounting()
    hashes = np.array([n * 977 for item in items for n in item], dtype=np.uint64)
    numbers, firsts = one.number(hashes)
    for got, want in zip(other.number(hashes), (numbers, firsts), strict=True):
        assert got.tolist() == want.tolist()
    rng = np.random.default_rng(len(hashes))
    rows = np.cumsum([0, *map(len, items)])
    impacts = rng.uniform(0.1, 2.6, len(hashes)).astype(np.float32)
    held = Held(rows, numbers, impacts)
    postings = one.sort(held, len(firsts), STEP)
    same(other.sort(held, len(firsts), STEP), postings)
    sizes = rng.integers(1, 4, len(firsts))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    linked = rng.integers(0, max(len(firsts), 1), starts[-1]).astype(np.int32)
    graph = Held(starts, linked, rng.uniform(0.1, 1, starts[-1]).astype(np.float32))
    counted = one.frequencies(graph, postings, len(items))
    assert other.frequencies(graph, postings, len(items)).tolist() == counted.tolist()


def same(got: Sorted, want: Sorted) -> None:
    for one, other in zip(got, want, strict=True):
        assert one.tolist() == other.tolist()


def test_long_rows_are_counted_like_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    rows = np.arange(0, 3001, 10)
    numbers = np.concatenate([rng.choice(50, 10, replace=False) for _ in range(300)])
    held = Held(rows, numbers.astype(np.int32), rng.uniform(0.1, 2.6, 3000).astype(np.float32))
    postings = NumpyCounting().sort(held, 50, STEP)
    linked = rng.integers(0, 50, 200).astype(np.int32)
    graph = Held(np.arange(0, 201, 4), linked, rng.uniform(0.1, 1, 200).astype(np.float32))
    short = NumpyCounting().frequencies(graph, postings, 300)
    monkeypatch.setattr("registry.matching.counting._FEW", 0)

    assert short.min() > 0
    assert NumpyCounting().frequencies(graph, postings, 300).tolist() == short.tolist()


@given(
    st.lists(
        st.tuples(LETTERS, LETTERS, st.one_of(LETTERS, st.tuples(LETTERS, LETTERS), st.just(()))),
        max_size=6,
    ),
    st.lists(st.frozensets(st.sampled_from(["a", "b", "c"])), min_size=6, max_size=6),
)
@settings(deadline=None, max_examples=50)
def test_items_are_read_back_from_arrays(texts, tags) -> None:
    items = [
        Item(f"S{n}", tokenise(Text(f"S{n}" if n % 2 else "x", *fields, tags[n])), tags[-1 - n])
        for n, fields in enumerate(texts)
    ]
    made = assemble(items, Lexicon(None))
    mapped = MappedItems({"packed": made.packed, **pack_items(made.items)})

    assert list(mapped) == items
    assert [mapped.find(item.ref) for item in items] == list(range(len(items)))
    assert mapped.find("T") is None
    for tag in ("a", "b", "c", "d"):
        assert mapped.tagged(tag).tolist() == [n for n, i in enumerate(items) if tag in i.tags]


def test_the_glossarys_terms_join_those_of_the_text() -> None:
    glossary = Glossary.from_rows([["町工場落語", "factory storytelling"], ["金型", "die"]])
    lexicon = Lexicon(None, glossary)
    texts = ("町工場落語の夕べ", "めっき", "A factory storytelling evening", "射出成形金型の保全")
    items = [Item(f"S{n}", tokenise(Text(f"S{n}", text))) for n, text in enumerate(texts)]
    made = assemble(items, lexicon)
    vocabulary = MappedVocabulary(made.parts, lexicon)
    rows, numbers = made.postings.rows, made.postings.numbers
    for place, item in enumerate(items):
        terms = [vocabulary.term(n) for n in numbers[rows[place] : rows[place + 1]].tolist()]
        mentioned = [mention.term for mention in glossary.mentions(item.terms)]
        assert terms == [*item.terms.weights, *dict.fromkeys(mentioned)]
