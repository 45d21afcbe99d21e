"""Arrays in files, mapped and shared by processes: strings, keys, a vocabulary, its rows, items."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.lexicon import Lexicon
from registry.matching.meaning import Passages
from registry.matching.reach import Graph, Reach, Row
from registry.matching.segment import Ints, Item
from registry.matching.texts import Terms, Text, Token, Word

Arrays = dict[str, NDArray[Any]]


def pack_strings(strings: Iterable[bytes]) -> Arrays:
    """Byte strings as one blob with offsets."""
    pieces = list(strings)
    offsets = np.zeros(len(pieces) + 1, dtype=np.int64)
    np.cumsum([len(piece) for piece in pieces], out=offsets[1:])
    return {"blob": np.frombuffer(b"".join(pieces), dtype=np.uint8), "offsets": offsets}


def pack_keys(table: Mapping[str, Sequence[int]]) -> Arrays:
    """Keys (hashed) with their numbers, in order of hash."""
    pairs = sorted((_hash(key), numbers) for key, numbers in table.items())
    starts = np.zeros(len(pairs) + 1, dtype=np.int64)
    np.cumsum([len(numbers) for _, numbers in pairs], out=starts[1:])
    flat = [number for _, numbers in pairs for number in numbers]
    return {
        "hashes": np.array([key for key, _ in pairs], dtype=np.uint64),
        "starts": starts,
        "numbers": np.array(flat, dtype=np.int32),
    }


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


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
    """What `pack_keys` made."""

    def __init__(self, arrays: Arrays) -> None:
        """Nothing is read yet."""
        self._hashes, self._starts = arrays["hashes"], arrays["starts"]
        self.numbers: Ints = arrays["numbers"]

    def where(self, key: str) -> slice:
        """The place of a key's numbers; empty for an unknown key."""
        sought = np.uint64(_hash(key))
        place = int(np.searchsorted(self._hashes, sought))
        if place == len(self._hashes) or self._hashes[place] != sought:
            return slice(0, 0)
        return slice(int(self._starts[place]), int(self._starts[place + 1]))

    def get(self, key: str) -> list[int]:
        """The numbers of a key."""
        found: list[int] = self.numbers[self.where(key)].tolist()
        return found


class MappedVocabulary:
    """A vocabulary in files; it cannot grow."""

    def __init__(self, parts: Mapping[str, Arrays], lexicon: Lexicon) -> None:
        """The parts that `write_segment` names."""
        self.lexicon = lexicon
        self._terms, self._words = Strings(parts["terms"]), Strings(parts["words"])
        self._ids, self._tables = Keys(parts["ids"]), Keys(parts["tables"])
        self._stems = Keys(parts["stems"])
        self._strengths = parts["stems"]["strengths"]

    def __len__(self) -> int:
        return len(self._terms)

    def number(self, term: str) -> int | None:
        """The number of a term; None when it is not here."""
        return next((n for n in self._ids.get(term) if self.term(n) == term), None)

    def term(self, number: int) -> str:
        """The term of a number."""
        return self._terms[number].decode()

    def word(self, number: int) -> Word:
        """What the tokeniser knew of it."""
        groups, parts, written = json.loads(self._words[number])
        return Word(tuple(groups), tuple(parts), written)

    def listed(self, kind: str, key: str) -> Sequence[int]:
        """The terms that are found by a key, in order of number."""
        return self._tables.get(kind + key)

    def stems(self, stem: str) -> Sequence[tuple[int, float]]:
        """The terms that JMdict translates so, with the strength."""
        where = self._stems.where(stem)
        numbers = self._stems.numbers[where].tolist()
        return list(zip(numbers, self._strengths[where].tolist(), strict=True))


class MappedReach(Reach):
    """Rows that were found when the index was written; of unknown terms they are sought."""

    def __init__(self, vocabulary: MappedVocabulary, graph: Arrays) -> None:
        """`graph` holds the rows one after the other."""
        super().__init__(vocabulary)
        self.graph = Graph(**graph)

    def _look_up(self, key: tuple[str, tuple[str, ...]], word: Word, age: int) -> Row:
        number = self.vocabulary.number(key[0])
        if number is None or key[1]:
            return super()._look_up(key, word, age)
        return self.graph.row(number, age)


class MappedItems:
    """Items in files; each is read when somebody asks for it."""

    def __init__(self, parts: Mapping[str, Arrays]) -> None:
        """The parts that `write_segment` names."""
        self._records, self._refs = Strings(parts["records"]), Strings(parts["refs"])
        self._places, self._tags = Keys(parts["places"]), Keys(parts["tags"])

    def __len__(self) -> int:
        return len(self._refs)

    def __getitem__(self, place: int) -> Item:
        return read_item(self._records[place])

    def __iter__(self) -> Iterator[Item]:
        return (self[place] for place in range(len(self)))

    def ref(self, place: int) -> str:
        """The ref of the item at a place."""
        return self._refs[place].decode("utf-8", "surrogatepass")

    def find(self, ref: str) -> int | None:
        """The place of a ref; None when there is none."""
        return next((place for place in self._places.get(ref) if self.ref(place) == ref), None)

    def tagged(self, tag: str) -> Ints:
        """The places of the items with a tag, ascending."""
        return self._tags.numbers[self._tags.where(tag)]


def item_record(item: Item) -> bytes:
    """An item as one record: its text, its terms, its vectors in half precision."""
    text = item.terms.text
    keywords = text.keywords if isinstance(text.keywords, str) else list(text.keywords)
    words = {t: [list(w.groups), list(w.parts), w.written] for t, w in item.terms.words.items()}
    tokens = [list(token) for token in item.terms.tokens]
    fields = [item.ref, text.ref, text.title, text.description, keywords, sorted(text.tags)]
    content = json.dumps([*fields, sorted(item.tags), tokens, words]).encode()
    vectors = item.passages.to_bytes() if item.passages is not None else b""
    return struct.pack(">I", len(content)) + content + vectors


def read_item(record: bytes) -> Item:
    """The item of a record."""
    size = struct.unpack(">I", record[:4])[0] + 4
    ref, own, title, description, keywords, own_tags, tags, tokens, words = json.loads(
        record[4:size]
    )
    if isinstance(keywords, list):
        keywords = tuple(keywords)
    text = Text(own, title, description, keywords, frozenset(own_tags))
    known = {t: Word(tuple(g), tuple(p), w) for t, (g, p, w) in words.items()}
    terms = Terms(text, tuple(Token(*token) for token in tokens), known)
    passages = Passages.from_bytes(record[size:], text) if len(record) > size else None
    return Item(ref, terms, frozenset(tags), passages)
