"""Items in files: texts, packed terms, vectors, tags; each is read when somebody asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.assemble import pack_strings
from registry.matching.counting import spread
from registry.matching.mapped import Arrays, Strings
from registry.matching.meaning import Passages
from registry.matching.segment import Ints, Item
from registry.matching.texts import Terms, Text

_FIELDS, _KEYWORDS = "\x1f", "\x1e"


def pack_items(items: Sequence[Item]) -> dict[str, Arrays]:
    """Items, which stand in order of ref, as arrays; their packed terms come from `assemble`."""
    sets: dict[frozenset[str], int] = {}
    carried = np.array(
        [
            (sets.setdefault(i.tags, len(sets)), sets.setdefault(i.terms.text.tags, len(sets)))
            for i in items
        ],
        dtype=np.int32,
    ).reshape(-1, 2)
    return {
        "refs": pack_strings([item.ref.encode("utf-8", "surrogatepass") for item in items]),
        "texts": pack_strings([_pack_text(item.ref, item.terms.text) for item in items]),
        "passages": pack_strings([i.passages.to_bytes() if i.passages else b"" for i in items]),
        "carried": {"sets": carried},
        "sets": pack_strings([json.dumps(sorted(tags)).encode() for tags in sets]),
        **_pack_tags(list(sets), carried[:, 0]),
    }


class MappedItems:
    """What `pack_items` made, with packed terms."""

    def __init__(self, parts: Mapping[str, Arrays]) -> None:
        """Nothing is read yet."""
        self._refs, self._texts = Strings(parts["refs"]), Strings(parts["texts"])
        self._packed, self._passages = Strings(parts["packed"]), Strings(parts["passages"])
        self._carried: NDArray[np.int32] = parts["carried"]["sets"]
        self._sets, self._names = Strings(parts["sets"]), Strings(parts["tags"])
        self._tagged = parts["tagged"]
        self._read: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._refs)

    def __getitem__(self, place: int) -> Item:
        ref = self.ref(place)
        tags, own_tags = (self._set(int(number)) for number in self._carried[place])
        text = _unpack_text(ref, self._texts[place], own_tags)
        vectors = self._passages[place]
        passages = Passages.from_bytes(vectors, text) if vectors else None
        return Item(ref, Terms.unpack(self._packed[place], text), tags, passages)

    def __iter__(self) -> Iterator[Item]:
        return (self[place] for place in range(len(self)))

    def ref(self, place: int) -> str:
        """The ref of the item at a place."""
        return self._refs[place].decode("utf-8", "surrogatepass")

    def find(self, ref: str) -> int | None:
        """The place of a ref; None when there is none. Refs are in order."""
        place = _search(self._refs, ref.encode("utf-8", "surrogatepass"))
        return place if place is not None else None

    def tagged(self, tag: str) -> Ints:
        """The places of the items with a tag, ascending."""
        number = _search(self._names, tag.encode("utf-8", "surrogatepass"))
        if number is None:
            return np.zeros(0, dtype=np.int32)
        start, end = self._tagged["starts"][number : number + 2]
        found: Ints = self._tagged["places"][start:end]
        return found

    def _set(self, number: int) -> frozenset[str]:
        found = self._read.get(number)
        if found is None:
            found = frozenset(json.loads(self._sets[number]))
            if len(self._read) < 1000:
                self._read[number] = found
        return found


def _search(strings: Strings, sought: bytes) -> int | None:
    """The place of a string among ascending ones."""
    low, high = 0, len(strings)
    while low < high:
        middle = (low + high) // 2
        if strings[middle] < sought:
            low = middle + 1
        else:
            high = middle
    return low if low < len(strings) and strings[low] == sought else None


def _pack_text(ref: str, text: Text) -> bytes:
    """The text in four fields; one with the separating signs in it as JSON."""
    own = "" if text.ref == ref else text.ref
    raw = text.keywords
    if isinstance(raw, str):
        plain, signs = _FIELDS.join((own, text.title, text.description, raw)), 3
    else:
        keywords = _KEYWORDS.join(raw)
        plain, signs = _FIELDS.join((own, text.title, text.description, "", keywords)), 4
        if keywords.count(_KEYWORDS) != len(raw) - 1 or raw == ("",):
            signs = -1
    if plain.count(_FIELDS) != signs or plain.startswith("["):
        fields: list[Any] = [own, text.title, text.description, raw if signs == 3 else list(raw)]
        return json.dumps(fields).encode()
    return plain.encode("utf-8", "surrogatepass")


def _unpack_text(ref: str, raw: bytes, tags: frozenset[str]) -> Text:
    if raw.startswith(b"["):
        own, title, description, found = json.loads(raw)
        keywords = found if isinstance(found, str) else tuple(found)
        return Text(own or ref, title, description, keywords, tags)
    own, title, description, *rest = raw.decode("utf-8", "surrogatepass").split(_FIELDS)
    keywords = rest[0] if len(rest) == 1 else tuple(rest[1].split(_KEYWORDS))
    return Text(own or ref, title, description, keywords, tags)


def _pack_tags(sets: Sequence[frozenset[str]], carried: NDArray[np.int32]) -> dict[str, Arrays]:
    """The tags in order, and the places of the items that carry each."""
    names = sorted({tag for tags in sets for tag in tags})
    numbers = {tag: number for number, tag in enumerate(names)}
    sizes = np.array([len(tags) for tags in sets], dtype=np.int64)
    flat = np.array([numbers[tag] for tags in sets for tag in tags], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    tags = flat[spread(starts[carried], sizes[carried])] if len(flat) else flat
    places = np.repeat(np.arange(len(carried), dtype=np.int32), sizes[carried] if len(sizes) else 0)
    bounds = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tags, minlength=len(names)), out=bounds[1:])
    order = np.argsort(tags, kind="stable")
    return {
        "tags": pack_strings([name.encode("utf-8", "surrogatepass") for name in names]),
        "tagged": {"starts": bounds, "places": places[order]},
    }
