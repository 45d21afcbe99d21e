"""A first look over many vectors finds whom the comparison of all vectors finds."""

import numpy as np
import pytest

from registry.matching import Index, Item, Keep, Lexicon, Passages, Text, tokenise
from registry.matching import coarse as coarse_module
from registry.matching.coarse import WIDTH, coarsen
from registry.matching.kernel import Kernel, NumpyKernel
from registry.matching.warming import choose_kernel

COUNT, THEMES = 3000, 60


def vectors(rng: np.random.Generator, count: int) -> np.ndarray:
    """Vectors of texts on some themes, as those of real texts are alike by theme."""
    themes = np.random.default_rng(1).standard_normal((THEMES, 512))
    rows = themes[rng.integers(THEMES, size=count)] + 0.7 * rng.standard_normal((count, 512))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def item(ref: str, row: np.ndarray, title: str, tag: str = "") -> Item:
    text = Text(ref, title)
    passages = Passages("test", text.digest, np.stack([row, row]), ())
    return Item(ref, tokenise(text), frozenset({tag}), passages)


@pytest.fixture(params=["numpy", "best"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return NumpyKernel() if request.param == "numpy" else choose_kernel()


@pytest.fixture
def indexes(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> tuple[Index, Index, list[Item]]:
    """One index that looks roughly first, one that compares all; needs."""
    monkeypatch.setattr(coarse_module, "LEAST", 100)
    rng = np.random.default_rng(2)
    words = ("めっき", "溶接", "養殖", "刺繍", "金型")
    items = [
        item(f"S{n:04}", row, words[n % 5], f"t{n % 3}")
        for n, row in enumerate(vectors(rng, COUNT))
    ]
    needs = [item(f"N{n}", row, words[n % 5]) for n, row in enumerate(vectors(rng, 8))]
    rough, whole = Index(items, Lexicon(), kernel), Index(items, Lexicon(), kernel)
    for segment in rough._segments:
        segment.coarse = coarsen(segment.vectors, segment.has_vector)
        assert segment.coarse is not None
    return rough, whole, needs


def test_the_first_look_loses_nobody(indexes: tuple[Index, Index, list[Item]]) -> None:
    rough, whole, needs = indexes
    for need in needs:
        assert rough.rank(need) == whole.rank(need)
        keep = Keep(any_of=frozenset({"t1"}))
        assert rough.rank(need, keep=keep) == whole.rank(need, keep=keep)


def test_what_no_word_bears_out_is_found_by_its_meaning(
    indexes: tuple[Index, Index, list[Item]],
) -> None:
    rough, whole, needs = indexes
    for need in needs:
        wordless = Item(need.ref, tokenise(Text(need.ref, "蒸留")), need.tags, need.passages)
        found = rough.rank(wordless)

        assert len(found) == 10
        assert found == whole.rank(wordless)


def test_who_was_taken_out_is_not_counted(indexes: tuple[Index, Index, list[Item]]) -> None:
    rough, whole, needs = indexes
    for index in (rough, whole):
        for ref in [ref for ref, _ in whole.rank(needs[0])][:3]:
            index.remove(ref)

    assert rough.rank(needs[0]) == whole.rank(needs[0])


def test_few_vectors_need_no_first_look() -> None:
    rows = np.zeros((coarse_module.LEAST - 1, 2), dtype=np.float32)

    assert coarsen(rows, np.ones(len(rows), dtype=bool)) is None
    assert WIDTH * 127 * 127 < 1 << 24
