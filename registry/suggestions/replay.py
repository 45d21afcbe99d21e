"""The past once more: what the engine would have suggested just before each decision.

For every accepted or dismissed pair the seeds that were published at that moment are ranked for
its need. Learned weights rank it only by what decisions of earlier days taught. Texts and the
glossary are read as they stand now, for their former wording is not kept. Earlier decisions about
the same need do not shorten the list: else the order in which somebody worked through it would be
measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.common.calendar import tokyo_day
from registry.db import db
from registry.listings.models import Listing, ListingKind
from registry.matching import (
    RECIPE_WEIGHTS,
    Index,
    Item,
    Keep,
    Lexicon,
    Weights,
    build_index,
)
from registry.matching.learn import (
    FAINT,
    WIDE,
    Doubles,
    Example,
    TooFewDecisions,
    features_of,
    length_of,
    order_of,
    score_features,
    train,
)
from registry.suggestions.matcher import matcher
from registry.suggestions.models import Decision, DecisionKind, DismissReason, ListingTerms
from registry.suggestions.teaching import lesson_of
from registry.suggestions.texts import item_of

LEAST, LEAST_OF_EACH = 15, 3
"""From so many earlier decisions on, learned weights take part in a replay."""
TOP = 10
_SMALL = 200
"""An index of no more seeds is made anew for each moment; a larger one is changed."""


@dataclass(frozen=True)
class Step:
    """One decision, and what the engine would have found for its need at that moment."""

    decided_at: datetime
    need: Listing
    seed: Listing
    kind: DecisionKind
    reason: DismissReason | None
    lesson: bool | None
    refs: tuple[str, ...]
    features: Doubles

    def rank(self, weights: Weights) -> int | None:
        """The decided seed's rank, from 1; None when the engine did not find it."""
        if self.seed.public_id not in self.refs:
            return None
        order = order_of(self.refs, score_features(self.features, weights))
        return order.index(self.refs.index(self.seed.public_id)) + 1

    def example(self) -> Example | None:
        """What the step teaches."""
        if self.lesson is None:
            return None
        ref = self.seed.public_id
        row = self.features[self.refs.index(ref)] if ref in self.refs else None
        return Example(self.need.public_id, ref, self.lesson, row)


@dataclass(frozen=True)
class Outcome:
    """A step's ranks. `honest` tells that the learned weights knew of earlier days only; without
    learned weights `after` is `before` and `learned` is false."""

    step: Step
    before: int | None
    after: int | None
    learned: bool
    honest: bool


@dataclass(frozen=True)
class Figures:
    """How well a group of decided pairs ranked; the mean is over those that were found."""

    count: int
    found: int
    reciprocal: float
    mean: float | None
    top: float

    def to_json(self) -> dict[str, float | int | None]:
        """Plain values, rounded."""
        return {
            "count": self.count,
            "found": self.found,
            "mrr": round(self.reciprocal, 4),
            "mean": None if self.mean is None else round(self.mean, 3),
            "top": round(self.top, 4),
        }


def measure(ranks: Sequence[int | None]) -> Figures:
    """Mean reciprocal rank (0 for a pair not found), mean rank, share among the first ten."""
    found = [rank for rank in ranks if rank is not None]
    count = len(ranks)
    return Figures(
        count,
        len(found),
        sum(1 / rank for rank in found) / count if count else 0.0,
        sum(found) / len(found) if found else None,
        sum(rank <= TOP for rank in found) / count if count else 0.0,
    )


def steps_until(until: datetime) -> list[Step]:
    """All accepted and dismissed pairs up to a moment, in the order of the decisions.

    Pairs whose seed was published (again) only after the decision are left out.
    """
    follower = matcher()
    follower.follow()
    past = _Past(follower.lexicon, _once_published())
    steps: list[Step] = []
    for decision, terms in _decisions(until):
        published = decision.seed.published_at
        if published is not None and published <= decision.decided_at:
            steps.append(_step(decision, item_of(decision.need, terms), past))
    return steps


def replay(
    steps: Iterable[Step], weights: Weights | None, learned_until: datetime
) -> list[Outcome]:
    """Ranks before and after: by the weights given, which learned until a moment, or, with None,
    by weights learned anew for each day from the decisions of the days before."""
    outcomes: list[Outcome] = []
    taught: list[Example] = []
    today: list[Example] = []
    day, current = None, weights
    for step in steps:
        if weights is None and tokyo_day(step.decided_at) != day:
            day = tokyo_day(step.decided_at)
            if today:
                taught, today = [*taught, *today], []
                current = learn_or_none(taught)
        before = step.rank(RECIPE_WEIGHTS)
        after = before if current is None else step.rank(current)
        honest = weights is None or step.decided_at > learned_until
        outcomes.append(Outcome(step, before, after, current is not None, honest))
        if (example := step.example()) is not None:
            today.append(example)
    return outcomes


def learn_or_none(examples: Sequence[Example]) -> Weights | None:
    """Weights from the first few decisions; None before there are some of both kinds."""
    try:
        return train(examples, least=LEAST, least_of_each=LEAST_OF_EACH).weights
    except TooFewDecisions:
        return None


def summarise(outcomes: Sequence[Outcome]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Figures of the honest outcomes by what the decision taught: recipe and learned."""
    found: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for name, lesson in (("accepted", True), ("dismissed", False)):
        rows = [o for o in outcomes if o.learned and o.honest and o.step.lesson is lesson]
        found[name] = {
            "recipe": measure([row.before for row in rows]).to_json(),
            "learned": measure([row.after for row in rows]).to_json(),
        }
    return found


class _Past:
    """The index of seeds as it was, moved forward in time."""

    def __init__(self, lexicon: Lexicon, seeds: Sequence[tuple[Listing, Item]]) -> None:
        self._lexicon = lexicon
        self.lengths = {item.ref: length_of(item.terms.text) for _listing, item in seeds}
        events: list[tuple[datetime, bool, str, Item]] = []
        for listing, item in seeds:
            if listing.published_at is None:
                continue
            events.append((listing.published_at, True, item.ref, item))
            if listing.ended_at is not None and listing.ended_at > listing.published_at:
                events.append((listing.ended_at, False, item.ref, item))
        self._events = sorted(events, key=lambda event: event[:3])
        self._next = 0
        self._alive: dict[str, Item] = {}
        self._index: Index | None = None

    def at(self, moment: datetime) -> Index:
        """The index at a moment, not before the one asked for last."""
        first = self._next
        while self._next < len(self._events) and self._events[self._next][0] <= moment:
            self._next += 1
        passed = self._events[first : self._next]
        for _when, begins, ref, item in passed:
            if begins:
                self._alive[ref] = item
            else:
                self._alive.pop(ref, None)
        if self._index is None or (passed and len(self._alive) <= _SMALL):
            self._index = build_index(self._alive.values(), self._lexicon)
            return self._index
        for _when, begins, ref, item in passed:
            if begins:
                self._index.add(item)
            else:
                self._index.remove(ref)
        return self._index


def _step(decision: Decision, item: Item, past: _Past) -> Step:
    index = past.at(decision.decided_at)
    own = Keep(none_of=frozenset({f"organization:{decision.need.organization_id}"}))
    found = index.suggest(item, limit=WIDE, cutoff=FAINT, keep=own)
    rows = [features_of(suggestion, past.lengths[suggestion.ref]) for suggestion in found]
    return Step(
        decision.decided_at,
        decision.need,
        decision.seed,
        decision.kind,
        decision.reason,
        lesson_of(decision.kind, decision.reason),
        tuple(suggestion.ref for suggestion in found),
        np.array(rows) if rows else np.zeros((0, 1)),
    )


def _decisions(until: datetime) -> list[tuple[Decision, ListingTerms | None]]:
    """Accepted and dismissed pairs with the need's stored terms, oldest first."""
    statement = (
        select(Decision, ListingTerms)
        .outerjoin(ListingTerms, ListingTerms.listing_id == Decision.need_id)
        .where(
            Decision.kind.in_([DecisionKind.ACCEPTED, DecisionKind.DISMISSED]),
            Decision.decided_at <= until,
        )
        .options(joinedload(Decision.need), joinedload(Decision.seed))
        .order_by(Decision.decided_at, Decision.id)
    )
    return [(decision, terms) for decision, terms in db.session.execute(statement)]


def _once_published() -> list[tuple[Listing, Item]]:
    """Every seed that is or was published."""
    statement = (
        select(Listing, ListingTerms)
        .outerjoin(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(Listing.kind == ListingKind.SEED, Listing.published_at.is_not(None))
        .order_by(Listing.id)
    )
    return [(row, item_of(row, terms)) for row, terms in db.session.execute(statement)]
