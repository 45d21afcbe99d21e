"""All pairs: the same from several processes as from one."""

import random

from registry.matching import Encoder, Lexicon, Text, suggest_all
from registry.matching import batch as batch_module
from tests.matching.samples import WORDS

USEFUL = [word for word in WORDS if len(word) > 1]


def texts(prefix: str, count: int) -> list[Text]:
    rng = random.Random(count)
    return [Text(f"{prefix}{n:03}", "、".join(rng.choices(USEFUL, k=5))) for n in range(count)]


def test_several_processes_give_what_one_gives(lexicon: Lexicon) -> None:
    needs, seeds = texts("N", 150), texts("S", 170)
    told: list[tuple[int, int]] = []
    alone = list(suggest_all(needs, seeds, lexicon=lexicon))
    shared = list(
        suggest_all(
            needs, seeds, lexicon=lexicon, processes=3, progress=lambda *now: told.append(now)
        )
    )

    assert shared == alone
    assert [ref for ref, _ in shared] == [need.ref for need in needs]
    assert told[-1] == (320, 320)
    assert told == sorted(told)


def test_meaning_too(lexicon: Lexicon, encoder: Encoder, monkeypatch) -> None:
    monkeypatch.setattr(batch_module, "_WORTH", 1)
    needs, seeds = texts("N", 6), texts("S", 9)
    alone = list(suggest_all(needs, seeds, lexicon=lexicon, encoder=encoder))

    assert list(suggest_all(needs, seeds, lexicon=lexicon, encoder=encoder, processes=2)) == alone
