"""An index in a folder: written once, checked, mapped by every process, replaced by rename.

A generation is a folder of arrays with a manifest (recipe, what it was made of, size and checksum
of every file). `current` names the generation in force; it is replaced in one step, after all
else is on the disk, so that a crash leaves the old index.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.assemble import Assembled, assemble, cut
from registry.matching.coarse import Coarse, coarsen
from registry.matching.dictionary import DICTIONARY_RECIPE
from registry.matching.index import Index
from registry.matching.kernel import Kernel
from registry.matching.lexicon import Lexicon
from registry.matching.mapped import Arrays, reach_of
from registry.matching.records import MappedItems, pack_items
from registry.matching.segment import Item, Postings, Segment, vectors_of
from registry.matching.texts import RECIPE

LAYOUT = "6"
_CURRENT = "current"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 22
_WRITERS = 2

Files = dict[Path, tuple[int, str]]


@dataclass(frozen=True)
class Stored:
    """The indexes of a generation by name, and what the writer noted beside them."""

    generation: str
    indexes: dict[str, Index]
    notes: dict[str, Any]
    size: int


def write_indexes(
    folder: Path,
    items: Mapping[str, Iterable[Item]],
    lexicon: Lexicon,
    notes: dict[str, Any],
    slices: int = 1,
) -> str:
    """Write an index of each name and put the generation in force; its name.

    In several slices, each a folder of its own, it answers exactly as in one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = current(folder)
    generation = f"{int((before or '0-').split('-')[0]) + 1}-{os.urandom(4).hex()}"
    target = folder / generation
    try:
        target.mkdir()
        averages: dict[str, tuple[float, int]] = {}
        files: Files = {}
        for name, content in items.items():
            made = assemble(content, lexicon)
            averages[name] = made.average, slices
            for number, part in enumerate(cut(made, slices)):
                files |= _write_segment(target / f"{name}.{number}", part)
        manifest = {
            "recipe": _recipe(lexicon),
            "averages": averages,
            "notes": notes,
            "files": {str(path.relative_to(target)): facts for path, facts in files.items()},
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
            name: Index.over(
                [_open_segment(target / f"{name}.{number}", lexicon) for number in range(slices)],
                average,
                lexicon,
                kernel,
            )
            for name, (average, slices) in manifest["averages"].items()
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


def _write_segment(folder: Path, made: Assembled) -> Files:
    """Write what was assembled; its files with size and checksum."""
    rows, present = vectors_of(made.items)
    coarse = coarsen(rows, present)
    parts: dict[str, Arrays] = {
        "postings": dict(vars(made.postings)),
        "packed": made.packed,
        "vectors": {"rows": rows, "present": present},
        "coarse": dict(coarse._asdict()) if coarse is not None else {},
        **pack_items(made.items),
        **made.parts,
    }
    folder.mkdir()
    files = {
        folder / f"{part}.{name}.npy": array
        for part, arrays in parts.items()
        for name, array in arrays.items()
    }
    with ThreadPoolExecutor(_WRITERS) as pool:
        written = pool.map(_write_array, files, files.values())
        return dict(zip(files, written, strict=True))


def _write_array(path: Path, array: NDArray[Any]) -> tuple[int, str]:
    """An array as a file that is on the disk afterwards; its size and checksum."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    body = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    total = zlib.crc32(head.getvalue())
    with path.open("wb") as handle:
        handle.write(head.getvalue())
        for start in range(0, len(body), _CHUNK):
            total = zlib.crc32(body[start : start + _CHUNK], total)
            handle.write(body[start : start + _CHUNK])
        handle.flush()
        os.fsync(handle.fileno())
    return len(head.getvalue()) + len(body), f"{total:08x}"


def _open_segment(folder: Path, lexicon: Lexicon) -> Segment:
    parts: dict[str, Arrays] = {}
    for path in folder.glob("*.npy"):
        part, name, _ = path.name.split(".")
        array = np.load(path, mmap_mode="r" if path.stat().st_size > _CHUNK // 64 else None)
        parts.setdefault(part, {})[name] = array.view(np.ndarray)
    vectors = parts["vectors"]["rows"], parts["vectors"]["present"]
    reach = reach_of(parts, lexicon)
    segment = Segment(MappedItems(parts), Postings(**parts["postings"]), reach, vectors)
    segment.coarse = Coarse(**parts["coarse"]) if "coarse" in parts else None
    return segment


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
    """Have the names of what is in a folder on the disk."""
    for path in [folder, *(path for path in folder.iterdir() if path.is_dir())]:
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
