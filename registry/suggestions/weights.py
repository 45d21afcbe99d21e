"""Reading the versions of learned weights, and which one ranks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.common.errors import NotFound
from registry.db import db
from registry.matching import RECIPE_WEIGHTS, Index, Item, Keep, Suggestion, Weights, rerank
from registry.matching.learn import LENGTH, length_of, reach
from registry.suggestions.models import LearnedWeights
from registry.suggestions.queries import listings_by_ref
from registry.suggestions.texts import text_of


@dataclass(frozen=True)
class Ranking:
    """By what suggestions are ranked; number 0 is the recipe."""

    number: int
    public_id: str
    weights: Weights


RECIPE_RANKING = Ranking(0, "", RECIPE_WEIGHTS)


def ranking() -> Ranking:
    """What is in force now."""
    row = version_in_force()
    if row is None:
        return RECIPE_RANKING
    return Ranking(row.number, row.public_id, Weights.from_json(row.content))


def version_in_force() -> LearnedWeights | None:
    """The version in force; None when the recipe ranks."""
    return db.session.scalar(select(LearnedWeights).where(LearnedWeights.in_force))


def versions() -> list[LearnedWeights]:
    """All versions, the newest first."""
    statement = (
        select(LearnedWeights)
        .options(joinedload(LearnedWeights.trained_by), joinedload(LearnedWeights.used_by))
        .order_by(LearnedWeights.number.desc())
    )
    return list(db.session.scalars(statement))


def newest_version() -> LearnedWeights | None:
    """The version trained last."""
    statement = select(LearnedWeights).order_by(LearnedWeights.number.desc()).limit(1)
    return db.session.scalar(statement)


def get_version(public_id: str) -> LearnedWeights:
    """The version of that id. Raises NotFound."""
    row = db.session.scalar(select(LearnedWeights).where(LearnedWeights.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def version_numbered(number: int) -> LearnedWeights | None:
    """The version of that number."""
    return db.session.scalar(select(LearnedWeights).where(LearnedWeights.number == number))


def suggest_by(
    weights: Weights, index: Index, item: Item, *, limit: int, cutoff: float, keep: Keep | None
) -> list[Suggestion]:
    """What an index finds, ranked by weights: the one place where learned weights take part.

    The index decides, with its filters, what may be suggested at all; with the recipe's weights
    its answer is given as it is.
    """
    wide, least = reach(limit, cutoff, weights)
    found = index.suggest(item, limit=wide, cutoff=least, keep=keep)
    lengths = _lengths(found, weights)
    return rerank(found, weights, limit=limit, cutoff=cutoff, lengths=lengths)


def _lengths(found: Sequence[Suggestion], weights: Weights) -> dict[str, int]:
    """The lengths of suggested texts by ref, as far as the weights heed them."""
    if not weights.factors[LENGTH]:
        return {}
    rows = listings_by_ref([suggestion.ref for suggestion in found])
    return {ref: length_of(text_of(row)) for ref, row in rows.items()}
