"""Weights learned from decisions: how much each part of a score counts.

A score is read as a strength, −ln(1 − score/100), shared out among the kinds of link as `parts`
shares out the score. Strengths add up, so the learned score of a suggestion is

    100 · (1 − exp(−Σ weight · strength − coverage and length beyond the usual))

Every weight lies between bounds above zero: more of any part never lowers a score, no part is
silenced, none takes all. With the recipe's weights (all 1, nothing for coverage and length) the
score is the recipe's. The seam is `rerank`: it takes what an index already found for a need, with
its filters, and only puts it in another order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from registry.matching.explain import Suggestion
from registry.matching.links import LINKS
from registry.matching.texts import FIELDS, Text

COVERAGE = "coverage"
"""Share of the weighty words of a need that met something, 0–1."""
LENGTH = "length"
"""How much the other text says, 1 from `FULL_LENGTH` characters on."""
FEATURES = (*LINKS, COVERAGE, LENGTH)

BOUNDS = {**dict.fromkeys(LINKS, (0.5, 2.0)), COVERAGE: (0.0, 1.0), LENGTH: (0.0, 1.0)}
"""Least and greatest weight of each feature."""
RECIPE_FACTORS = {**dict.fromkeys(LINKS, 1.0), COVERAGE: 0.0, LENGTH: 0.0}
WIDE = 100
"""So many of the recipe's best are put in order by learned weights."""
FAINT = 20.0
"""From this score of the recipe on; with every weight doubled it would be 36."""
LEAST, LEAST_OF_EACH = 30, 5
"""Fewer decisions, or fewer of one kind, teach nothing."""

FULL_LENGTH = 400
_FULL = 99.996
_TRUST = np.array([*[10.0] * len(LINKS), 40.0, 40.0])
"""How firmly each weight is held where the recipe has it."""
_STEPS, _STILL = 1000, 1e-8
_NOTHING = 1e-9
_DECIMALS = 3

Doubles = NDArray[np.float64]
_LOW = np.array([BOUNDS[name][0] for name in FEATURES])
_HIGH = np.array([BOUNDS[name][1] for name in FEATURES])
_PRIOR = np.array([RECIPE_FACTORS[name] for name in FEATURES])
_KINDS = len(LINKS)


@dataclass(frozen=True)
class Weights:
    """One weight for each feature; `usual` are the coverage and the length that change nothing."""

    factors: Mapping[str, float] = field(default_factory=lambda: dict(RECIPE_FACTORS))
    usual: Mapping[str, float] = field(default_factory=lambda: {COVERAGE: 0.0, LENGTH: 0.0})

    @property
    def neutral(self) -> bool:
        """Whether they are the recipe's."""
        return dict(self.factors) == RECIPE_FACTORS

    @property
    def row(self) -> Doubles:
        """In the order of FEATURES."""
        return np.array([self.factors[name] for name in FEATURES])

    def to_json(self) -> dict[str, dict[str, float]]:
        """Plain values to be stored."""
        return {"factors": dict(self.factors), "usual": dict(self.usual)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Mapping[str, float]]) -> Weights:
        """Stored weights; a kind of link that is newer than they are has the recipe's weight.

        Raises ValueError for a weight out of bounds.
        """
        factors = {name: float(raw["factors"].get(name, RECIPE_FACTORS[name])) for name in FEATURES}
        for name, value in factors.items():
            low, high = BOUNDS[name]
            if not low <= value <= high:
                raise ValueError(f"weight out of bounds: {name} {value}")
        usual = {name: float(raw["usual"].get(name, 0.0)) for name in (COVERAGE, LENGTH)}
        return cls(factors, usual)


RECIPE_WEIGHTS = Weights()


@dataclass(frozen=True)
class Example:
    """A decided pair: accepted, or dismissed because it did not fit.

    `features` is None when the engine did not find the pair: it counts, but nothing is compared.
    """

    need: str
    seed: str
    accepted: bool
    features: Doubles | None


class TooFewDecisions(ValueError):
    """There is too little to learn from; says how many there are of each kind."""

    def __init__(self, accepted: int, dismissed: int) -> None:
        super().__init__(f"{accepted} accepted, {dismissed} dismissed")
        self.accepted, self.dismissed = accepted, dismissed


@dataclass(frozen=True)
class Learned:
    """The weights, and from how many pairs of an accepted and a dismissed seed of one need."""

    weights: Weights
    comparisons: int


def strength_of(score: float) -> float:
    """A score (0–100) as a strength, 0 upwards; a printed 100 is the most that can be told."""
    return -math.log1p(-min(max(score, 0.0), _FULL) / 100)


def features_of(suggestion: Suggestion, length: int | None = None) -> Doubles:
    """A suggestion in the order of FEATURES; `length` is that of the other text in characters,
    None when it does not matter."""
    strength, total = strength_of(suggestion.score), sum(suggestion.parts.values())
    row = np.zeros(len(FEATURES))
    for place, kind in enumerate(LINKS):
        row[place] = strength * suggestion.parts.get(kind, 0.0) / total if total else 0.0
    met = len({reason.need for reason in suggestion.reasons if reason.link != "meaning"})
    row[_KINDS] = met / (met + len(suggestion.missing)) if met else 0.0
    row[_KINDS + 1] = min(1.0, (length or 0) / FULL_LENGTH)
    return row


def length_of(text: Text) -> int:
    """How long a text is, in characters."""
    return sum(len(text.field(name)) for name in FIELDS)


def score_features(rows: Doubles, weights: Weights) -> Doubles:
    """The learned scores (0–100, two decimals) of rows of features."""
    strength = rows @ weights.row
    strength = strength - sum(weights.factors[n] * weights.usual[n] for n in (COVERAGE, LENGTH))
    return np.asarray(np.round(100 * -np.expm1(-np.maximum(strength, 0.0)), 2))


def order_of(refs: Sequence[str], scores: Doubles) -> list[int]:
    """Places by falling score, equal scores by ref, as the engine ranks."""
    return sorted(range(len(refs)), key=lambda place: (-scores[place], refs[place]))


def reach(limit: int, cutoff: float, weights: Weights) -> tuple[int, float]:
    """How many suggestions, and down to which score, must be asked of the index for `rerank`."""
    return (limit, cutoff) if weights.neutral else (max(limit, WIDE), min(cutoff, FAINT))


def rerank(
    found: Sequence[Suggestion],
    weights: Weights,
    *,
    limit: int,
    cutoff: float,
    lengths: Mapping[str, int] | None = None,
) -> list[Suggestion]:
    """At most `limit` of the suggestions, scoring `cutoff` or more by these weights, best first.

    The recipe's weights give back what was found. `lengths` are those of the other texts by ref;
    they are asked for only when the weights heed the length.
    """
    if weights.neutral or not found:
        return list(found[:limit])
    lengths = lengths or {}
    rows = np.array([features_of(s, lengths.get(s.ref)) for s in found])
    scores = score_features(rows, weights)
    order = order_of([suggestion.ref for suggestion in found], scores)
    told = (_retold(found[place], float(scores[place]), weights) for place in order)
    return [suggestion for suggestion in told if suggestion.score >= cutoff][:limit]


def _retold(suggestion: Suggestion, score: float, weights: Weights) -> Suggestion:
    """A suggestion with another score: its parts and its reasons' shares by the weights."""
    before = sum(suggestion.parts.values())
    weighed = {
        kind: part * weights.factors.get(kind, 1.0) for kind, part in suggestion.parts.items()
    }
    total = sum(weighed.values())
    if total <= 0 or before <= 0:
        return replace(suggestion, score=score)
    reasons = [
        replace(r, share=r.share * weights.factors.get(r.link, 1.0) * before / total)
        for r in suggestion.reasons
    ]
    reasons.sort(key=lambda reason: (-reason.share, reason.need, reason.seed))
    parts = {kind: score * part / total for kind, part in weighed.items()}
    return replace(suggestion, score=score, parts=parts, reasons=tuple(reasons))


def train(
    examples: Iterable[Example], *, least: int = LEAST, least_of_each: int = LEAST_OF_EACH
) -> Learned:
    """Learn from pairs decided differently for one need; the order of the examples is no matter.

    A pairwise logistic model: an accepted seed should be stronger than a dismissed one of the same
    need (only what was shown is compared, each accepted seed counts once). Weights are held to the
    recipe's like springs, stay within bounds, and the strength of all compared pairs together
    stays, so that scores keep their meaning. Raises TooFewDecisions.
    """
    ordered = sorted(examples, key=lambda example: (example.need, example.seed))
    accepted = sum(example.accepted for example in ordered)
    dismissed = len(ordered) - accepted
    if len(ordered) < least or min(accepted, dismissed) < least_of_each:
        raise TooFewDecisions(accepted, dismissed)
    steps, counts, seen = _compare(ordered)
    if not len(steps):
        return Learned(RECIPE_WEIGHTS, 0)
    mean = seen.mean(axis=0)
    found = np.round(_descend(steps, counts, mean), _DECIMALS)
    factors = {name: float(value) for name, value in zip(FEATURES, found, strict=True)}
    usual = {name: round(float(mean[FEATURES.index(name)]), 3) for name in (COVERAGE, LENGTH)}
    return Learned(Weights(factors, usual), len(steps))


def _compare(ordered: Sequence[Example]) -> tuple[Doubles, Doubles, Doubles]:
    """Accepted less dismissed of the same need, what each comparison counts, the pairs used."""
    by_need: dict[str, tuple[list[Doubles], list[Doubles]]] = {}
    for example in ordered:
        if example.features is not None:
            by_need.setdefault(example.need, ([], []))[not example.accepted].append(
                example.features
            )
    steps, counts, seen = [], [], []
    for taken, left in by_need.values():
        if taken and left:
            steps += [good - bad for good in taken for bad in left]
            counts += [1 / len(left)] * (len(taken) * len(left))
            seen += taken + left
    return np.array(steps), np.array(counts), np.array(seen)


def _descend(steps: Doubles, counts: Doubles, mean: Doubles) -> Doubles:
    """The weights of least loss: projected gradient with momentum, the same at every run."""
    slope = 0.25 * float(np.linalg.norm(steps * np.sqrt(counts)[:, None], 2)) ** 2
    rate = 1 / (slope + float(_TRUST.max()))
    weights = ahead = _PRIOR.copy()
    momentum = 1.0
    for _step in range(_STEPS):
        doubt = counts / (1 + np.exp(np.clip(steps @ ahead, -50, 50)))
        downhill = doubt @ steps - _TRUST * (ahead - _PRIOR)
        better = _project(ahead + rate * downhill, mean)
        moved = float(np.abs(better - weights).max())
        longer = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead = better + (momentum - 1) / longer * (better - weights)
        weights, momentum = better, longer
        if moved < _STILL:
            break
    return weights


def _project(weights: Doubles, mean: Doubles) -> Doubles:
    """The nearest weights within bounds that leave the mean strength as it was."""
    clipped: Doubles = np.clip(weights, _LOW, _HIGH)
    share = mean[:_KINDS]
    seen = share > _NOTHING
    if not seen.any():
        return clipped
    kinds, low, high, share = (
        weights[:_KINDS][seen],
        _LOW[:_KINDS][seen],
        _HIGH[:_KINDS][seen],
        share[seen],
    )
    breaks = np.sort(np.concatenate(((kinds - low) / share, (kinds - high) / share)))
    totals = np.clip(kinds - breaks[:, None] * share, low, high) @ share
    level = np.interp(share.sum(), totals[::-1], breaks[::-1])
    clipped[:_KINDS][seen] = np.clip(kinds - level * share, low, high)
    return clipped
