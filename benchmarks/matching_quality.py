"""How good the engine's order is on graded texts, and what each part of it brings.

Usage: python benchmarks/matching_quality.py FOLDER … (default benchmarks/matching/fresh)
A folder holds needs.csv, seeds.csv and qrels.csv (need_id,seed_id,grade 0–3). Prints nDCG@10 with
linear gain, by words alone and by words and meaning, whole and with each kind of link left out.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from registry.matching import (
    Item,
    Lexicon,
    build_dictionary,
    build_index,
    open_dictionary,
    open_encoder,
    read_texts,
    tokenise,
)
from registry.matching import reach as reach_module
from registry.matching.links import Link, links

DEFAULT = Path(__file__).parent / "matching" / "fresh"
LinkMaker = Callable[..., list[Link]]


def items(path: Path) -> list[Item]:
    """The texts of a file, with vectors when the encoder is installed."""
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
    for place in [Path(argument) for argument in sys.argv[1:]] or [DEFAULT]:
        print(f"{place.name:24} words  words + meaning")
        print("{:24} {:.3f}  {:.3f}".format("all", *measure(place, lexicon)))
        print("{:24} {:.3f}  {:.3f}".format("without JMdict", *measure(place, Lexicon())))
        for kind in ("translation", "synonym", "part", "spelling", "sound"):
            values = measure(place, lexicon, without(kind))
            print("{:24} {:.3f}  {:.3f}".format(f"without {kind}", *values))
        same = measure(place, Lexicon(), lambda *g: [k for k in links(*g) if k.kind == "same"])
        print("{:24} {:.3f}  {:.3f}".format("same words only (BM25)", *same))


if __name__ == "__main__":
    main()
