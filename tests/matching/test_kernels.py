"""The order is that of the plain definition, whichever kernel sweeps."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.matching import Index, Item, Lexicon, Text, prepare
from registry.matching.curve import least_coverage
from registry.matching.fuse import evidence_of, score_of
from registry.matching.kernel import Kernel, NumpyKernel
from tests.matching.samples import WORDS

ROUNDING = 1e-6
"""The kernels sum in another order than the definition, and impacts have 32 bits."""
USEFUL = [word for word in WORDS if len(word) > 1]


def listing(ref: str, rng: random.Random) -> Item:
    words = rng.choices(USEFUL, k=rng.randint(3, 12))
    return prepare(Text(ref, words[0], "、".join(words[1:]), words[-1]))


@pytest.fixture(scope="module")
def corpus() -> tuple[list[Item], list[Item]]:
    rng = random.Random(7)
    return (
        [listing(f"S{number:04}", rng) for number in range(600)],
        [listing(f"N{number}", rng) for number in range(12)],
    )


def plain_coverage(index: Index, need: Item, place: int) -> float:
    """The definition, term by term."""
    search = index._search(need)
    (segment,) = index._segments
    held = dict(zip(*(array.tolist() for array in segment.row(place)), strict=True))
    links = search.links[id(segment.reach)]
    meets = [
        weight * held.get(number, 0.0)
        for number, weight in zip(links.numbers.tolist(), links.weights, strict=True)
    ]
    return sum(
        value * max(meets[first:last], default=0)
        for value, (first, last) in zip(search.values, pairwise(links.groups), strict=True)
    )


def test_the_best_are_the_best_of_all(
    corpus: tuple[list[Item], list[Item]], lexicon: Lexicon
) -> None:
    items, needs = corpus
    index = Index(items, lexicon, NumpyKernel())
    for need in needs:
        found = index.rank(need, limit=20)
        coverages = np.array([plain_coverage(index, need, place) for place in range(len(items))])
        whole = index.rank(need, limit=len(items))

        assert whole[:20] == found
        assert len(whole) == int((coverages > 0).sum())
        told = score_of(evidence_of(coverages, None))
        for ref, score in whole:
            assert score == pytest.approx(told[int(ref[1:])], abs=0.011)
        for (one, higher), (other, lower) in pairwise(whole):
            if higher > lower:
                assert coverages[int(one[1:])] >= coverages[int(other[1:])] - ROUNDING
            else:
                assert one < other


def compiled() -> Kernel:
    pytest.importorskip("numba")
    from registry.matching.compiled import CompiledKernel

    return CompiledKernel()


def test_the_compiled_kernel_gives_the_same_results(
    corpus: tuple[list[Item], list[Item]], lexicon: Lexicon
) -> None:
    items, needs = corpus
    slow, fast = Index(items, lexicon, NumpyKernel()), Index(items, lexicon, compiled())

    assert [slow.suggest(need, limit=50) for need in needs] == [
        fast.suggest(need, limit=50) for need in needs
    ]


@given(st.floats(1e-6, 1.5), st.floats(0, 1.5))
def test_no_less_coverage_is_told_as_the_same_score(coverage: float, other: float) -> None:
    told, less = score_of(evidence_of(np.array([coverage, other]), None))

    assert least_coverage(coverage) <= coverage
    if less >= told:
        assert other >= least_coverage(coverage) - 1e-12
