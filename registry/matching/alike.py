"""Words of a vocabulary that look or sound alike: only those are compared that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from registry.matching import links as rules
from registry.matching.lexemes import Ints, Lexemes, Mask

Edges = tuple[Ints, Ints, NDArray[np.float64]]
_CELLS = 1 << 21
"""Most pairs compared in one step."""


def spellings(lexemes: Lexemes) -> Edges:
    """Slips and words that no dictionary has: the edit ratio of words that begin alike."""
    seen = lexemes.seen
    sought = ~lexemes.concept & (seen.lengths >= lexemes.shortest)
    words = lexemes.spelled | sought
    blocks = seen.at(0).astype(np.int64) * 2 + lexemes.english
    who = np.flatnonzero(words)
    who = who[np.lexsort((seen.lengths[who], blocks[who]))]
    letters = [lexemes.words[n].written or _bare(lexemes.terms[n]) for n in who.tolist()]
    found = _alike(
        letters, blocks[who], ~lexemes.known[who], np.ones(len(who), bool), rules.SPELLING_CUTOFF
    )
    unknown, other, ratio = found
    one, two = who[unknown].astype(np.int32), who[other].astype(np.int32)
    weight = rules.SPELLING * (ratio - 0.75) / 0.25
    source, target = np.concatenate([one, two]), np.concatenate([two, one])
    fit = sought[source] & lexemes.spelled[target] & (source != target)
    return source[fit], target[fit], np.concatenate([weight, weight])[fit]


def sounds(lexemes: Lexemes) -> Edges:
    """Katakana that JMdict does not translate, and English, by the skeleton of consonants."""
    bones = lexemes.skeletons
    who = np.array([n for n, b in enumerate(bones) if b], dtype=np.int64)
    if not len(who):
        return who.astype(np.int32), who.astype(np.int32), np.zeros(0)
    blocks = np.array([ord(bones[n][0]) for n in who.tolist()], dtype=np.int64)
    lengths = np.array([len(bones[n]) for n in who.tolist()])
    order = np.lexsort((lengths, blocks))
    who, blocks = who[order], blocks[order]
    english = lexemes.english[who]
    katakana, latin, ratio = _alike(
        [bones[n] for n in who.tolist()], blocks, ~english, english, rules.SOUND_CUTOFF
    )
    one, two = who[katakana].astype(np.int32), who[latin].astype(np.int32)
    weight = rules.SOUND * ratio
    return np.concatenate([one, two]), np.concatenate([two, one]), np.concatenate([weight, weight])


def _bare(term: str) -> str:
    return term.removeprefix(rules.ENGLISH)


def _alike(
    words: Sequence[str], blocks: NDArray[np.int64], asking: Mask, asked: Mask, cutoff: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Places of words of one block that reach an edit ratio, with the ratio 0–1.

    The words stand in order of block and length.
    """
    ones, others, ratios = [], [], []
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    for mine, theirs in _chunks(blocks, lengths, asking, asked, cutoff / 100):
        table = process.cdist(
            [words[n] for n in mine.tolist()],
            [words[n] for n in theirs.tolist()],
            scorer=fuzz.ratio,
            score_cutoff=cutoff,
            dtype=np.float32,
        )
        row, column = np.nonzero(table)
        ones.append(mine[row])
        others.append(theirs[column])
        ratios.append(table[row, column].astype(np.float64) / 100)
    if not ones:
        nobody = np.zeros(0, dtype=np.int64)
        return nobody, nobody, np.zeros(0)
    return np.concatenate(ones), np.concatenate(others), np.concatenate(ratios)


def _chunks(
    blocks: NDArray[np.int64], lengths: NDArray[np.int64], asking: Mask, asked: Mask, cutoff: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Who asks and who is asked: in small blocks all, in large ones those of like length."""
    bounds = np.flatnonzero(np.concatenate(([True], blocks[1:] != blocks[:-1]))[: len(blocks)])
    ends = np.append(bounds[1:], len(blocks))[: len(bounds)]
    for start, end in zip(bounds.tolist(), ends.tolist(), strict=True):
        mine = np.flatnonzero(asking[start:end]) + start
        theirs = np.flatnonzero(asked[start:end]) + start
        if len(mine) * len(theirs) <= 4096:
            if len(mine) and len(theirs):
                yield mine, theirs
            continue
        for length in np.unique(lengths[mine]).tolist():
            fit = rules.lengths_within(length, cutoff)
            low, high = np.searchsorted(lengths[theirs], [fit.start, fit.stop])
            like, same = theirs[low:high], mine[lengths[mine] == length]
            if len(like):
                step = max(1, _CELLS // len(like))
                for first in range(0, len(same), step):
                    yield same[first : first + step], like
