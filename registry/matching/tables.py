"""The look-up tables of a whole vocabulary: by which keys terms are found from words that it does
not have. `listed` and `stems` of a mapped vocabulary read them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.hashing import Hashes, Letters, keyed, keyed_all, term_hash
from registry.matching.lexemes import Ints, Keyed, Lexemes
from registry.matching.vocabulary import (
    BEGINNING,
    BONES,
    GROUP,
    KANJI_OF,
    PART_OF,
    PIVOT_OF,
    SLIP,
    SOUND_OF,
    SPELLED,
    VERB,
)

Arrays = dict[str, NDArray[Any]]
_KINDS = (GROUP, PART_OF, VERB, KANJI_OF, BONES, BEGINNING, PIVOT_OF, SOUND_OF, SPELLED, SLIP)
_BLOCKS = (SOUND_OF, SPELLED, SLIP)
_CODES = (VERB, KANJI_OF)
_ENGLISH_BIT, _LETTER_BIT = 62, 32


def key_of(kind: str, key: str) -> int:
    """The key of a look-up, as `Vocabulary.tables` names it, as a number."""
    if kind in _BLOCKS:
        value = int(key[0]) << _ENGLISH_BIT | ord(key[1]) << _LETTER_BIT | int(key[2:])
    elif kind == GROUP:
        value = int(key)
    else:
        value = ord(key) if kind in _CODES else term_hash(key)
    return keyed(_KINDS.index(kind), value)


def build_tables(lexemes: Lexemes) -> Arrays:
    """Keys in ascending order with the numbers of their terms."""
    keys, numbers = [], []
    for kind, (values, found) in _entries(lexemes).items():
        keys.append(keyed_all(_KINDS.index(kind), values))
        numbers.append(found)
    return _pack(np.concatenate(keys), np.concatenate(numbers))


def build_stems(lexemes: Lexemes) -> Arrays:
    """The Japanese terms by the English stems that JMdict has for them, with strengths."""
    owners, stems, strengths = lexemes.glossed
    if lexemes.thesaurus is None:
        return _pack(np.zeros(0, dtype=np.uint64), owners) | {"strengths": strengths}
    keys = lexemes.thesaurus.stem_hashes[stems]
    order = np.argsort(keys, kind="stable")
    return _pack(keys, owners) | {"strengths": strengths[order]}


def build_ids(lexemes: Lexemes) -> Arrays:
    """The terms by their hashes."""
    return {"hashes": lexemes.sorted, "numbers": lexemes.order}


def _pack(keys: Hashes, numbers: Ints) -> Arrays:
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)])
    starts = np.append(first, len(keys)).astype(np.int64)
    return {"hashes": keys[first], "starts": starts, "numbers": numbers[order].astype(np.int32)}


def _entries(lexemes: Lexemes) -> dict[str, Keyed]:
    hashes, owners, _ = lexemes.runs
    order = np.lexsort((hashes, owners))
    hashes, owners = hashes[order], owners[order]
    kept = np.ones(len(owners), dtype=bool)
    kept[1:] = (np.diff(owners) != 0) | (hashes[1:] != hashes[:-1])
    who, stems = lexemes.pivots
    glosses = stems.astype(np.uint64)
    if lexemes.thesaurus is not None:
        glosses = lexemes.thesaurus.stem_hashes[stems]
    return {
        GROUP: lexemes.groups,
        PART_OF: (hashes[kept], owners[kept]),
        VERB: lexemes.verbs,
        KANJI_OF: lexemes.compounds,
        BONES: lexemes.bones,
        BEGINNING: lexemes.beginnings,
        PIVOT_OF: (glosses, who),
        SOUND_OF: _sounds(lexemes),
        SPELLED: _spelled(lexemes, lexemes.spelled),
        SLIP: _spelled(lexemes, lexemes.spelled & ~lexemes.known),
    }


def _sounds(lexemes: Lexemes) -> Keyed:
    who = np.array([n for n, bones in enumerate(lexemes.skeletons) if bones], dtype=np.int64)
    letters = Letters.of([lexemes.skeletons[n] for n in who.tolist()])
    return _blocks(lexemes.english[who], letters), who.astype(np.int32)


def _spelled(lexemes: Lexemes, fit: NDArray[np.bool_]) -> Keyed:
    return _blocks(lexemes.english, lexemes.seen)[fit], np.flatnonzero(fit).astype(np.int32)


def _blocks(english: NDArray[np.bool_], letters: Letters) -> Hashes:
    blocks: Hashes = letters.lengths.astype(np.uint64)
    blocks += letters.at(0).astype(np.uint64) << np.uint64(_LETTER_BIT)
    blocks[english] += np.uint64(1 << _ENGLISH_BIT)
    return blocks
