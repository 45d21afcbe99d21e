"""Words and figures of a case for its page, from its rows alone."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from registry.cases.labels import rung_label, stage_label
from registry.cases.models import Case, Outcome, Rung
from registry.cases.outcomes import words_of
from registry.cases.stages import ORDER, position
from registry.db import db
from registry.encounters.models import EncounterKind
from registry.matching import LINKS
from registry.suggestions.models import Candidate
from registry.web.i18n import day, listed

Item = tuple[str, str, str]
"""Words, note, and state (done, current, next or empty)."""

LADDER = (Rung.NDA, Rung.AGREEMENT, *(r for r in Rung if r not in (Rung.NDA, Rung.AGREEMENT)))
"""The rungs from the ground up, as a case shows them: secrecy comes before the agreement."""


@dataclass(frozen=True)
class Effort:
    """What the office put into a case, hours included."""

    dispatches: int
    dispatch_hours: float
    others: int
    other_hours: float


def stage_items(case: Case, today: date) -> list[Item]:
    """The stages with the day each was reached last, and how long the current one has lasted."""
    reached = {change.stage: change.on for change in case.changes}
    here = position(case.stage)
    items: list[Item] = []
    for at, stage in enumerate(ORDER):
        on = reached.get(stage) if at <= here else None
        note = day(on)
        if at == here and on and case.is_open:
            note = ngettext(
                "%(day)sから %(num)s 日", "%(day)sから %(num)s 日", (today - on).days, day=day(on)
            )
        state = "current" if at == here else "done" if at < here and on else ""
        items.append((stage_label(stage), note, state))
    return items


def ladder_items(case: Case) -> list[Item]:
    """The rungs with the days each was reached; the next is the one above the highest reached."""
    reached: dict[Rung, list[Outcome]] = {}
    for outcome in case.outcomes:
        reached.setdefault(outcome.rung, []).append(outcome)
    highest = max((LADDER.index(rung) for rung in reached), default=-1)
    following = LADDER[highest + 1] if highest + 1 < len(LADDER) else None
    return [
        (
            _rung_words(rung, reached.get(rung, [])),
            listed(day(outcome.on) for outcome in reached.get(rung, [])),
            "done" if rung in reached else "next" if rung is following else "",
        )
        for rung in LADDER
    ]


def _rung_words(rung: Rung, found: list[Outcome]) -> str:
    """The rung with what is known of it: 契約・許諾（共同開発）."""
    words = listed(dict.fromkeys(text for text in map(words_of, found) if text))
    label = rung_label(rung)
    return str(_("%(what)s（%(words)s）", what=label, words=words)) if words else label


def effort_of(case: Case) -> Effort:
    """Dispatches and other encounters, with their hours."""
    sent = [e for e in case.encounters if e.kind is EncounterKind.DISPATCH]
    others = [e for e in case.encounters if e.kind is not EncounterKind.DISPATCH]
    return Effort(
        len(sent), sum(e.hours or 0 for e in sent), len(others), sum(e.hours or 0 for e in others)
    )


def score_parts(case: Case) -> list[tuple[str, float]]:
    """The parts of the score by which the pair was found, in the fixed order of links. The engine
    may see the pair otherwise today: today's proportions are told in the points of that day."""
    if not case.need_id or not case.seed_id:
        return []
    found = db.session.scalar(
        select(Candidate).where(
            Candidate.need_id == case.need_id, Candidate.seed_id == case.seed_id
        )
    )
    parts = found.parts if found else {}
    total = sum(parts.values())
    scale = (case.score or 0) / total if total else 0
    points = [(str(link), float(parts.get(link, 0)) * scale) for link in LINKS]
    return [(link, share) for link, share in points if share >= 0.5]
