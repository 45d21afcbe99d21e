"""Training a version of weights, putting it in force, taking it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import record
from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, next_number, now, transaction
from registry.listings.models import Listing, ListingKind, ListingState
from registry.matching import RECIPE_WEIGHTS, Weights
from registry.matching.learn import LEAST, LEAST_OF_EACH, WIDE, TooFewDecisions, train
from registry.suggestions.candidates import refresh_all_later
from registry.suggestions.matcher import matcher
from registry.suggestions.models import LearnedWeights
from registry.suggestions.replay import TOP, replay, steps_until, summarise
from registry.suggestions.teaching import Tally, tally
from registry.suggestions.weights import newest_version, version_in_force

EVERY = timedelta(days=30)
"""The worker trains a proposal no more often."""
EXAMPLES = 10
_LOOKED_AT = 100
"""So many of the newest open needs are looked through for pairs whose rank would move."""


@dataclass(frozen=True)
class Lesson:
    """All that a version is made of; nothing is written yet."""

    until: datetime
    tally: Tally
    comparisons: int
    weights: Weights
    figures: dict[str, Any]
    examples: list[dict[str, Any]]


def study(until: datetime) -> Lesson:
    """Learn from the decisions up to a moment; only reads, and takes its time.

    Raises DomainError when there are too few, or none since the newest version.
    """
    counted = tally(until)
    if problem := refusal(counted):
        raise DomainError(problem)
    steps = steps_until(until)
    taught = [example for step in steps if (example := step.example()) is not None]
    try:
        learned = train(taught)
    except TooFewDecisions as few:
        raise DomainError(_too_few(few.accepted, few.dismissed)) from few
    figures = summarise(replay(steps, None, until))
    return Lesson(
        until, counted, learned.comparisons, learned.weights, figures, moved(learned.weights)
    )


def refusal(counted: Tally) -> str | None:
    """Why nothing can be trained from the decisions there are; None when it can."""
    if counted.teaching < LEAST or min(counted.accepted, counted.dismissed) < LEAST_OF_EACH:
        return _too_few(counted.accepted, counted.dismissed)
    newest = newest_version()
    if newest is not None and newest.learned_until >= (counted.latest or newest.learned_until):
        return _("第 %(number)s 版を学習してから、新しい判断がありません。", number=newest.number)
    return None


def _too_few(accepted: int, dismissed: int) -> str:
    return _(
        "学習には、採用と「合わない」という見送りが合わせて %(least)s 件、それぞれ %(each)s 件以上必要です。"
        "いまは採用 %(accepted)s 件、合わない見送り %(dismissed)s 件です。",
        least=LEAST,
        each=LEAST_OF_EACH,
        accepted=accepted,
        dismissed=dismissed,
    )


def propose(lesson: Lesson, *, viewer: Viewer) -> LearnedWeights:
    """Keep what was learned as a new version; it is not in force.

    Raises DomainError when another version learned the same meanwhile.
    """
    if problem := refusal(lesson.tally):
        raise DomainError(problem)
    version = LearnedWeights(
        number=next_number(LearnedWeights.number),
        trained_by_id=viewer.user_id,
        trained_at=now(),
        learned_until=lesson.until,
        accepted=lesson.tally.accepted,
        dismissed=lesson.tally.dismissed,
        silent=lesson.tally.silent,
        comparisons=lesson.comparisons,
        content=lesson.weights.to_json(),
        figures=lesson.figures,
        examples=lesson.examples,
    )
    db.session.add(version)
    db.session.flush()
    factors = {name: (None, value) for name, value in lesson.weights.factors.items()}
    _record(viewer, "trained", version, {"number": (None, version.number), **factors})
    return version


def propose_due() -> int:
    """Train a proposal when the newest version is a month old; for the worker, which never puts
    one in force. 1 when it did."""
    moment, newest = now(), newest_version()
    if newest is not None and newest.trained_at > moment - EVERY:
        return 0
    if refusal(tally(moment)):
        return 0
    lesson = study(moment)
    try:
        with transaction():
            propose(lesson, viewer=SYSTEM)
    except DomainError:
        return 0
    return 1


def use(version: LearnedWeights, *, reason: str = "", viewer: Viewer) -> None:
    """Rank by this version from now on; candidates are sought anew.

    Raises DomainError when it is in force already, or without a reason when it is older than the
    one that it takes out of force.
    """
    before = version_in_force()
    if before is not None and before.id == version.id:
        raise DomainError(_("第 %(number)s 版は、すでに使われています。", number=version.number))
    if before is not None:
        _end(before, reason, reason_needed=before.number > version.number, viewer=viewer)
    version.in_force, version.used_at, version.used_by_id = True, now(), viewer.user_id
    version.ended_at, version.end_reason = None, ""
    db.session.flush()
    _record(viewer, "used", version, {"number": (before.number if before else 0, version.number)})
    refresh_all_later()


def take_back(version: LearnedWeights, *, reason: str, viewer: Viewer) -> None:
    """Rank by the recipe again. Raises DomainError without a reason, or when another ranks."""
    if not version.in_force:
        raise DomainError(_("第 %(number)s 版は、使われていません。", number=version.number))
    _end(version, reason, reason_needed=True, viewer=viewer)
    refresh_all_later()


def _end(version: LearnedWeights, reason: str, *, reason_needed: bool, viewer: Viewer) -> None:
    reason = reason.strip()
    if reason_needed and not reason:
        raise DomainError(_("元に戻す理由を入力してください。"), field="reason")
    version.in_force, version.ended_at, version.end_reason = False, now(), reason
    db.session.flush()
    _record(viewer, "ended", version, {"number": (version.number, 0), "reason": (None, reason)})


def _record(
    viewer: Viewer, verb: str, version: LearnedWeights, changes: dict[str, tuple[Any, Any]]
) -> None:
    subject = f"weights:{version.public_id}"
    record(actor=viewer, action=f"weights.{verb}", subject=subject, changes=changes)


def moved(weights: Weights) -> list[dict[str, Any]]:
    """Open pairs whose rank the weights move most within the first ten, one line each: need and
    seed (public ids), rank by the recipe and by the weights (None = not suggested)."""
    statement = (
        select(Listing)
        .where(Listing.kind == ListingKind.NEED, Listing.state == ListingState.PUBLISHED)
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(_LOOKED_AT)
    )
    found: list[tuple[int, dict[str, Any]]] = []
    for need in db.session.scalars(statement).all():
        before, after = (_ranks(need, chosen) for chosen in (RECIPE_WEIGHTS, weights))
        for ref in sorted({*before, *after}):
            was, becomes = before.get(ref), after.get(ref)
            ranks = (was or len(before) + 1, becomes or len(after) + 1)
            far = abs(ranks[0] - ranks[1]) or int(was != becomes)
            if far and min(ranks) <= TOP:
                line = {"need": need.public_id, "seed": ref, "before": was, "after": becomes}
                found.append((far, line))
    found.sort(key=lambda pair: (-pair[0], pair[1]["need"], pair[1]["seed"]))
    return [line for _far, line in found[:EXAMPLES]]


def _ranks(need: Listing, weights: Weights) -> dict[str, int]:
    found = matcher().suggest(need, limit=WIDE, weights=weights)
    return {suggestion.ref: rank for rank, suggestion in enumerate(found, 1)}
