"""The laws of the report's arithmetic."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.cases.models import Stage
from registry.common.calendar import Month
from registry.reports import figures
from registry.reports.breakdowns import DIMENSIONS, OVERLAPPING
from registry.reports.dimensions import Dimensions
from registry.reports.disclosure import OTHERS, THRESHOLD, protect
from registry.reports.facts import Fact, stage_facts
from registry.reports.figures import Group
from registry.reports.measures import BROKEN_DOWN, FUNNEL, Measure

START = date(2026, 9, 1)
MONTH = Month(2026, 10)

dimensions = st.builds(
    Dimensions,
    program=st.sampled_from(["", "ip", "med"]),
    industry=st.sampled_from(["", "E", "L"]),
    ward=st.sampled_from(["", "14133", "14134"]),
    coordinator=st.sampled_from(["", "a", "b"]),
    policy=st.sampled_from(["", "3-3-1", "3-3-2", "3", "4-1"]),
    tags=st.sampled_from([(), ("p:viewpoint-1",), ("p:priority-2", "p:viewpoint-1")]),
)
facts = st.lists(
    st.builds(
        Fact,
        measure=st.sampled_from(list(Measure)),
        on=st.integers(0, 90).map(lambda days: START + timedelta(days)),
        dimensions=dimensions,
        waited=st.none() | st.integers(0, 400),
    ),
    max_size=25,
)
groups = st.lists(
    st.lists(st.integers(0, 9), min_size=5, max_size=5).map(
        lambda counts: dict(zip(BROKEN_DOWN, counts, strict=True))
    ),
    max_size=8,
).map(lambda tables: [Group(str(n), counts) for n, counts in enumerate(tables)])


@given(facts)
def test_each_breakdown_sums_up_to_the_month(found):
    this = [fact for fact in found if fact.on in MONTH]
    counts = figures.count_by_month(found).get(MONTH, {})

    for code, key in DIMENSIONS.items():
        groups = figures.break_down(this, BROKEN_DOWN, key)
        for measure in BROKEN_DOWN:
            total = sum(g.counts[measure] for g in groups)
            assert total == counts.get(measure, 0) or code in OVERLAPPING


@given(facts)
def test_a_policy_code_counts_what_lies_below_it(found):
    groups = figures.break_down(found, BROKEN_DOWN, DIMENSIONS["policy"])
    counts = {group.code: group.counts for group in groups}
    total = figures.break_down(found, BROKEN_DOWN, lambda _at: ("all",))

    for code, table in counts.items():
        below = [found for found in counts if found.rpartition("-")[0] == code and code]
        for measure in BROKEN_DOWN:
            home = [f for f in found if f.measure is measure and f.dimensions.policy == code]
            assert table[measure] == len(home) + sum(counts[one][measure] for one in below)
    tops = [table for code, table in counts.items() if "-" not in code]
    for group in total:
        for measure in BROKEN_DOWN:
            assert group.counts[measure] == sum(table[measure] for table in tops)


@given(facts)
def test_months_together_count_every_fact_once(found):
    assert sum(sum(c.values()) for c in figures.count_by_month(found).values()) == len(found)


@given(facts)
def test_the_funnel_has_the_months_counts_and_shares_of_the_step_before(found):
    steps = figures.funnel(found, FUNNEL)

    for before, step in zip([None, *steps], steps, strict=False):
        assert step.count == sum(fact.measure is step.measure for fact in found)
        assert (step.share is None) == (before is None or before.count == 0)
        if step.share is not None and before is not None:
            assert round(step.share * before.count) == step.count
        waits = [f.waited for f in found if f.measure is step.measure and f.waited is not None]
        assert (step.days is None) == (not waits)
        assert step.days is None or min(waits) <= step.days <= max(waits)


@given(st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(0, 300)), max_size=20))
def test_a_case_that_goes_back_and_forth_counts_once_for_each_stage(moves):
    changes = [(stage, START + timedelta(days)) for stage, days in moves]

    found = list(stage_facts(changes, Dimensions()))

    assert len({fact.measure for fact in found}) == len(found)
    assert len(found) == len({stage for stage, _on in changes} - {Stage.PROPOSED})
    assert all(fact.waited is None or fact.waited >= 0 for fact in found)
    assert {fact.on for fact in found} <= {on for _stage, on in changes}


@given(st.lists(st.integers(0, 2000), max_size=30))
def test_every_open_case_has_one_age(days):
    at = date(2026, 10, 31)

    assert sum(age.count for age in figures.ages([at - timedelta(n) for n in days], at)) == len(
        days
    )


@given(groups)
def test_what_is_shown_outside_is_never_one_or_two(found):
    for _code, counts in protect(found, BROKEN_DOWN):
        assert all(n is None or n == 0 or n >= THRESHOLD for n in counts.values())


@given(groups)
def test_what_is_withheld_cannot_be_found_by_subtraction(found):
    rows = protect(found, BROKEN_DOWN)
    for measure in BROKEN_DOWN:
        total = sum(g.counts[measure] for g in found)
        shown = [counts[measure] for _code, counts in rows if counts[measure] is not None]
        withheld = len(rows) - len(shown)
        rest = total - sum(shown)

        assert rest >= 0
        if not withheld:
            assert rest == 0
        elif shown:
            assert withheld > 1
            assert 0 < rest != (THRESHOLD - 1) * withheld


@given(groups)
def test_groups_of_small_figures_lose_their_names(found):
    rows = dict(protect(found, BROKEN_DOWN))
    small = {g.code for g in found if max(g.counts.values()) < THRESHOLD}

    assert not small & set(rows)
    assert (OTHERS in rows) == bool(small)
