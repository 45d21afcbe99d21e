"""Weights learned from decisions: bounded, monotone, explainable, and never more than an order."""

import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.matching import (
    RECIPE_WEIGHTS,
    Keep,
    Lexicon,
    Suggestion,
    Weights,
    build_index,
    rerank,
)
from registry.matching.learn import (
    BOUNDS,
    FAINT,
    FEATURES,
    LINKS,
    RECIPE_FACTORS,
    WIDE,
    Example,
    TooFewDecisions,
    reach,
    score_features,
    strength_of,
    train,
)
from tests.matching.samples import SEEDS, item

SCORES = st.floats(0, 100).map(lambda score: round(score, 2))
SHARES = st.lists(st.floats(0, 1), min_size=len(LINKS), max_size=len(LINKS)).filter(sum)
FACTORS = st.fixed_dictionaries({name: st.floats(*BOUNDS[name]) for name in FEATURES})
ROWS = st.tuples(
    *[st.floats(0, 3)] * len(LINKS), *[st.floats(0, 1)] * (len(FEATURES) - len(LINKS))
).map(np.array)


def suggestion(ref: str, score: float, shares: list[float]) -> Suggestion:
    parts = {
        kind: score * share / sum(shares)
        for kind, share in zip(LINKS, shares, strict=True)
        if share
    }
    return Suggestion(ref, score, parts, ())


SUGGESTIONS = st.lists(st.tuples(SCORES, SHARES), min_size=1, max_size=12).map(
    lambda drawn: sorted(
        (suggestion(f"S{n}", score, shares) for n, (score, shares) in enumerate(drawn)),
        key=lambda s: (-s.score, s.ref),
    )
)
EXAMPLES = st.lists(
    st.builds(
        lambda need, accepted, row: (need, accepted, row),
        st.integers(0, 5),
        st.booleans(),
        ROWS | st.none(),
    ),
    min_size=4,
    max_size=40,
).map(
    lambda drawn: [
        Example(f"N{need}", f"S{number:02}", accepted, row)
        for number, (need, accepted, row) in enumerate(drawn)
    ]
)


def learn(examples: list[Example]) -> Weights:
    assume(0 < sum(e.accepted for e in examples) < len(examples))
    return train(examples, least=0, least_of_each=1).weights


@given(SUGGESTIONS)
def test_the_recipes_weights_change_nothing(found: list[Suggestion]) -> None:
    limit, cutoff = reach(10, 35.0, RECIPE_WEIGHTS)

    assert (limit, cutoff) == (10, 35.0)
    assert rerank(found, RECIPE_WEIGHTS, limit=limit, cutoff=0) == found[:10]
    assert Weights.from_json(RECIPE_WEIGHTS.to_json()).neutral


@given(SCORES)
def test_the_formula_with_the_recipes_weights_tells_the_recipes_score(score: float) -> None:
    row = np.zeros((1, len(FEATURES)))
    row[0, 0] = strength_of(score)

    assert score_features(row, RECIPE_WEIGHTS)[0] == score


@given(ROWS, FACTORS, st.sampled_from(FEATURES), st.floats(0, 2))
def test_more_of_any_part_never_lowers_a_score(row, factors, name, more) -> None:
    higher = row.copy()
    higher[FEATURES.index(name)] += more
    weights = Weights(factors)

    assert score_features(higher[None], weights)[0] >= score_features(row[None], weights)[0]


@given(SUGGESTIONS, FACTORS)
def test_parts_sum_to_the_score_and_nothing_appears_that_was_not_found(found, factors) -> None:
    told = rerank(found, Weights(factors), limit=5, cutoff=20.0)

    assert {s.ref for s in told} <= {s.ref for s in found}
    assert len(told) <= 5
    assert [(-s.score, s.ref) for s in told] == sorted((-s.score, s.ref) for s in told)
    for one in told:
        assert one.score >= 20
        assert sum(one.parts.values()) == pytest.approx(one.score)


@given(SUGGESTIONS, FACTORS)
def test_taking_weights_back_restores_the_very_ranking(found, factors) -> None:
    before = rerank(found, RECIPE_WEIGHTS, limit=10, cutoff=0)
    rerank(found, Weights(factors), limit=10, cutoff=0)

    assert rerank(found, RECIPE_WEIGHTS, limit=10, cutoff=0) == before


@settings(deadline=None, max_examples=40)
@given(EXAMPLES)
def test_learned_weights_stay_within_bounds_and_keep_the_strength_of_what_was_seen(
    examples,
) -> None:
    weights = learn(examples)

    for name, value in weights.factors.items():
        assert BOUNDS[name][0] <= value <= BOUNDS[name][1]
    assert Weights.from_json(weights.to_json()) == weights


@settings(deadline=None, max_examples=40)
@given(EXAMPLES, st.randoms(use_true_random=False))
def test_training_is_the_same_at_every_run_and_in_every_order(
    examples: list[Example], chance: random.Random
) -> None:
    shuffled = list(examples)
    chance.shuffle(shuffled)

    assert learn(shuffled) == learn(examples)


def test_few_decisions_change_little_and_none_change_nothing() -> None:
    with pytest.raises(TooFewDecisions) as few:
        train([])
    small = train(_decided(4, seed=1), least=0, least_of_each=1).weights

    assert (few.value.accepted, few.value.dismissed) == (0, 0)
    assert max(abs(small.factors[n] - RECIPE_FACTORS[n]) for n in FEATURES) < 0.15


def test_decisions_of_one_kind_teach_nothing() -> None:
    only = [Example(e.need, e.seed, True, e.features) for e in _decided(40, seed=1)]

    with pytest.raises(TooFewDecisions):
        train(only)


def test_what_coordinators_prefer_is_found_again_and_ranks_later_pairs_better() -> None:
    early, late = _decided(120, seed=2), _decided(120, seed=3)

    weights = train(early).weights

    assert weights.factors["translation"] > 1.2 > weights.factors["meaning"]
    assert weights.factors["glossary"] == 1.0
    assert _right(late, weights) > _right(late, RECIPE_WEIGHTS) + 0.05


def test_random_decisions_leave_the_recipe_nearly_as_it_is() -> None:
    chance = np.random.default_rng(5)
    careless = [
        Example(e.need, e.seed, bool(chance.random() < 0.5), e.features)
        for e in _decided(60, seed=4)
    ]

    weights = train(careless).weights

    assert max(abs(weights.factors[n] - RECIPE_FACTORS[n]) for n in LINKS) < 0.4


def test_a_filter_is_never_overruled() -> None:
    index = build_index(SEEDS, Lexicon())
    need = item("N1", "めっきと射出成形の金型、水温センサーを探しています")
    weights = Weights({**RECIPE_FACTORS, "same": 2.0, "part": 0.5})
    keep = Keep(all_of=frozenset({"open"}), none_of=frozenset({"tooling"}))
    limit, cutoff = reach(10, 0.0, weights)

    told = rerank(
        index.suggest(need, limit=limit, cutoff=cutoff, keep=keep), weights, limit=10, cutoff=0
    )

    assert [s.ref for s in told] == ["S1"]
    assert [s.ref for s in index.suggest(need, keep=keep)] == ["S1"]


def test_a_score_that_the_widest_weights_lift_over_the_cutoff_was_asked_for() -> None:
    row = np.zeros((1, len(FEATURES)))
    row[0, 0] = strength_of(FAINT)

    assert reach(10, 35.0, Weights({**RECIPE_FACTORS, "same": 2.0})) == (WIDE, FAINT)
    assert score_features(row, Weights({**RECIPE_FACTORS, "same": 2.0}))[0] > 35


def test_stored_weights_out_of_bounds_are_refused_and_new_kinds_count_as_in_the_recipe() -> None:
    stored = Weights({**RECIPE_FACTORS, "same": 1.5}).to_json()
    del stored["factors"]["glossary"]

    assert Weights.from_json(stored).factors["glossary"] == 1.0
    with pytest.raises(ValueError, match="out of bounds: same"):
        Weights.from_json({**stored, "factors": {"same": 9.0}})


def _decided(needs: int, seed: int) -> list[Example]:
    """Needs with four shown seeds; a coordinator for whom translations count double and meaning
    half accepts the best one and dismisses two of the others."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(needs):
        rows = np.zeros((4, len(FEATURES)))
        for kind in ("same", "translation", "part", "meaning"):
            rows[:, LINKS.index(kind)] = chance.exponential(0.4, 4)
        taste = rows @ np.array(
            [{"translation": 2.0, "meaning": 0.5}.get(n, 1.0) for n in FEATURES]
        )
        order = np.argsort(-(taste + chance.normal(0, 0.1, 4)))
        for place in order[:3]:
            best = bool(place == order[0])
            found.append(Example(f"N{seed}-{number:03}", f"S{place}", best, rows[place]))
    return found


def _right(examples: list[Example], weights: Weights) -> float:
    """Share of needs whose accepted seed scores above all dismissed ones."""
    hits = 0
    needs = {e.need for e in examples}
    for need in needs:
        rows = {
            e.accepted: score_features(
                np.array(
                    [o.features for o in examples if (o.need, o.accepted) == (need, e.accepted)]
                ),
                weights,
            )
            for e in examples
            if e.need == need
        }
        hits += bool(rows[True].max() > rows[False].max())
    return hits / len(needs)
