"""What it took to reach a rung: counted until its day, and once however many matches it served."""

from datetime import date, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.cases.effort import Work, effort_by_rung, effort_in
from registry.cases.models import Case, Outcome, Rung, Stage, StageChange
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind

START = date(2026, 1, 5)
many = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
offsets = st.integers(0, 60)
kinds = st.sampled_from([EncounterKind.DISPATCH, EncounterKind.MEETING])
hours = st.none() | st.integers(0, 16).map(lambda half: half / 2)
cases = st.lists(
    st.fixed_dictionaries(
        {}, optional={"agreed": offsets, "agreement": offsets, "patent": offsets}
    ),
    min_size=1,
    max_size=3,
)
meetings = st.lists(st.tuples(offsets, kinds, hours, st.sets(st.integers(0, 2))), max_size=8)


def _put(told: list[dict[str, int]], met: list[tuple[int, EncounterKind, float | None, set[int]]]):
    """The matches and their encounters as rows, numbered from one."""
    rows = []
    for number, days in enumerate(told, 1):
        case = Case(number=number, title="t", stage=Stage.TALKING, opened_on=START, moved_on=START)
        if "agreed" in days:
            case.changes.append(StageChange(stage=Stage.AGREED, on=_day(days["agreed"])))
        for name, rung in (("agreement", Rung.AGREEMENT), ("patent", Rung.PATENT)):
            if name in days:
                case.outcomes.append(Outcome(rung=rung, on=_day(days[name])))
        rows.append(case)
    for number, (day, kind, spent, served) in enumerate(met, 1):
        encounter = Encounter(number=number, kind=kind, held_on=_day(day), hours=spent, subject="s")
        for at in served:
            if at < len(rows):
                rows[at].encounters.append(encounter)
        db.session.add(encounter)
    db.session.add_all(rows)
    db.session.flush()


def _day(offset: int) -> date:
    return START + timedelta(days=offset)


@given(cases, meetings)
@many
def test_the_effort_of_a_rung_is_what_was_done_for_its_matches_until_its_day(
    app: Flask, told, met
) -> None:
    try:
        _put(told, met)
        found = {effort.rung: effort for effort in effort_by_rung()}
        whole = effort_in()
    finally:
        db.session.rollback()

    assert list(found) == list(Rung)
    firsts = {
        Rung.AGREEMENT: [
            min((c[k] for k in ("agreed", "agreement") if k in c), default=None) for c in told
        ],
        Rung.PATENT: [c.get("patent") for c in told],
    }
    for rung, reached in firsts.items():
        counted = [
            (kind, spent)
            for day, kind, spent, served in met
            if any(
                at < len(told) and reached[at] is not None and day <= reached[at] for at in served
            )
        ]
        effort = found[rung]
        assert effort.cases == sum(day is not None for day in reached)
        assert effort.work == _summed(counted)
        assert effort.work.hours <= whole.hours
    assert found[Rung.PRESS].work == Work() and found[Rung.PRESS].dispatches_each is None
    assert whole == _summed(
        [(kind, spent) for _d, kind, spent, served in met if any(at < len(told) for at in served)]
    )


def _summed(met: list[tuple[EncounterKind, float | None]]) -> Work:
    sent = [spent for kind, spent in met if kind is EncounterKind.DISPATCH]
    rest = [spent for kind, spent in met if kind is not EncounterKind.DISPATCH]
    return Work(
        len(sent),
        sum(spent or 0 for spent in sent),
        len(rest),
        sum(spent or 0 for spent in rest),
        sum(spent is None for _kind, spent in met),
    )


def test_a_span_narrows_the_day_of_the_rung_and_the_charge_its_matches(app: Flask) -> None:
    _put([{"agreement": 10}, {"agreement": 40}], [(3, EncounterKind.DISPATCH, 2.0, {0, 1})])

    (january,) = (e for e in effort_by_rung(_day(0), _day(20)) if e.rung is Rung.AGREEMENT)
    assert (january.cases, january.dispatches_each, january.hours_each) == (1, 1, 2)
    assert effort_by_rung(program="ip-matching")[0].cases == 0
    assert effort_by_rung(coordinator="nobody")[0].cases == 0
    assert effort_in(_day(4), None) == Work()
