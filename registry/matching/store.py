"""An index in a folder: written once, checked, mapped by every process, replaced by rename.

A generation is a folder of arrays with a manifest (recipe, what it was made of, size and checksum
of every file). `current` names the generation in force; it is replaced in one step, after all
else is on the disk, so that a crash leaves the old index.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from registry.matching.dictionary import DICTIONARY_RECIPE
from registry.matching.index import Index
from registry.matching.kernel import Kernel
from registry.matching.lexicon import Lexicon
from registry.matching.mapped import (
    Arrays,
    MappedItems,
    MappedReach,
    MappedVocabulary,
    item_record,
    pack_keys,
    pack_strings,
)
from registry.matching.reach import Reach
from registry.matching.segment import Item, Postings, Segment, build_segment
from registry.matching.texts import RECIPE
from registry.matching.vocabulary import Vocabulary

LAYOUT = "2"
_CURRENT = "current"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Stored:
    """The indexes of a generation by name, and what the writer noted beside them."""

    generation: str
    indexes: dict[str, Index]
    notes: dict[str, Any]
    size: int


def write_indexes(
    folder: Path, items: Mapping[str, Iterable[Item]], lexicon: Lexicon, notes: dict[str, Any]
) -> str:
    """Write an index of each name and put the generation in force; its name."""
    folder.mkdir(parents=True, exist_ok=True)
    before = current(folder)
    generation = f"{int((before or '0-').split('-')[0]) + 1}-{os.urandom(4).hex()}"
    target = folder / generation
    try:
        target.mkdir()
        averages = {}
        for name, content in items.items():
            averages[name] = _write_segment(target / name, content, lexicon)
        manifest = {
            "recipe": _recipe(lexicon),
            "averages": averages,
            "notes": notes,
            "files": {
                str(path.relative_to(target)): [path.stat().st_size, _checksum(path)]
                for path in sorted(target.rglob("*.npy"))
            },
        }
        _write_text(target / _MANIFEST, json.dumps(manifest))
        _sync(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    _write_text(folder / f"{_CURRENT}.{generation}", generation)
    os.replace(folder / f"{_CURRENT}.{generation}", folder / _CURRENT)
    _sync(folder)
    _sweep(folder, {generation, before})
    return generation


def current(folder: Path) -> str | None:
    """The name of the generation in force; None when there is none."""
    try:
        return (folder / _CURRENT).read_text(encoding="utf-8") or None
    except OSError:
        return None


def open_indexes(folder: Path, lexicon: Lexicon, kernel: Kernel | None = None) -> Stored | None:
    """The generation in force, mapped; None when it is missing, damaged or of another recipe.

    Sizes are checked here, contents by `is_whole`, which reads every file.
    """
    generation = current(folder)
    if generation is None:
        return None
    target = folder / generation
    try:
        manifest = json.loads((target / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["recipe"] != _recipe(lexicon):
            return None
        for name, (size, _) in manifest["files"].items():
            if (target / name).stat().st_size != size:
                return None
        indexes = {
            name: Index.over(_open_segment(target / name, lexicon), average, lexicon, kernel)
            for name, average in manifest["averages"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None
    size = sum(size for size, _ in manifest["files"].values())
    return Stored(generation, indexes, manifest["notes"], size)


def is_whole(folder: Path, generation: str) -> bool:
    """Whether every file of a generation has its checksum."""
    target = folder / generation
    try:
        manifest = json.loads((target / _MANIFEST).read_text(encoding="utf-8"))
        return all(_checksum(target / name) == s for name, (_, s) in manifest["files"].items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def discard(folder: Path, generation: str) -> None:
    """Take a damaged generation out of force."""
    if current(folder) == generation:
        (folder / _CURRENT).unlink(missing_ok=True)


def _recipe(lexicon: Lexicon) -> list[str]:
    """What the rows and terms of an index depend on."""
    entries = json.dumps(sorted(lexicon.glossary.entries.items()), ensure_ascii=False)
    dictionary = DICTIONARY_RECIPE if lexicon.dictionary is not None else ""
    return [LAYOUT, RECIPE, dictionary, f"{zlib.crc32(entries.encode()):08x}"]


def _write_segment(folder: Path, items: Iterable[Item], lexicon: Lexicon) -> float:
    """Build a segment and write it; its average length."""
    ordered = sorted({item.ref: item for item in items}.values(), key=lambda item: item.ref)
    average = sum(item.terms.length for item in ordered) / max(len(ordered), 1)
    vocabulary = Vocabulary(lexicon)
    segment = build_segment(ordered, Reach(vocabulary), average)
    folder.mkdir()
    words = (json.dumps([w.groups, w.parts, w.written]).encode() for w in vocabulary.words)
    stems = {stem: [n for n, _ in pairs] for stem, pairs in vocabulary.by_stem.items()}
    parts: dict[str, Arrays] = {
        "postings": dict(vars(segment.postings)),
        "terms": pack_strings(term.encode() for term in vocabulary.terms),
        "words": pack_strings(words),
        "ids": pack_keys({term: [number] for term, number in vocabulary.ids.items()}),
        "tables": pack_keys(vocabulary.tables),
        "stems": pack_keys(stems) | {"strengths": _strengths(vocabulary)},
        "graph": _graph(segment, vocabulary),
        "records": pack_strings(item_record(item) for item in ordered),
        "refs": pack_strings(item.ref.encode("utf-8", "surrogatepass") for item in ordered),
        "places": pack_keys({item.ref: [place] for place, item in enumerate(ordered)}),
        "tags": pack_keys(_tags(ordered)),
        "vectors": {"rows": segment.vectors, "present": segment.has_vector},
    }
    for part, arrays in parts.items():
        for name, array in arrays.items():
            np.save(folder / f"{part}.{name}.npy", array)
    return average


def _strengths(vocabulary: Vocabulary) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The strengths beside the packed stems, in the same order."""
    numbered = {stem: range(len(pairs)) for stem, pairs in vocabulary.by_stem.items()}
    flat: list[float] = []
    bounds = {}
    for stem, pairs in vocabulary.by_stem.items():
        bounds[stem] = len(flat)
        flat.extend(strength for _, strength in pairs)
    packed = pack_keys({s: [bounds[s] + n for n in places] for s, places in numbered.items()})
    return np.array(flat, dtype=np.float64)[packed["numbers"]]


def _tags(items: Iterable[Item]) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        for tag in item.tags:
            table.setdefault(tag, []).append(place)
    return table


def _graph(segment: Segment, vocabulary: Vocabulary) -> Arrays:
    """The rows of all terms with their soft frequencies."""
    rows = [
        segment.reach.find((term, ()), vocabulary.words[number])
        for number, term in enumerate(vocabulary.terms)
    ]
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row.numbers) for row in rows], out=starts[1:])
    empty = [np.zeros(0)]
    return {
        "starts": starts,
        "numbers": np.concatenate([row.numbers for row in rows] or empty).astype(np.int32),
        "weights": np.concatenate([row.weights for row in rows] or empty).astype(np.float32),
        "kinds": np.concatenate([row.kinds for row in rows] or empty).astype(np.uint8),
        "frequencies": np.array([segment.count(row) for row in rows], dtype=np.int64),
    }


def _open_segment(folder: Path, lexicon: Lexicon) -> Segment:
    parts: dict[str, Arrays] = {}
    for path in folder.glob("*.npy"):
        part, name, _ = path.name.split(".")
        array = np.load(path, mmap_mode="r" if path.stat().st_size > _CHUNK // 64 else None)
        parts.setdefault(part, {})[name] = array.view(np.ndarray)
    reach = MappedReach(MappedVocabulary(parts, lexicon), parts["graph"])
    vectors = parts["vectors"]["rows"], parts["vectors"]["present"]
    return Segment(MappedItems(parts), Postings(**parts["postings"]), reach, vectors)


def _checksum(path: Path) -> str:
    total = 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            total = zlib.crc32(chunk, total)
    return f"{total:08x}"


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    """Have all that is in a folder on the disk."""
    for path in [folder, *folder.rglob("*")]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(folder: Path, kept: set[str | None]) -> None:
    """Remove generations that nobody opens any more; mapped files live on until unmapped."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
