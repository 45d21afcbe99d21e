"""The engine under test: with the real JMdict table, built once, or with a toy one."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from registry.matching import Encoder, Lexicon, build_dictionary, open_dictionary, open_encoder
from registry.matching import dictionary as dictionary_module

ROOT = Path(__file__).resolve().parents[2]

TOY = {
    1: (["鍍金"], ["めっき"], [["plating (chrome, gold, etc.)", "coating"]], ["news2", "nf40"]),
    2: (["塗装"], ["とそう"], [["coating", "painting"]], ["nf20"]),
    3: (["洗浄"], ["せんじょう"], [["washing", "cleaning"], ["laundering"]], []),
    4: ([], ["センサー"], [["sensor"]], ["gai1"]),
    5: (["候"], ["そうろう"], [["to be"]], []),
    6: (["甲"], ["こう"], [["armor"]], []),
}
ARCHAIC = (5,)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The lexicon of a default installation; the table stands where `./dev run` puts it."""
    shared = Path(sys.prefix) / "share" / "musubi"
    writable = os.access(shared if shared.exists() else Path(sys.prefix), os.W_OK)
    folder = (shared if writable else ROOT / "var") / "dictionary"
    return Lexicon(open_dictionary(build_dictionary(folder)))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    found = open_encoder()
    assert found is not None
    return found


@pytest.fixture
def toy_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A JMdict of six entries in the form of jamdict-data, in place of the real one."""
    path = tmp_path / "jamdict.db"
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            """
            CREATE TABLE Kanji (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
            CREATE TABLE Kana (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
            CREATE TABLE KJP (kid INTEGER, text TEXT);
            CREATE TABLE KNP (kid INTEGER, text TEXT);
            CREATE TABLE Sense (ID INTEGER PRIMARY KEY, idseq INTEGER);
            CREATE TABLE misc (sid INTEGER, text TEXT);
            CREATE TABLE SenseGloss (sid INTEGER, text TEXT);
            """
        )
        for number, entry in TOY.items():
            _insert(base, number, *entry)
        base.commit()
    monkeypatch.setattr(dictionary_module, "_source_path", lambda: path)
    return path


def _insert(
    base: sqlite3.Connection,
    number: int,
    kanji: list[str],
    kana: list[str],
    senses: list[list[str]],
    marks: list[str],
) -> None:
    for table, marked, texts in (("Kanji", "KJP", kanji), ("Kana", "KNP", kana)):
        for text in texts:
            row = base.execute(f"INSERT INTO {table} (idseq, text) VALUES (?, ?)", (number, text))
            base.executemany(
                f"INSERT INTO {marked} VALUES (?, ?)", [(row.lastrowid, mark) for mark in marks]
            )
    for glosses in senses:
        row = base.execute("INSERT INTO Sense (idseq) VALUES (?)", (number,))
        base.executemany(
            "INSERT INTO SenseGloss VALUES (?, ?)", [(row.lastrowid, gloss) for gloss in glosses]
        )
        if number in ARCHAIC:
            base.execute("INSERT INTO misc VALUES (?, 'archaism')", (row.lastrowid,))
