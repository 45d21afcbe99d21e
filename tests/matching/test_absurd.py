"""Links that must never be drawn, and links that must: one row each of absurd.csv."""

import csv
from pathlib import Path

import pytest

from registry.matching import Encoder, Lexicon, Suggestion, Text, build_index, prepare

ABSURD = Path(__file__).with_name("absurd.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(ABSURD.splitlines()))
NEVER = [row for row in ROWS if row["expect"] == "none"]
ALWAYS = [row for row in ROWS if row["expect"] == "link"]


def suggested(
    row: dict[str, str], lexicon: Lexicon, encoder: Encoder | None = None
) -> list[Suggestion]:
    seed = prepare(Text("S", row["seed"]), encoder)
    return build_index([seed], lexicon).suggest(prepare(Text("N", row["need"]), encoder))


def test_the_suite_is_large() -> None:
    assert len(ROWS) >= 100
    assert len(NEVER) + len(ALWAYS) == len(ROWS)


@pytest.mark.parametrize("row", NEVER, ids=lambda row: row["id"])
def test_an_absurd_link_is_never_drawn(row: dict[str, str], lexicon: Lexicon) -> None:
    assert suggested(row, lexicon) == []


@pytest.mark.parametrize("row", NEVER, ids=lambda row: row["id"])
def test_meaning_invents_no_words(row: dict[str, str], lexicon: Lexicon, encoder: Encoder) -> None:
    found = suggested(row, lexicon, encoder)

    assert {reason.link for s in found for reason in s.reasons} <= {"meaning"}


@pytest.mark.parametrize("row", ALWAYS, ids=lambda row: row["id"])
def test_a_necessary_link_is_drawn(row: dict[str, str], lexicon: Lexicon) -> None:
    found = suggested(row, lexicon)
    kinds = {reason.link for s in found for reason in s.reasons}

    assert kinds
    assert not row["link"] or row["link"] in kinds
