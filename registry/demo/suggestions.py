"""Loading the glossary, what the office decided, and what the engine suggests for every need."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from registry.accounts.models import User
from registry.common.calendar import tokyo_day
from registry.db import db
from registry.demo.files import rows, split
from registry.demo.world import COORDINATOR, World, moment
from registry.listings.models import Listing, ListingKind, ListingState
from registry.matching import Suggestion
from registry.suggestions.candidates import KEPT
from registry.suggestions.matcher import encoder, matcher
from registry.suggestions.models import (
    Candidate,
    Decision,
    DecisionKind,
    DismissReason,
    GlossaryEntry,
)
from registry.suggestions.texts import store_terms

FAR = 60
"""So many suggestions are looked through for the score of a pair that was decided."""

Pair = tuple[int, int]


def load_glossary(world: World) -> None:
    """The office's glossary, before the engine reads it."""
    for row in rows("glossary"):
        entry = GlossaryEntry(
            public_id=world.ids.of(f"glossary:{row['ja']}"),
            japanese=row["ja"],
            english=row["en"],
            synonyms=split(row["synonyms"]),
        )
        db.session.add(entry)
        db.session.flush()
        world.log("glossary.added", f"glossary:{entry.public_id}", japanese=entry.japanese)


def load_decisions(world: World) -> None:
    """What coordinators decided: a case was an accepted suggestion."""
    for case in world.cases.values():
        need, seed = case.need, case.seed
        if need is None or seed is None:
            continue
        _decide(
            world,
            Decision(
                need=need,
                seed=seed,
                kind=DecisionKind.ACCEPTED,
                decided_at=moment(case.opened_on, 9, 30),
            ),
            case.coordinator,
        )
    coordinators = {row["need"]: row["coordinator"] for row in rows("cases")}
    for row in rows("decisions"):
        name = coordinators.get(row["need"])
        by = world.staff(name) if name else world.users[COORDINATOR]
        decision = Decision(
            need=world.listings[row["need"]],
            seed=world.listings[row["seed"]],
            kind=DecisionKind(row["decision"]),
            reason=DismissReason(row["reason"]),
            words=row["words"],
            told_at=moment(world.need_day(row["date"]), 16) if row["words"] else None,
            until=world.day(row["until"]),
            decided_at=moment(world.need_day(row["date"]), 16),
        )
        _decide(world, decision, by)


def _decide(world: World, decision: Decision, by: User | None) -> None:
    decision.public_id = world.ids.of(
        f"decision:{decision.need.public_id}:{decision.seed.public_id}"
    )
    decision.decided_by_id = by.id if by else None
    decision.created_at = decision.decided_at
    db.session.add(decision)
    db.session.flush()
    world.log(
        f"suggestion.{decision.kind.value}",
        f"decision:{decision.public_id}",
        actor=by,
        need=decision.need.public_id,
        seed=decision.seed.public_id,
    )


def load_candidates(world: World) -> None:
    """Have the engine read every published listing, and keep its candidates for every need.

    A pair was first seen the day after both were published, and before it was decided.
    """
    published = [row for row in world.listings.values() if row.state is ListingState.PUBLISHED]
    for listing in published:
        terms = store_terms(listing, encoder())
        terms.matched_version = listing.version
    db.session.flush()
    decisions = {(row.need_id, row.seed_id): row for row in db.session.query(Decision)}
    seeds = {row.public_id: row for row in db.session.query(Listing)}
    for need in world.listings.values():
        if need.kind is ListingKind.NEED and need.published_at is not None:
            decided = {pair[1]: row for pair, row in decisions.items() if pair[0] == need.id}
            _suggest(need, seeds, decided, world)
    for case in world.cases.values():
        if case.need_id and case.seed_id:
            case.score = decisions[case.need_id, case.seed_id].score
    db.session.flush()


def _suggest(
    need: Listing, seeds: dict[str, Listing], decided: dict[int, Decision], world: World
) -> None:
    """A need's candidates of today, and the pairs of it that were decided."""
    found = matcher().suggest(need, limit=FAR if decided else KEPT)
    is_open = need.state is ListingState.PUBLISHED
    for rank, suggestion, seed in _ranked(found, seeds):
        decision = decided.get(seed.id)
        if decision:
            decision.score = round(suggestion.score, 2)
        current = is_open and rank <= KEPT
        if current or decision:
            seen = _first_seen(need, seed, decision, world)
            last = moment(world.today, 8) if current else max(seen, _decided_at(decision, seen))
            db.session.add(
                Candidate(
                    need=need,
                    seed=seed,
                    score=round(suggestion.score, 2),
                    rank=rank,
                    parts=dict(suggestion.parts),
                    first_seen_at=seen,
                    last_seen_at=last,
                    current=current,
                )
            )


def _ranked(
    found: list[Suggestion], seeds: dict[str, Listing]
) -> Iterator[tuple[int, Suggestion, Listing]]:
    for rank, suggestion in enumerate(found, 1):
        yield rank, suggestion, seeds[suggestion.ref]


def _first_seen(need: Listing, seed: Listing, decision: Decision | None, world: World) -> datetime:
    published = [tokyo_day(at) for at in (need.published_at, seed.published_at) if at]
    on: date = max(published) + timedelta(days=1)
    latest = tokyo_day(decision.decided_at) if decision else world.today
    return moment(min(on, latest), 8)


def _decided_at(decision: Decision | None, otherwise: datetime) -> datetime:
    return decision.decided_at if decision else otherwise
