"""All needs against all seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from registry.matching.explain import Suggestion
from registry.matching.index import build_index
from registry.matching.lexicon import Lexicon
from registry.matching.meaning import Encoder, Passages
from registry.matching.segment import Item
from registry.matching.terms import tokenise
from registry.matching.texts import Text

_BLOCK = 64


def suggest_all(
    needs: Sequence[Text],
    seeds: Sequence[Text],
    *,
    top: int = 10,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[str, list[Suggestion]]]:
    """Each need's ref with its suggestions, in the order of the needs.

    `progress` gets (done, all) in texts: first the seeds are read, then the needs answered.
    """
    total = len(seeds) + len(needs)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    items = []
    for item in _items(seeds, encoder):
        items.append(item)
        step()
    index = build_index(items, lexicon)
    for need in _items(needs, encoder):
        yield need.ref, index.suggest(need, limit=top)
        step()


def _items(texts: Sequence[Text], encoder: Encoder | None) -> Iterator[Item]:
    """Items in order, embedded block by block, which is several times faster than one by one."""
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        passages: Sequence[Passages | None] = [None] * len(block)
        if encoder is not None:
            passages = encoder.embed(block)
        for text, vectors in zip(block, passages, strict=True):
            yield Item(text.ref, tokenise(text), text.tags, vectors)
