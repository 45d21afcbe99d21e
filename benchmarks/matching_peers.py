"""The engine beside its peers, in one run over one corpus: whole needs, top 10, medians.

Usage: python benchmarks/matching_peers.py [--meaning] [SIZE …] (default 10000; 100000 takes some
minutes). The corpus is that of matching_speed.py with spelling noise. bm25s (with numba), tantivy
and numba are measured when they are installed (`pip install bm25s numba tantivy`), otherwise left
out. Each need is asked of an index in files after one round that warms it; peers get the same
terms, SQLite and rapidfuzz the same texts. Prints one line of JSON per figure.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import process

from benchmarks.matching_speed import listing, word_pool
from registry.matching import (
    Index,
    Item,
    Lexicon,
    Passages,
    Terms,
    Text,
    build_dictionary,
    open_dictionary,
    open_indexes,
    tokenise,
    write_indexes,
)
from registry.matching.kernel import Kernel, NumpyKernel, choose_kernel

NEEDS = 50
NOISE = 0.03
"""Share of words with a slip of the pen."""


@dataclass(frozen=True)
class Corpus:
    """Listings and needs as the engine keeps them."""

    items: list[Item]
    needs: list[Item]

    @property
    def documents(self) -> list[Terms]:
        """The terms of the listings."""
        return [item.terms for item in self.items]


def raw(terms: Terms) -> str:
    """A listing as one text."""
    text = terms.text
    return f"{text.title} {text.description} {text.field('keywords')}"


def slips(words: list[str], rng: random.Random) -> list[str]:
    """The words, each sometimes with two letters changed round or one left out."""
    found = []
    for word in words:
        place = rng.randrange(max(len(word) - 2, 1))
        if len(word) > 4 and rng.random() < NOISE:
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            word = rng.choice((swapped, word[:place] + word[place + 1 :]))
        found.append(word)
    return found


def corpus(size: int, table: Path, meaning: bool) -> Corpus:
    """Listings and needs by rule, the same at every run; vectors at random when asked for."""
    rng = random.Random(size)
    words, weights = word_pool(table, rng)
    noise = random.Random(1)

    def item(ref: str) -> Item:
        if noise.random() < 0.01:
            item_words[:] = slips(words, noise)
        terms = tokenise(listing(ref, item_words, weights, rng))
        return Item(ref, terms, frozenset(), vectors(terms.text) if meaning else None)

    item_words = slips(words, noise)
    numbers = np.random.default_rng(size)

    def vectors(text: Text) -> Passages:
        rows = numbers.standard_normal((2, 512)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        from registry.matching import Encoder

        return Passages(Encoder.version, text.digest, rows, ())

    return Corpus([item(f"S{n:07}") for n in range(size)], [item(f"N{n}") for n in range(NEEDS)])


def median_ms(ask: Callable[[Any], object], questions: Sequence[Any], warm: int = 1) -> float:
    """Median milliseconds of an answer, after rounds that do not count."""
    for _ in range(warm):
        for question in questions:
            ask(question)
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def ours(data: Corpus, folder: Path, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """The engine's figures: order alone, whole suggestions, additions, opening, memory."""
    start = time.perf_counter()
    write_indexes(folder, {"seeds": data.items}, lexicon, {})
    yield "write index s", time.perf_counter() - start
    start = time.perf_counter()
    index = opened(folder, lexicon, NumpyKernel())
    index.rank(words_only(data.needs[0]))
    yield "open and first answer ms (numpy)", 1000 * (time.perf_counter() - start)
    for name, kernel in kernels():
        index = opened(folder, lexicon, kernel)
        yield (
            f"order, words ms ({name})",
            median_ms(lambda need, index=index: index.rank(words_only(need)), data.needs),
        )
        yield (
            f"explained, words ms ({name})",
            median_ms(lambda need, index=index: index.suggest(words_only(need)), data.needs),
        )
        if data.needs[0].passages is not None:
            yield f"order, words + meaning ms ({name})", median_ms(index.rank, data.needs)
    fresh = iter(data.needs)
    yield "one addition ms", median_ms(lambda _: index.add(next(fresh)), range(NEEDS - 10), warm=0)
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        yield "private memory of one more process MB", pool.apply(memory, (folder, data.needs[:20]))


def kernels() -> Iterator[tuple[str, Kernel]]:
    """numpy's, and the compiled one where numba is."""
    yield "numpy", NumpyKernel()
    best = choose_kernel()
    if not isinstance(best, NumpyKernel):
        yield "compiled", best


def words_only(need: Item) -> Item:
    """A need without its vectors."""
    return Item(need.ref, need.terms)


def opened(folder: Path, lexicon: Lexicon, kernel: Kernel | None = None) -> Index:
    """The index of a folder."""
    stored = open_indexes(folder, lexicon, kernel)
    assert stored is not None
    return stored.indexes["seeds"]


def memory(folder: Path, needs: list[Item]) -> float:
    """In a process of its own: private megabytes that an index and its answers add."""
    lexicon = Lexicon(open_dictionary(dictionary_folder()))
    toy = Index([words_only(need) for need in needs], lexicon)
    for need in needs:
        toy.rank(words_only(need))
    before = private_megabytes()
    index = opened(folder, lexicon)
    for need in needs:
        index.rank(words_only(need))
    return private_megabytes() - before


def private_megabytes() -> float:
    """Memory of this process that no other shares (Linux)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")]
    return sum(kilobytes) / 1024


def peers(data: Corpus) -> Iterator[tuple[str, float]]:
    """What others need for their ten best."""
    yield from sqlite_trigram(data)
    texts = [raw(terms) for terms in data.documents]
    asked = [raw(need.terms) for need in data.needs]
    few = asked[: 3 if len(texts) > 20_000 else 10]
    yield (
        "rapidfuzz process.extract ms",
        median_ms(lambda text: process.extract(text, texts, limit=10), few, warm=0),
    )
    for peer in (bm25, tantivy_fuzzy):
        try:
            yield from peer(data)
        except ImportError as error:
            print(json.dumps({"left out": str(error)}))


def sqlite_trigram(data: Corpus) -> Iterator[tuple[str, float]]:
    """SQLite FTS5 with its trigram tokenizer; the need's words of three letters or more, or-ed."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE seeds USING fts5(body, tokenize = 'trigram')")
    rows = ((raw(terms),) for terms in data.documents)
    base.executemany("INSERT INTO seeds VALUES (?)", rows)
    base.commit()
    statement = "SELECT rowid FROM seeds WHERE seeds MATCH ? ORDER BY rank LIMIT 10"

    def ask(need: Item) -> object:
        words = {need.terms.text.cut(token.span) for token in need.terms.tokens}
        quoted = ['"' + word.replace('"', "") + '"' for word in words if len(word) >= 3]
        return base.execute(statement, (" OR ".join(quoted),)).fetchall()

    yield "SQLite FTS5 trigram ms", median_ms(ask, data.needs)


def bm25(data: Corpus) -> Iterator[tuple[str, float]]:
    """bm25s with its numba backend: exact terms only."""
    import bm25s

    documents = [[token.term for token in terms.tokens] for terms in data.documents]
    start = time.perf_counter()
    engine = bm25s.BM25(backend="numba")
    engine.index(documents, show_progress=False)
    yield "bm25s-numba build s", time.perf_counter() - start

    def ask(need: Item) -> object:
        asked = [[token.term for token in need.terms.tokens if token.term in engine.vocab_dict]]
        return engine.retrieve(asked, k=10, show_progress=False, n_threads=1)

    yield "bm25s-numba ms", median_ms(ask, data.needs)


def tantivy_fuzzy(data: Corpus) -> Iterator[tuple[str, float]]:
    """tantivy, each term within one edit."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(100_000_000)
    for terms in data.documents:
        writer.add_document(tantivy.Document(body=" ".join(token.term for token in terms.tokens)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(need: Item) -> object:
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(
                    schema, "body", term, distance=1, transposition_cost_one=True
                ),
            )
            for term in need.terms.weights
        ]
        return searcher.search(tantivy.Query.boolean_query(clauses), 10)

    yield "tantivy fuzzy ms", median_ms(ask, data.needs[:10], warm=0)


def dictionary_folder() -> Path:
    """Where the dictionary stands, built when it is not there."""
    return build_dictionary(Path(sys.prefix) / "share" / "musubi" / "dictionary")


def main() -> None:
    """Measure each size named on the command line; ratios at the end."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--meaning"]
    folder = dictionary_folder()
    lexicon = Lexicon(open_dictionary(folder))
    for size in [int(argument) for argument in arguments] or [10_000]:
        data = corpus(size, folder / "jmdict.sqlite", "--meaning" in sys.argv)
        figures: dict[str, float] = {}
        with tempfile.TemporaryDirectory() as place:
            for name, value in ours(data, Path(place), lexicon):
                figures[name] = value
                print(json.dumps({"listings": size, name: round(value, 3)}), flush=True)
        for name, value in peers(data):
            figures[name] = value
            print(json.dumps({"listings": size, name: round(value, 3)}), flush=True)
        for kernel in ("numpy", "compiled"):
            own = figures.get(f"order, words ms ({kernel})")
            if own is not None:
                ratios = {
                    name.removesuffix(" ms"): round(value / own, 2)
                    for name, value in figures.items()
                    if name.startswith(("SQLite", "rapidfuzz", "bm25s-numba ms", "tantivy"))
                }
                print(json.dumps({"listings": size, f"times as long as ours ({kernel})": ratios}))


if __name__ == "__main__":
    main()
