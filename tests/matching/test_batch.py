"""All pairs: the same from several processes as from one."""

import random
from dataclasses import replace

from registry.matching import Encoder, Lexicon, Text, prepare, suggest_all
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


def test_kept_terms_and_vectors_give_what_texts_give(lexicon: Lexicon, encoder: Encoder) -> None:
    needs, seeds = texts("N", 12), texts("S", 9)
    kept_needs, kept_seeds = (
        [
            replace(prepare(text), passages=rows)
            for text, rows in zip(given, encoder.embed(given), strict=True)
        ]
        for given in (needs, seeds)
    )
    read = list(suggest_all(needs, seeds, lexicon=lexicon))

    assert list(suggest_all(kept_needs, kept_seeds, lexicon=lexicon)) == read
    meant = list(suggest_all(needs, seeds, lexicon=lexicon, encoder=encoder))
    assert list(suggest_all(kept_needs, kept_seeds, lexicon=lexicon, encoder=encoder)) == meant


def test_nothing_that_is_kept_is_tokenised_again(lexicon: Lexicon, monkeypatch) -> None:
    items = [prepare(text) for text in texts("S", 120)]
    monkeypatch.setattr(batch_module, "tokenise", lambda _: 1 / 0)

    assert len(list(suggest_all(items, items, lexicon=lexicon, processes=2))) == 120
