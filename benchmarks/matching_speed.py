"""How fast the engine is: tokenising, indexing, answering, over listings made by rule.

The texts are random words of JMdict (Zipf over its frequency bands), some misspelt, some English,
about as long as a listing. Usage: python benchmarks/matching_speed.py [SIZE …] (default 1000).
"""

from __future__ import annotations

import itertools
import json
import random
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from registry.matching import (
    Item,
    Lexicon,
    Text,
    build_dictionary,
    build_index,
    open_dictionary,
    tokenise,
)

NEEDS = 50
PARTICLES = ("の", "を", "で", "に", "と", "が", "から", "による")


def word_pool(table: Path, rng: random.Random) -> tuple[list[str], list[float]]:
    """Words of the built table with their running sums of Zipf weights."""
    with sqlite3.connect(table) as base:
        rows = base.execute("SELECT term, stems, band FROM entries WHERE length(term) > 1")
        pool = [(t, json.loads(s)[0][0], b or 60) for t, s, b in rows if b or rng.random() < 0.1]
    words = [term if rng.random() > 0.15 else f" {stem} " for term, stem, _ in pool]
    return words, list(itertools.accumulate(1 / band for _, _, band in pool))


def listing(ref: str, words: list[str], weights: list[float], rng: random.Random) -> Text:
    """One text of some fifty words."""

    def phrase(count: int) -> str:
        chosen = rng.choices(words, cum_weights=weights, k=count)
        return "".join(word + rng.choice(PARTICLES) for word in chosen)[:-1]

    description = "。".join(phrase(8) for _ in range(5))
    return Text(ref, phrase(4), description, tuple(rng.choices(words, cum_weights=weights, k=4)))


def measure(size: int, lexicon: Lexicon, table: Path) -> dict[str, float]:
    """Rates and times for an index of one size."""
    rng = random.Random(size)
    words, weights = word_pool(table, rng)
    texts = [listing(f"S{n:07}", words, weights, rng) for n in range(size)]
    needs = [tokenise(listing(f"N{n}", words, weights, rng)) for n in range(NEEDS)]
    start = time.perf_counter()
    terms = [tokenise(text) for text in texts]
    tokenised = time.perf_counter()
    index = build_index([Item(t.text.ref, t) for t in terms], lexicon)
    built = time.perf_counter()
    first, again = ([answer(index, terms) for terms in needs] for _ in range(2))
    addition = time.perf_counter()
    index.add(Item("new", needs[0]))
    added = time.perf_counter()
    return {
        "listings": size,
        "tokenised per s": round(size / (tokenised - start)),
        "build s": round(built - tokenised, 2),
        "suggest ms, first": round(1000 * statistics.median(first), 1),
        "suggest ms, warm": round(1000 * statistics.median(again), 1),
        "add ms": round(1000 * (added - addition), 1),
    }


def answer(index: object, terms: object) -> float:
    """Seconds for one answer."""
    start = time.perf_counter()
    index.suggest(Item("need", terms), limit=10)  # type: ignore[attr-defined,arg-type]
    return time.perf_counter() - start


def main() -> None:
    """Measure each size named on the command line."""
    folder = build_dictionary(Path(sys.prefix) / "share" / "musubi" / "dictionary")
    table = folder / "jmdict.sqlite"
    lexicon = Lexicon(open_dictionary(folder))
    for size in [int(argument) for argument in sys.argv[1:]] or [1000]:
        print(json.dumps(measure(size, lexicon, table)))


if __name__ == "__main__":
    main()
