"""Arrays in files, mapped and shared by processes: strings, keys, a vocabulary, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.assemble import Assembled, assemble, unpack_word
from registry.matching.hashing import Hashes, term_hash
from registry.matching.lexicon import Lexicon
from registry.matching.reach import Graph, Reach, Row
from registry.matching.segment import Ints, Item, Listed, Segment, vectors_of
from registry.matching.tables import key_of
from registry.matching.texts import Word
from registry.matching.thesaurus import find

Arrays = dict[str, NDArray[Any]]


class Strings:
    """What `pack_strings` made."""

    def __init__(self, arrays: Arrays) -> None:
        """Nothing is read yet."""
        self._blob, self._offsets = arrays["blob"], arrays["offsets"]

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._blob[self._offsets[number] : self._offsets[number + 1]].tobytes()


class Keys:
    """Ascending keys, each with numbers."""

    def __init__(self, arrays: Arrays) -> None:
        """Nothing is read yet."""
        self._hashes, self._starts = arrays["hashes"], arrays["starts"]
        self.numbers: Ints = arrays["numbers"]

    def where(self, key: int) -> slice:
        """The place of a key's numbers; empty for an unknown key."""
        sought = np.uint64(key)
        place = int(np.searchsorted(self._hashes, sought))
        if place == len(self._hashes) or self._hashes[place] != sought:
            return slice(0, 0)
        return slice(int(self._starts[place]), int(self._starts[place + 1]))


class MappedVocabulary:
    """A vocabulary as arrays; it cannot grow."""

    def __init__(self, parts: Mapping[str, Arrays], lexicon: Lexicon) -> None:
        """The parts that `assemble` names."""
        self.lexicon = lexicon
        self._terms, self._words = Strings(parts["terms"]), Strings(parts["words"])
        self._hashes: Hashes = parts["ids"]["hashes"]
        self._numbers: Ints = parts["ids"]["numbers"]
        self._tables, self._stems = Keys(parts["tables"]), Keys(parts["stems"])
        self._strengths = parts["stems"]["strengths"]

    def __len__(self) -> int:
        return len(self._terms)

    def number(self, term: str) -> int | None:
        """The number of a term; None when it is not here."""
        sought = np.uint64(term_hash(term))
        place = int(np.searchsorted(self._hashes, sought))
        if place == len(self._hashes) or self._hashes[place] != sought:
            return None
        number = int(self._numbers[place])
        return number if self.term(number) == term else None

    def numbers(self, hashes: Hashes) -> Ints:
        """The numbers of many terms by their hashes; −1 for those that are not here."""
        place = find(self._hashes, hashes)
        if not len(self._numbers):
            return place
        return np.where(place >= 0, self._numbers[place], -1).astype(np.int32)

    def term(self, number: int) -> str:
        """The term of a number."""
        return self._terms[number].decode("utf-8", "surrogatepass")

    def word(self, number: int) -> Word:
        """What the tokeniser knew of it."""
        return unpack_word(self._words[number])

    def listed(self, kind: str, key: str) -> Sequence[int]:
        """The terms that are found by a key, in order of number."""
        if not key:
            return ()
        found: list[int] = self._tables.numbers[self._tables.where(key_of(kind, key))].tolist()
        return found

    def stems(self, stem: str) -> Sequence[tuple[int, float]]:
        """The terms that JMdict translates so, with the strength."""
        where = self._stems.where(term_hash(stem))
        numbers = self._stems.numbers[where].tolist()
        return list(zip(numbers, self._strengths[where].tolist(), strict=True))


class MappedReach(Reach):
    """Rows that were found when the index was made; of unknown terms they are sought."""

    def __init__(self, vocabulary: MappedVocabulary, graph: Arrays) -> None:
        """`graph` holds the rows one after the other."""
        super().__init__(vocabulary)
        self._rows_of_all = Graph(**graph)
        self.graph = self._rows_of_all

    def _look_up(self, key: tuple[str, tuple[str, ...]], word: Word, age: int) -> Row:
        number = self.vocabulary.number(key[0])
        if number is None or key[1]:
            return super()._look_up(key, word, age)
        return self._rows_of_all.row(number, age)


def reach_of(parts: Mapping[str, Arrays], lexicon: Lexicon) -> MappedReach:
    """The vocabulary and rows of a main segment."""
    return MappedReach(MappedVocabulary(parts, lexicon), parts["graph"])


def build_main(items: Iterable[Item], lexicon: Lexicon) -> tuple[Segment, float]:
    """A main segment in memory, the same as one in files, and the average length of its items."""
    made = assemble(items, lexicon)
    return segment_of(made, lexicon), made.average


def segment_of(made: Assembled, lexicon: Lexicon) -> Segment:
    """What was assembled, as a segment in memory."""
    reach = reach_of(made.parts, lexicon)
    return Segment(Listed(made.items), made.postings, reach, vectors_of(made.items))
