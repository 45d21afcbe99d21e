"""The engine beside its peers, in one run over one corpus: whole needs, ten best, medians.

Usage: python benchmarks/matching_peers.py [--words] [--few] [--pairs N] [SIZE …]
(default 10000 100000; a million takes some twenty minutes). The corpus is that of `corpus.py`.
bm25s (with numba), tantivy and numba are measured when they are installed (`pip install bm25s
numba tantivy`), otherwise left out; SQLite and rapidfuzz up to 200,000 listings. Engines are
asked in three rounds, each its fifty needs in turn, so that what else the machine does falls on
all of them; builds likewise. `--words` leaves meaning out, `--few` leaves all peers but bm25s out, `--pairs` sets the
size of the measurement of all pairs (default 10000, 0 for none). Prints one line of JSON for each
figure, and a table at the end.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.corpus import Corpus
from registry.matching import (
    Index,
    Item,
    Lexicon,
    build_dictionary,
    open_dictionary,
    open_indexes,
    suggest_all,
    write_indexes,
)
from registry.matching.assemble import assemble
from registry.matching.kernel import Kernel, NumpyKernel
from registry.matching.warming import choose_kernel

NEEDS = 50
ROUNDS = 3
SLOW = {"rapidfuzz process.extract": 5, "tantivy fuzzy": 10, "SQLite FTS5 trigram": 20}
"""How many needs a slow peer is asked, without a warming round."""
_MOST_SCANNED = 200_000
OURS = "ours, words (compiled)"

Figures = dict[str, float]


class Report:
    """The figures of each size: told at once, and as a table at the end."""

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self.sizes: dict[int, Figures] = {}

    def tell(self, size: int, name: str, value: float) -> None:
        """One figure."""
        self.sizes.setdefault(size, {})[name] = value
        print(json.dumps({"listings": size, name: round(value, 4)}), flush=True)

    def table(self) -> str:
        """All figures, sizes side by side; ratios to the engine's compiled answer by words."""
        sizes = list(self.sizes)
        names = list(dict.fromkeys(name for found in self.sizes.values() for name in found))
        lines = ["| | " + " | ".join(f"{size:,}" for size in sizes) + " |"]
        lines.append("| --- |" + " --: |" * len(sizes))
        for name in names:
            cells = [_cell(self.sizes[size], name) for size in sizes]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        return "\n".join(lines)


def _cell(figures: Figures, name: str) -> str:
    value, own = figures.get(name), figures.get(f"{OURS} ms")
    if value is None:
        return "–"
    text = f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
    peer = name.endswith(" ms") and not name.startswith(("ours", "one", "opened"))
    return f"{text} ({value / own:.2f} ×)" if peer and own else text


def in_turn(asks: dict[str, Callable[[Item], object]], needs: Sequence[Item]) -> Figures:
    """Median milliseconds of each engine: in every round each answers its needs one after the
    other; the first round of the quick ones warms and does not count."""
    times: dict[str, list[float]] = {name: [] for name in asks}
    for turn in range(ROUNDS + 1):
        for name, ask in asks.items():
            if name in SLOW and not turn:
                continue
            for need in needs[: SLOW.get(name, len(needs))]:
                start = time.perf_counter()
                ask(need)
                if turn:
                    times[name].append(time.perf_counter() - start)
    return {f"{name} ms": 1000 * statistics.median(found) for name, found in times.items()}


def words_only(need: Item) -> Item:
    """A need without its vectors."""
    return Item(need.ref, need.terms)


def opened(folder: Path, lexicon: Lexicon, kernel: Kernel | None = None) -> Index:
    """The index of a folder."""
    stored = open_indexes(folder, lexicon, kernel)
    assert stored is not None
    return stored.indexes["seeds"]


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and of the processor, and what came of it."""
    start, used = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - start, time.process_time() - used, found


def builds(items: list[Item], folder: Path, lexicon: Lexicon, rounds: int) -> Iterator[Any]:
    """Building from stored terms, ours and bm25s in turn; the last engine of bm25s at the end."""
    documents = peers.bm25s_documents(items)
    gc.collect()
    gc.freeze()
    assemble(items[:200], lexicon)
    bare = [words_only(item) for item in items]
    seconds: dict[str, list[tuple[float, float]]] = {}
    engine = None
    for _ in range(rounds):
        for name, work in (
            ("index assembled", lambda: assemble(bare, lexicon)),
            ("index written", lambda: write_indexes(folder, {"seeds": bare}, lexicon, {})),
            ("bm25s-numba built", lambda: peers.bm25s_build(documents)),
        ):
            engine = None
            clock, used, engine = timed(work)
            seconds.setdefault(name, []).append((clock, used))
    for name, found in seconds.items():
        yield f"{name} s", min(clock for clock, _ in found)
        yield f"{name}, processor s", min(used for _, used in found)
    yield "", engine


def ours(folder: Path, lexicon: Lexicon, meaning: bool) -> dict[str, Callable[[Item], object]]:
    """The engine with each kernel."""
    asks: dict[str, Callable[[Item], object]] = {}
    best = choose_kernel()
    kernels = {} if isinstance(best, NumpyKernel) else {"compiled": best}
    for name, kernel in {**kernels, "numpy": NumpyKernel()}.items():
        index = opened(folder, lexicon, kernel)
        asks[f"ours, words ({name})"] = partial(_by_words, index.rank)
        asks[f"ours, words explained ({name})"] = partial(_by_words, index.suggest)
        if meaning:
            asks[f"ours, words + meaning ({name})"] = index.rank
    return asks


def _by_words(ask: Callable[[Item], object], need: Item) -> object:
    return ask(words_only(need))


def others(items: list[Item], engine: Any, few: bool) -> dict[str, Callable[[Item], object]]:
    """The peers."""
    asks: dict[str, Callable[[Item], object]] = {}
    if engine is not None:
        asks["bm25s-numba"] = peers.bm25s_ask(engine)
    if few:
        return asks
    try:
        asks["tantivy exact"], asks["tantivy fuzzy"] = peers.tantivy_asks(items)
    except ImportError as error:
        print(json.dumps({"left out": str(error)}))
    if len(items) <= _MOST_SCANNED:
        asks["SQLite FTS5 trigram"] = peers.sqlite_trigram(items)
        asks["rapidfuzz process.extract"] = peers.rapidfuzz_extract(items)
    return asks


def aside(folder: Path, needs: list[Item], dictionary: Path) -> Iterator[tuple[str, float]]:
    """What is measured in processes of their own: opening, and the memory of one more."""
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        with context.Pool(1) as pool:
            found = pool.apply(_open_first, (folder, needs[:20], dictionary))
    yield from found.items()


def _open_first(folder: Path, needs: list[Item], dictionary: Path) -> Figures:
    """In a process of its own: opening and first answer, then private memory after twenty."""
    lexicon = Lexicon(open_dictionary(dictionary))
    toy = Index(needs, lexicon)
    for need in needs:
        toy.suggest(need)
    before = private_megabytes()
    start = time.perf_counter()
    index = opened(folder, lexicon)
    index.suggest(words_only(needs[0]))
    first = time.perf_counter() - start
    for need in needs:
        index.suggest(words_only(need))
    grown = private_megabytes() - before
    return {"opened and first suggestion ms": 1000 * first, "one more process MB": grown}


def private_megabytes() -> float:
    """Memory of this process that no other shares (Linux)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")]
    return sum(kilobytes) / 1024


def additions(folder: Path, lexicon: Lexicon, corpus: Corpus) -> float:
    """Median milliseconds of one addition of a listing that is tokenised."""
    index = opened(folder, lexicon)
    times = []
    for item in corpus.block(1_000_000_000, "N")[:60]:
        start = time.perf_counter()
        index.add(item)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def measure(size: int, corpus: Corpus, report: Report, options: argparse.Namespace) -> None:
    """All figures of one size."""
    dictionary = dictionary_folder()
    lexicon = Lexicon(open_dictionary(dictionary))
    clock, _, items = timed(lambda: list(corpus.seeds(size)))
    report.tell(size, "corpus made s", clock)
    needs = corpus.needs(NEEDS)
    engine = None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            for name, value in builds(items, folder, lexicon, 1 if size > _MOST_SCANNED else 2):
                if name:
                    report.tell(size, name, value)
                else:
                    engine = value
        except ImportError as error:
            print(json.dumps({"left out": str(error)}))
        if not options.words or engine is None:
            write_indexes(folder, {"seeds": items}, lexicon, {})
        asks = ours(folder, lexicon, not options.words) | others(items, engine, options.few)
        for name, value in in_turn(asks, needs).items():
            report.tell(size, name, value)
        report.tell(size, "one addition ms", additions(folder, lexicon, corpus))
        for name, value in aside(folder, needs, dictionary):
            report.tell(size, name, value)


def all_pairs(count: int, corpus: Corpus, report: Report) -> None:
    """`registry suggest` by words in two processes, from raw texts."""
    lexicon = Lexicon(open_dictionary(dictionary_folder()))
    seeds = [item.terms.text for item in corpus.seeds(count)]
    needs = [text for start in range(0, count, 2000) for text in _texts(corpus, start)][:count]
    clock, _, _ = timed(lambda: list(suggest_all(needs, seeds, lexicon=lexicon, processes=2)))
    report.tell(count, "all pairs from raw texts, 2 processes s", clock)


def _texts(corpus: Corpus, start: int) -> list[Any]:
    return [item.terms.text for item in corpus.block(start, "N")]


def dictionary_folder() -> Path:
    """Where the dictionary stands, built when it is not there."""
    return build_dictionary(Path(sys.prefix) / "share" / "musubi" / "dictionary")


def main() -> None:
    """Measure each size named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--pairs", type=int, default=10_000)
    options = parser.parse_args()
    report = Report()
    corpus = Corpus(dictionary_folder() / "jmdict.sqlite", not options.words)
    for size in options.sizes:
        measure(size, corpus, report, options)
        gc.unfreeze()
        gc.collect()
    if options.pairs:
        all_pairs(options.pairs, corpus, report)
    print(report.table())


if __name__ == "__main__":
    main()
