"""How good the engine's order is on graded texts, and what each part of it brings.

Usage: python benchmarks/matching_quality.py FOLDER … (default: those of benchmarks/matching)
A folder holds needs.csv, seeds.csv and qrels.csv (need_id,seed_id,grade 0–3). Prints nDCG@10 with
linear gain, by words alone and by words and meaning, whole and with each part left out.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from registry.matching import (
    Item,
    Lexicon,
    build_dictionary,
    build_index,
    fuse,
    meaning,
    open_dictionary,
    open_encoder,
    read_texts,
    score,
    tokenise,
)
from registry.matching import lexicon as lexicon_module
from registry.matching import reach as reach_module
from registry.matching.links import Link, links

DEFAULT = Path(__file__).parent / "matching"
PARTS = (
    ("without head vector", meaning, "HEAD", 0.0),
    ("without manner sentences left out", meaning, "_MANNER", 2.0),
    ("without manner words damped", lexicon_module, "_MANNER", 0.001),
    ("without damped description", score, "DESCRIPTION", 10**6),
    ("idf plain at every length", score, "POWER", 0.0),
    ("idf's full power at every length", score, "SHORT", -(10**6)),
    ("without doubt", score, "DOUBT", 0.0),
    ("without background", score, "BACKGROUND", 0),
    ("without cap on meaning alone", fuse, "_ALONE", 9.0),
    ("meaning weighs the same for every need", fuse, "UNMET", fuse.MET),
)
"""Name, module, constant, and the value that takes the part away."""
LinkMaker = Callable[..., list[Link]]


def items(path: Path) -> list[Item]:
    """The texts of a file, with vectors when the encoder is installed; embedded once a setting."""
    return _items(path, meaning._MANNER)


@cache
def _items(path: Path, manner: float) -> list[Item]:
    texts = read_texts(path).texts
    encoder = open_encoder()
    passages = encoder.embed(texts) if encoder is not None else [None] * len(texts)
    return [
        Item(text.ref, tokenise(text), text.tags, vectors)
        for text, vectors in zip(texts, passages, strict=True)
    ]


def ndcg(refs: Iterable[str], grades: dict[str, int]) -> float:
    """nDCG at 10, linear gain."""
    discounts = [1 / math.log2(rank + 2) for rank in range(10)]
    ideal = sorted(grades.values(), reverse=True)
    best = sum(grade * d for grade, d in zip(ideal, discounts, strict=False))
    return sum(grades.get(r, 0) * d for r, d in zip(refs, discounts, strict=False)) / best


def measure(folder: Path, lexicon: Lexicon, make: LinkMaker = links) -> tuple[float, float]:
    """Mean nDCG by words alone, and by words and meaning."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            grades[row["need_id"]][row["seed_id"]] = int(row["grade"])
    needs = [need for need in items(folder / "needs.csv") if any(grades[need.ref].values())]
    reach_module.links = make  # type: ignore[assignment]
    index = build_index(items(folder / "seeds.csv"), lexicon)
    both = []
    for asked in ([replace(need, passages=None) for need in needs], needs):
        gains = [ndcg((s.ref for s in index.suggest(n)), grades[n.ref]) for n in asked]
        both.append(sum(gains) / len(gains))
    reach_module.links = links
    return both[0], both[1]


def without(kind: str) -> LinkMaker:
    """The links but those of one kind."""
    return lambda *given: [link for link in links(*given) if link.kind != kind]


def main() -> None:
    """Measure each folder named on the command line."""
    folder = build_dictionary(Path(sys.prefix) / "share" / "musubi" / "dictionary")
    lexicon = Lexicon(open_dictionary(folder))
    for place in [Path(argument) for argument in sys.argv[1:]] or sorted(DEFAULT.iterdir()):
        print(f"{place.name:38} words  words + meaning")
        print("{:38} {:.3f}  {:.3f}".format("all", *measure(place, lexicon)))
        print("{:38} {:.3f}  {:.3f}".format("without JMdict", *measure(place, Lexicon())))
        for kind in ("translation", "synonym", "part", "spelling", "sound"):
            values = measure(place, lexicon, without(kind))
            print("{:38} {:.3f}  {:.3f}".format(f"without {kind}", *values))
        for name, module, constant, value in PARTS:
            kept = getattr(module, constant)
            setattr(module, constant, value)
            print("{:38} {:.3f}  {:.3f}".format(name, *measure(place, lexicon)))
            setattr(module, constant, kept)
        same = measure(place, Lexicon(), lambda *g: [k for k in links(*g) if k.kind == "same"])
        print("{:38} {:.3f}  {:.3f}".format("same words only (BM25)", *same))


if __name__ == "__main__":
    main()
