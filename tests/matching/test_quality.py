"""A guard on the whole recipe: our own graded texts, short ones and ones of published manner."""

import csv
import math
from pathlib import Path

import pytest

from registry.matching import Encoder, Lexicon, read_texts, suggest_all

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "matching"


def grades(name: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    lines = (FOLDER / name / "qrels.csv").read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(lines):
        found.setdefault(row["need_id"], {})[row["seed_id"]] = int(row["grade"])
    return found


def gain(refs: list[str], wanted: dict[str, int]) -> float:
    """nDCG at 10 with linear gain."""
    discount = [1 / math.log2(rank + 2) for rank in range(10)]
    ideal = sorted(wanted.values(), reverse=True)
    reached = sum(wanted.get(ref, 0) * d for ref, d in zip(refs, discount, strict=False))
    return reached / sum(grade * d for grade, d in zip(ideal, discount, strict=False))


@pytest.mark.parametrize(
    ("folder", "meaning", "least"),
    [
        ("fresh", False, 0.9),
        ("fresh", True, 0.92),
        ("published", False, 0.77),
        ("published", True, 0.88),
    ],
)
def test_good_seeds_come_first(
    folder: str, meaning: bool, least: float, lexicon: Lexicon, encoder: Encoder
) -> None:
    place = FOLDER / folder
    needs, seeds = (read_texts(place / f"{name}.csv").texts for name in ("needs", "seeds"))
    found = suggest_all(needs, seeds, lexicon=lexicon, encoder=encoder if meaning else None)
    wanted = grades(folder)
    gains = [gain([s.ref for s in suggestions], wanted[need]) for need, suggestions in found]

    assert sum(gains) / len(gains) >= least
