"""The links of a whole vocabulary at once: the rules of `links.py` over arrays.

Every function gives edges: from a term, to a term, weight. They come in the order in which
`links.py` tries the kinds, because of equal weights the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching import links as rules
from registry.matching.alike import sounds, spellings
from registry.matching.counting import spread
from registry.matching.hashing import Hashes, Offsets
from registry.matching.lexemes import Ints, Lexemes
from registry.matching.reach import KINDS

Weights = NDArray[np.float64]
Edges = tuple[Ints, Ints, Weights]


class Rows(NamedTuple):
    """The links of every term, the strongest first: row `n` is `starts[n]:starts[n + 1]`."""

    starts: Offsets
    numbers: Ints
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]


def build_rows(lexemes: Lexemes) -> Rows:
    """The rows of all terms, those that `links` gives for one after the other."""
    count = len(lexemes)
    sources, targets, weights, kinds = [], [], [], []
    for name, (one, other, weights_of_kind) in _edges(lexemes):
        sources.append(one.astype(np.int64))
        targets.append(other.astype(np.int64))
        weights.append(weights_of_kind)
        kinds.append(np.full(len(one), KINDS[name], dtype=np.uint8))
    source, target = np.concatenate(sources), np.concatenate(targets)
    weight, kind = np.concatenate(weights), np.concatenate(kinds)
    order = np.lexsort((-weight, source * count + target))
    pair = (source * count + target)[order]
    first = order[np.concatenate(([True], pair[1:] != pair[:-1]))] if len(order) else order
    first = first[np.lexsort((target[first], -weight[first], source[first]))]
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(source[first], minlength=count), out=starts[1:])
    return Rows(
        starts,
        target[first].astype(np.int32),
        weight[first].astype(np.float32),
        kind[first],
    )


def _edges(lexemes: Lexemes) -> Iterator[tuple[str, Edges]]:
    everyone = np.arange(len(lexemes), dtype=np.int32)
    yield "same", (everyone, everyone, np.ones(len(lexemes)))
    yield "translation", _translations(lexemes)
    yield "translation", _pivots(lexemes)
    yield "synonym", _synonyms(lexemes)
    yield "part", _parts(lexemes)
    yield "part", _kanji(lexemes)
    yield "spelling", _okurigana(lexemes)
    yield "spelling", _short_forms(lexemes)
    yield "spelling", spellings(lexemes)
    yield "sound", sounds(lexemes)


def both_ways(source: Ints, target: Ints, weight: Weights) -> Edges:
    """Edges and their opposites."""
    return (
        np.concatenate([source, target]),
        np.concatenate([target, source]),
        np.concatenate([weight, weight]),
    )


def _translations(lexemes: Lexemes) -> Edges:
    """A Japanese term and the English ones that JMdict translates it by."""
    owners, stems, strengths = lexemes.glossed
    if lexemes.thesaurus is None:
        return owners, stems, strengths
    found = lexemes.find(lexemes.thesaurus.english_hashes)[stems]
    here = found >= 0
    return both_ways(owners[here], found[here], rules.TRANSLATION * strengths[here])


def _pivots(lexemes: Lexemes) -> Edges:
    """Japanese terms that share a one-word gloss; one that few words have says more."""
    owners, stems = lexemes.pivots
    one, other, gloss = pairs(stems.astype(np.uint64), owners, rules.CROWDED_PIVOT)
    if lexemes.thesaurus is None or not len(one):
        return one, other, np.zeros(len(one))
    uses = lexemes.thesaurus.uses[gloss.astype(np.int64)].astype(np.float64)
    strengths = np.sqrt(rules.SPECIFIC_PIVOT / np.maximum(uses, rules.SPECIFIC_PIVOT))
    key = one.astype(np.int64) * len(lexemes) + other
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    sums = np.add.reduceat(strengths[order], starts)
    first = order[starts]
    return one[first], other[first], rules.PIVOT * np.minimum(1.0, sums)


def _synonyms(lexemes: Lexemes) -> Edges:
    one, other, _ = pairs(*lexemes.groups, rules.CROWDED_GROUP)
    return one, other, np.full(len(one), rules.SYNONYM)


def _parts(lexemes: Lexemes) -> Edges:
    """A compound and its parts: the less of it they are, the less they say."""
    hashes, owners, lengths = lexemes.runs
    found = lexemes.find(hashes)
    here = (found >= 0) & (found != owners)
    part, whole = found[here], owners[here]
    share = lengths[here] / lexemes.letters.lengths[whole]
    weights = np.concatenate([rules.PART * share, rules.PART * np.minimum(1.0, share)])
    return np.concatenate([whole, part]), np.concatenate([part, whole]), weights


def _kanji(lexemes: Lexemes) -> Edges:
    """A verb and a word of two kanji that holds its kanji (塗る, 塗装)."""
    keys, verbs = lexemes.verbs
    held, compounds = lexemes.compounds
    order = np.argsort(held, kind="stable")
    first = np.searchsorted(held[order], keys, side="left")
    sizes = np.searchsorted(held[order], keys, side="right") - first
    sizes[sizes > rules.CROWDED_KANJI] = 0
    target = compounds[order][spread(first, sizes)]
    source = np.repeat(verbs, sizes)
    return both_ways(source, target, np.full(len(source), rules.KANJI))


def _okurigana(lexemes: Lexemes) -> Edges:
    one, other, _ = pairs(*lexemes.bones)
    return one, other, np.full(len(one), rules.OKURIGANA)


def _short_forms(lexemes: Lexemes) -> Edges:
    """省エネ and 省エネルギー, when JMdict says of both mostly the same."""
    hashes, owners = lexemes.beginnings
    found = lexemes.find(hashes)
    here = (found >= 0) & (lexemes.entries[np.maximum(found, 0)] >= 0)
    here &= lexemes.entries[owners] >= 0
    short, long = found[here], owners[here]
    same = np.zeros(len(short), dtype=bool)
    if lexemes.thesaurus is not None:
        starts, stems = lexemes.thesaurus.stem_starts, lexemes.thesaurus.stems

        def glosses(term: int) -> set[int]:
            entry = lexemes.entries[term]
            return set(stems[starts[entry] : starts[entry + 1]].tolist())

        for place, (one, other) in enumerate(zip(short.tolist(), long.tolist(), strict=True)):
            ours, theirs = glosses(one), glosses(other)
            same[place] = 2 * len(ours & theirs) > max(len(ours), len(theirs))
    return both_ways(short[same], long[same], np.full(int(same.sum()), rules.SHORT_FORM))


def pairs(keys: Hashes, members: Ints, most: int | None = None) -> tuple[Ints, Ints, Hashes]:
    """All pairs of unlike members under one key, both ways, and the key.

    A key with more than `most` members says nothing.
    """
    order = np.argsort(keys, kind="stable")
    keys, members = keys[order], members[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)])
    sizes = np.diff(np.append(starts, len(keys)))
    fit = (sizes > 1) & (sizes <= (most if most is not None else len(keys)))
    starts, sizes = starts[fit], sizes[fit]
    lefts = np.repeat(spread(starts, sizes), np.repeat(sizes, sizes))
    rights = spread(np.repeat(starts, sizes), np.repeat(sizes, sizes))
    one, other = members[lefts], members[rights]
    unlike = one != other
    return one[unlike], other[unlike], keys[lefts][unlike]
