"""All needs against all seeds, over processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from registry.matching.explain import Suggestion
from registry.matching.index import Index, build_index
from registry.matching.lexicon import Lexicon
from registry.matching.meaning import Encoder, Passages
from registry.matching.segment import Item
from registry.matching.terms import tokenise
from registry.matching.texts import Text
from registry.matching.warming import choose_kernel

_BLOCK = 64
_WORTH = 200
"""Texts from which more processes are worth their start."""
_MANY = 1000
"""Needs from which the compiled loops are worth waiting for."""

Row = tuple[str, list[Suggestion]]
Given = Text | Item
"""A text to be read, or an item whose terms are kept: then only what it lacks is made."""
_shared: tuple[Index | None, Encoder | None, int] = (None, None, 0)
"""What a forked process inherits: index, encoder, how many suggestions."""


def suggest_all(
    needs: Sequence[Given],
    seeds: Sequence[Given],
    *,
    top: int = 10,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 1,
) -> Iterator[Row]:
    """Each need's ref with its suggestions, in the order of the needs.

    `progress` gets (done, all) in texts: first the seeds are read, then the needs answered. Over
    `processes` the needs are shared out; each process answers from the same index, so that the
    result is that of one. Without an encoder vectors that items have are left out.
    """
    total = len(seeds) + len(needs)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    if processes < 2 or total < _WORTH or "fork" not in multiprocessing.get_all_start_methods():
        index = build_index(_one_by_one(seeds, encoder, step), lexicon)
        if len(needs) > _MANY:
            choose_kernel()
        for block in _blocks(needs):
            yield from _answer(index, _items(block, encoder), top)
            step(len(block))
        return
    _share(None, encoder, top)
    with _pool(processes) as pool:
        items: list[Item] = []
        for read in map(_read, _blocks(seeds)) if _made(seeds) else pool.map(_read, _blocks(seeds)):
            items.extend(read)
            step(len(read))
    index = build_index(items, lexicon)
    if len(needs) > _MANY:
        choose_kernel()
    if needs:
        _answer(index, _items(needs[:1], None), top)
    _share(index, encoder, top)
    with _pool(processes) as pool:
        for rows in pool.map(_answer_texts, _blocks(needs)):
            yield from rows
            step(len(rows))
    _share(None, None, 0)


def cores() -> int:
    """Processes that this machine can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _share(index: Index | None, encoder: Encoder | None, top: int) -> None:
    global _shared
    _shared = (index, encoder, top)


def _pool(processes: int) -> ProcessPoolExecutor:
    """Processes that begin as copies of this one, so that they share the index's memory."""
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"))


def _read(block: Sequence[Given]) -> list[Item]:
    """Texts become items."""
    return _items(block, _shared[1])


def _answer_texts(block: Sequence[Given]) -> list[Row]:
    """In a process: answer a block of needs."""
    index, encoder, top = _shared
    if index is None:
        raise RuntimeError("no index was shared")
    return _answer(index, _items(block, encoder), top)


def _answer(index: Index, needs: Sequence[Item], top: int) -> list[Row]:
    return [(need.ref, index.suggest(need, limit=top)) for need in needs]


def _made(given: Sequence[Given]) -> bool:
    """Whether nothing has to be tokenised, so that processes would only carry items about."""
    return all(isinstance(one, Item) for one in given)


def _blocks(given: Sequence[Given]) -> list[Sequence[Given]]:
    return [given[start : start + _BLOCK] for start in range(0, len(given), _BLOCK)]


def _one_by_one(
    given: Sequence[Given], encoder: Encoder | None, step: Callable[[int], None]
) -> list[Item]:
    items: list[Item] = []
    for block in _blocks(given):
        items.extend(_items(block, encoder))
        step(len(block))
    return items


def _items(block: Sequence[Given], encoder: Encoder | None) -> list[Item]:
    """Items in order; those that lack vectors are embedded as a block, which is several times
    faster than one by one."""
    items = [
        given if isinstance(given, Item) else Item(given.ref, tokenise(given), given.tags)
        for given in block
    ]
    if encoder is None:
        return [replace(item, passages=None) for item in items]
    lacking = [item.terms.text for item in items if item.passages is None]
    made: Iterator[Passages] = iter(encoder.embed(lacking))
    return [replace(item, passages=next(made)) if item.passages is None else item for item in items]
