"""The filter of the list as its address says it: the same for the page and for its files."""

from collections.abc import Mapping

from registry.common.calendar import (
    DateProblem,
    FiscalYear,
    Month,
    parse_fiscal_year,
    parse_month,
)
from registry.encounters.models import Channel, EncounterKind
from registry.encounters.queries import EncounterFilter
from registry.encounters.topics import word_of


def encounter_filter(asked: Mapping[str, str]) -> EncounterFilter:
    """What the list is narrowed by; what cannot be read narrows nothing."""
    kinds = {kind.value: kind for kind in EncounterKind}
    channels = {channel.value: channel for channel in Channel}
    return EncounterFilter(
        kind=kinds.get(asked.get("kind", "")),
        coordinator=asked.get("coordinator", "")[:36],
        program=asked.get("program", "")[:36],
        month=_month(asked.get("month", "")),
        text=asked.get("q", "")[:200],
        year=_year(asked.get("year", "")),
        channel=channels.get(asked.get("channel", "")),
        desk=asked.get("desk", "")[:80],
        topic=word_of(asked.get("topic", "")[:80]),
        country=asked.get("country", "")[:2],
        supporter=asked.get("supporter", "")[:36],
        step=asked.get("step", "")[:40],
        open_steps=asked.get("steps") == "open",
    )


def _month(text: str) -> Month | None:
    """The month typed, in any spelling."""
    try:
        return parse_month(text) if text.strip() else None
    except DateProblem:
        return None


def _year(text: str) -> FiscalYear | None:
    """The fiscal year typed, in any spelling."""
    try:
        return parse_fiscal_year(text) if text.strip() else None
    except DateProblem:
        return None
