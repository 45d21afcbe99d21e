"""JMdict as a small table: Japanese term → English stems and shared glosses.

Built once, at set-up, from the package `jamdict-data` (JMdict by the Electronic Dictionary
Research and Development Group, CC BY-SA) into a folder of the caller, never into the repository.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from registry.matching.glosses import GLOSSES, entry_stems
from registry.matching.terms import japanese_term
from registry.matching.thesaurus import Thesaurus, open_thesaurus

DICTIONARY_RECIPE = "jmdict-8"
_TABLE = "jmdict.sqlite"
_SEAL = "jmdict.json"
_SENSES = 3
_COMMON_BAND = 25
_OLD = ("archaism", "obsolete term", "obscure term", "rare")
_KATAKANA = re.compile(r"[ァ-ヶー・]+")

K = TypeVar("K")
V = TypeVar("V")
Progress = Callable[[int, int], None]


class DictionarySourceMissing(RuntimeError):
    """The package jamdict-data, from which the table is built, is not installed."""


class Entry(NamedTuple):
    """What JMdict says of a term.

    Stems with their strength 0–1, its one-word glosses, and how common it is: the band of 500
    words by newspaper frequency (1 = commonest), 25 for a word marked common, 0 for the rest.
    """

    stems: tuple[tuple[str, float], ...] = ()
    pivots: tuple[str, ...] = ()
    band: int = 0


UNKNOWN = Entry()


class Dictionary:
    """The table, opened read-only; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open a table that `open_dictionary` found whole."""
        self._path = path
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._own = os.getpid(), self._connect()
        self._lock = threading.Lock()
        self._known: dict[str, Entry] = {}
        self._stems: dict[str, int] = {}

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._address, uri=True, check_same_thread=False)

    def _row(self, statement: str, key: str) -> tuple[Any, ...] | None:
        """One row; a forked process opens the table for itself."""
        with self._lock:
            if self._own[0] != os.getpid():
                self._own = os.getpid(), self._connect()
            found: tuple[Any, ...] | None = self._own[1].execute(statement, (key,)).fetchone()
            return found

    def entry(self, term: str) -> Entry:
        """The entry of a term without final ー; the empty entry when JMdict has none."""
        found = self._known.get(term)
        if found is None:
            found = self._look_up(term)
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[term] = found
        return found

    def _look_up(self, term: str) -> Entry:
        statement = "SELECT stems, pivots, band FROM entries WHERE term = ?"
        row = self._row(statement, term)
        if row is None:
            return UNKNOWN
        stems = tuple((str(word), float(v)) for word, v in json.loads(row[0]))
        return Entry(stems, tuple(row[1].split()), int(row[2]))

    def uses(self, word: str) -> int:
        """How many terms have an English stem in their glosses; 0 for an unknown one."""
        known = self._stems.get(word)
        if known is None:
            statement = "SELECT uses FROM stems WHERE stem = ?"
            row = self._row(statement, word)
            known = self._stems[word] = int(row[0]) if row else 0
        return known

    @cached_property
    def thesaurus(self) -> Thesaurus:
        """The table as arrays, for look-ups of many terms at once."""
        return open_thesaurus(self._path)

    def close(self) -> None:
        """Give the file back."""
        self._own[1].close()


def open_dictionary(target: Path) -> Dictionary | None:
    """The table in a folder; None when it was not built, is damaged, or is of another recipe."""
    try:
        seal = json.loads((target / _SEAL).read_text(encoding="utf-8"))
        whole = seal["recipe"] == DICTIONARY_RECIPE and seal["sha256"] == _sha256(target / _TABLE)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Dictionary(target / _TABLE) if whole else None


def build_dictionary(target: Path, progress: Progress | None = None) -> Path:
    """Build the table in a folder, unless it stands there already; the folder, to be opened.

    `progress` gets (done, all) in entries. The files appear by rename, so that a reader never sees
    half a table. Raises DictionarySourceMissing without jamdict-data.
    """
    present = open_dictionary(target)
    if present is not None:
        present.close()
        return target
    source = _source_path()
    target.mkdir(parents=True, exist_ok=True)
    half = target / f"{_TABLE}.{os.getpid()}.new"
    half.unlink(missing_ok=True)
    try:
        _write_table(half, _merged(_entries(source, progress)))
        seal = {"recipe": DICTIONARY_RECIPE, "sha256": _sha256(half)}
        half_seal = target / f"{_SEAL}.{os.getpid()}.new"
        half_seal.write_text(json.dumps(seal), encoding="utf-8")
        os.replace(half, target / _TABLE)
        os.replace(half_seal, target / _SEAL)
    finally:
        half.unlink(missing_ok=True)
    return target


def _source_path() -> Path:
    found = importlib.util.find_spec("jamdict_data")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        path = Path(place) / "jamdict.db"
        if path.is_file():
            return path
    raise DictionarySourceMissing("jamdict-data")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class _Raw(NamedTuple):
    """A JMdict entry: its spellings, (sense index, glosses) of its first senses, its band."""

    written: list[str]
    senses: list[tuple[int, list[str]]]
    band: int


def _entries(source: Path, progress: Progress | None) -> Iterator[_Raw]:
    """The entries of JMdict in its own order."""
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as base:
        kanji = _grouped(base.execute("SELECT idseq, text FROM Kanji ORDER BY ID"))
        kana = _grouped(base.execute("SELECT idseq, text FROM Kana ORDER BY ID"))
        marks = _grouped(
            base.execute(
                "SELECT idseq, KJP.text FROM Kanji JOIN KJP ON kid = Kanji.ID UNION ALL"
                " SELECT idseq, KNP.text FROM Kana JOIN KNP ON kid = Kana.ID"
            )
        )
        misc = _grouped(base.execute("SELECT sid, text FROM misc"))
        senses = _grouped(base.execute("SELECT idseq, ID FROM Sense ORDER BY ID"))
        glosses = _grouped(base.execute("SELECT sid, text FROM SenseGloss ORDER BY rowid"))
    for number, (entry, numbers) in enumerate(senses.items()):
        if progress and number % 5000 == 0:
            progress(number, len(senses))
        first = misc.get(numbers[0], [])
        alone = entry not in kanji or any("kana alone" in note for note in first)
        written = kanji.get(entry, []) + [
            text for text in kana.get(entry, []) if alone or _KATAKANA.fullmatch(text)
        ]
        alive = [s for s in numbers if not any(n.startswith(_OLD) for n in misc.get(s, []))]
        first_senses = [(i, glosses.get(sense, [])) for i, sense in enumerate(alive[:_SENSES])]
        yield _Raw(written, first_senses, _band(marks.get(entry, [])))
    if progress:
        progress(len(senses), len(senses))


def _grouped(rows: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    grouped: dict[K, list[V]] = {}
    for key, value in rows:
        grouped.setdefault(key, []).append(value)
    return grouped


@dataclass
class _Line:
    """A row of the table while it is gathered."""

    stems: dict[str, float] = field(default_factory=dict)
    pivots: list[str] = field(default_factory=list)
    band: int = 0


def _merged(entries: Iterable[_Raw]) -> dict[str, _Line]:
    """One line per term: the strongest of its entries for each stem."""
    table: dict[str, _Line] = {}
    for entry in entries:
        strengths, pivots, count = entry_stems(entry.senses)
        if not strengths:
            continue
        for text in entry.written:
            term = japanese_term(text.replace("・", ""))
            if term is None:
                continue
            line = table.setdefault(term, _Line())
            for word, strength in strengths.items():
                line.stems[word] = max(line.stems.get(word, 0.0), strength)
            if count <= GLOSSES:
                line.pivots.extend(word for word in pivots if word not in line.pivots)
            line.band = min(filter(None, (line.band, entry.band)), default=0)
    return table


def _band(marks: list[str]) -> int:
    """The commonest band of an entry's spellings."""
    bands = [int(mark[2:]) for mark in marks if mark.startswith("nf")]
    return min(bands) if bands else _COMMON_BAND if marks else 0


def _write_table(path: Path, table: dict[str, _Line]) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute(
            "CREATE TABLE entries (term TEXT PRIMARY KEY, stems TEXT NOT NULL,"
            " pivots TEXT NOT NULL, band INTEGER NOT NULL) WITHOUT ROWID"
        )
        rows = (
            (
                term,
                json.dumps([[w, round(v, 4)] for w, v in sorted(line.stems.items())]),
                " ".join(sorted(line.pivots)),
                line.band,
            )
            for term, line in sorted(table.items())
        )
        base.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
        base.execute(
            "CREATE TABLE stems (stem TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID"
        )
        uses = Counter(word for line in table.values() for word in line.stems)
        base.executemany("INSERT INTO stems VALUES (?, ?)", sorted(uses.items()))
        base.commit()
