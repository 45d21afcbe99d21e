"""A main segment out of items: from their packed terms to postings, links and look-up tables.

Nothing is done term by term or listing by listing that can be done for all at once; the terms of
a listing are not unpacked but for those it is the first to have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.counting import Counting, Held, Sorted, choose_counting
from registry.matching.graph import Rows, build_rows
from registry.matching.hashing import Offsets
from registry.matching.lexemes import Lexemes
from registry.matching.lexicon import Lexicon
from registry.matching.packed import HEAD_WORDS, Packed
from registry.matching.segment import STEP, Item, Postings, write_postings
from registry.matching.tables import build_ids, build_stems, build_tables
from registry.matching.texts import PLAIN, Word

Arrays = dict[str, NDArray[Any]]
_COUNT_AT, _LENGTH_AT = 2, 4
"""Where a packed head holds its number of terms (in 4 bytes) and its length (in 8 bytes)."""


@dataclass(frozen=True)
class Assembled:
    """Items by ref, the average of their lengths, their packed terms, and the arrays of a
    segment by part."""

    items: list[Item]
    average: float
    packed: Arrays
    postings: Postings
    parts: dict[str, Arrays]


def assemble(
    items: Iterable[Item], lexicon: Lexicon, counting: Counting | None = None
) -> Assembled:
    """Everything a main segment consists of; of several items with one ref the last counts."""
    counting = counting or choose_counting()
    ordered = [item for _, item in sorted({item.ref: item for item in items}.items())]
    packed = pack_strings([item.terms.packed for item in ordered])
    blob, heads = packed["blob"].view(np.uint64), packed["offsets"][:-1] // 8
    counts = blob.view(np.uint32)[2 * heads + _COUNT_AT].astype(np.int64)
    lengths = blob.view(np.float64)[heads + _LENGTH_AT]
    average = float(lengths.sum()) / max(len(ordered), 1)
    hashes, weights = counting.entries(blob, heads + HEAD_WORDS, counts)
    numbers, firsts = counting.number(hashes)
    rows = np.zeros(len(ordered) + 1, dtype=np.int64)
    np.cumsum(counts, out=rows[1:])
    terms, words = _first_terms(ordered, rows, firsts)
    held = _with_glossary(ordered, lexicon, Held(rows, numbers, weights), terms, words)
    postings = write_postings(*held[1:], held.rows, lengths, len(terms), average, counting)
    lexemes = Lexemes(terms, words, lexicon)
    parts = {
        "terms": pack_strings([term.encode("utf-8", "surrogatepass") for term in terms]),
        "words": pack_strings([_pack_word(word) for word in words]),
        "ids": build_ids(lexemes),
        "tables": build_tables(lexemes),
        "stems": build_stems(lexemes),
        "graph": _graph(lexemes, postings, len(ordered), counting),
    }
    return Assembled(ordered, average, packed, postings, parts)


def cut(made: Assembled, count: int, counting: Counting | None = None) -> list[Assembled]:
    """A segment as slices with the same vocabulary and statistics, which together answer exactly
    as the whole: impacts and links are the same, soft frequencies add up to the whole's."""
    if count < 2:
        return [made]
    counting = counting or choose_counting()
    graph, whole = made.parts["graph"], made.postings
    links = Held(graph["starts"], graph["numbers"], graph["weights"])
    bounds = np.linspace(0, len(made.items), count + 1).astype(np.int64).tolist()
    slices = []
    for first, last in pairwise(bounds):
        rows = whole.rows[first : last + 1]
        part = slice(int(rows[0]), int(rows[-1]))
        held = Held(rows - rows[0], whole.numbers[part], whole.weights[part])
        found = counting.sort(held, len(whole.most), STEP)
        postings = Postings(found.starts, found.marks, found.impacts, found.most, *held)
        offsets = made.packed["offsets"][first : last + 1]
        packed = {
            "blob": made.packed["blob"][int(offsets[0]) : int(offsets[-1])],
            "offsets": offsets - offsets[0],
        }
        own = graph | {"frequencies": counting.frequencies(links, found, last - first)}
        parts = made.parts | {"graph": own}
        slices.append(Assembled(made.items[first:last], made.average, packed, postings, parts))
    return slices


def pack_strings(strings: Sequence[bytes]) -> Arrays:
    """Byte strings as one blob with offsets."""
    offsets = np.zeros(len(strings) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, strings), dtype=np.int64, count=len(strings)), out=offsets[1:])
    return {"blob": np.frombuffer(b"".join(strings), dtype=np.uint8), "offsets": offsets}


def unpack_word(raw: bytes) -> Word:
    """A word as `assemble` keeps it."""
    if not raw:
        return PLAIN
    groups, parts, as_written = json.loads(raw)
    return Word(tuple(groups), tuple(parts), as_written)


def _pack_word(word: Word) -> bytes:
    return json.dumps(word).encode() if word != PLAIN else b""


def _first_terms(
    items: Sequence[Item], rows: Offsets, firsts: Offsets
) -> tuple[list[str], list[Word]]:
    """The terms in order of number with what the first listing that has them knows of them."""
    terms: list[str] = []
    words: list[Word] = []
    owners = np.searchsorted(rows, firsts, side="right") - 1
    names: list[str] = []
    known: dict[str, list[Any]] = {}
    last = -1
    for owner, place in zip(owners.tolist(), (firsts - rows[owners]).tolist(), strict=True):
        if owner != last:
            last = owner
            names, known = Packed(items[owner].terms.packed).texts()
        terms.append(names[place])
        facts = known.get(str(place))
        words.append(Word(tuple(facts[0]), tuple(facts[1]), facts[2]) if facts else PLAIN)
    return terms, words


def _with_glossary(
    items: Sequence[Item], lexicon: Lexicon, held: Held, terms: list[str], words: list[Word]
) -> Held:
    """The same with the entries of the office's glossary that items mention, as further terms.

    Only items are read that have a word with which a phrase begins.
    """
    glossary = lexicon.glossary
    if not glossary:
        return held
    begins = np.array(
        [
            any(unit in glossary.starts for unit in word.parts or (term,))
            for term, word in zip(terms, words, strict=True)
        ],
        dtype=bool,
    )
    owners = np.repeat(np.arange(len(items), dtype=np.int64), np.diff(held.rows))
    numbers: dict[str, int] = {}
    extra: list[tuple[int, int, float]] = []
    for place in np.unique(owners[begins[held.numbers]]).tolist():
        counts: dict[str, float] = {}
        for mention in glossary.mentions(items[place].terms):
            counts[mention.term] = counts.get(mention.term, 0.0) + mention.weight
        for term, weight in counts.items():
            number = numbers.setdefault(term, len(terms))
            if number == len(terms):
                terms.append(term)
                words.append(PLAIN)
            extra.append((place, number, weight))
    if not extra:
        return held
    more, found, weights = (np.array(column) for column in zip(*extra, strict=True))
    order = np.argsort(np.concatenate([owners, more]), kind="stable")
    rows = held.rows.copy()
    rows[1:] += np.cumsum(np.bincount(more, minlength=len(items)))
    return Held(
        rows,
        np.concatenate([held.numbers, found.astype(np.int32)])[order],
        np.concatenate([held.weights, weights.astype(np.float32)])[order],
    )


def _graph(lexemes: Lexemes, postings: Postings, items: int, counting: Counting) -> Arrays:
    """The rows of all terms with their soft frequencies, and how common each is elsewhere."""
    rows: Rows = build_rows(lexemes)
    by_term = Sorted(postings.starts, postings.marks, postings.impacts, postings.most)
    held = Held(rows.starts, rows.numbers, rows.weights)
    return {
        "starts": rows.starts,
        "numbers": rows.numbers,
        "weights": rows.weights,
        "kinds": rows.kinds,
        "frequencies": counting.frequencies(held, by_term, items),
        "backgrounds": lexemes.backgrounds,
    }
