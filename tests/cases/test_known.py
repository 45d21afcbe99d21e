"""The share of matches whose state is known after twelve months, as an indicator with its rows."""

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.check_in_queries import months_after
from registry.cases.known import followed, share
from registry.cases.models import Case, CloseReason, Outcome, Party, Rung, Side, Stage, StageChange
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind
from registry.policy.models import CountingRule
from registry.reports.counts import COUNTS
from tests.conftest import TODAY
from tests.factories.organizations import make_organization

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
NEWS = ("outcome", "stage", "encounter", "answer", "failed", "completed")
many = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
matches = st.lists(
    st.tuples(
        st.dates(date(2024, 1, 1), date(2025, 12, 31)),
        st.none() | st.sampled_from(NEWS),
        st.integers(-20, 20),
    ),
    max_size=5,
)


def _put(told: list[tuple[date, str | None, int]], organization_id: int) -> list[Case]:
    """Agreed matches; the news of each lies so many days from its twelve-month day."""
    rows = []
    for number, (agreed, news, days) in enumerate(told, 1):
        case = Case(number=number, title="t", stage=Stage.AGREED, opened_on=agreed, moved_on=agreed)
        case.changes.append(StageChange(stage=Stage.AGREED, on=agreed))
        case.parties.append(Party(organization_id=organization_id, side=Side.OTHER))
        db.session.add(case)
        db.session.flush()
        _tell(case, news, months_after(agreed, 12) + timedelta(days=days))
        rows.append(case)
    db.session.flush()
    return rows


def _tell(case: Case, news: str | None, day: date) -> None:
    if news == "outcome":
        case.outcomes.append(Outcome(rung=Rung.NDA, on=day))
    elif news == "stage":
        case.changes.append(StageChange(stage=Stage.PROTOTYPE, on=day))
    elif news == "encounter":
        case.encounters.append(
            Encounter(number=case.number, kind=EncounterKind.CALL, held_on=day, subject="s")
        )
    elif news == "answer":
        check = CheckIn(case_id=case.id, party_id=case.parties[0].id, months=12, due=day)
        check.state = CheckInState.GOING
        db.session.add(check)
    elif news in ("failed", "completed"):
        case.closed_on = day
        case.close_reason = CloseReason.COST if news == "failed" else CloseReason.COMPLETED


@given(matches)
@many
def test_a_match_is_known_exactly_when_something_was_heard_since_its_day(app: Flask, told) -> None:
    firm = make_organization()
    try:
        cases = _put(told, firm.id)
        found = {one.case_id: one.known for one in followed(FIRST, LAST, today=TODAY)}
        expected = {
            case.id: news in ("answer", "failed")
            or (news in ("outcome", "stage", "encounter") and days >= 0)
            for case, (agreed, news, days) in zip(cases, told, strict=True)
            if FIRST <= months_after(agreed, 12) <= LAST
        }
    finally:
        db.session.rollback()

    assert found == expected


@given(matches)
@many
def test_the_share_is_the_part_of_its_rows_that_is_known(app: Flask, told) -> None:
    count = COUNTS["cases.known_at_12"]
    assert count.rules == {CountingRule.STOCK} and count.at and count.subjects_at
    try:
        _put(told, make_organization().id)
        value = count.at({}, LAST)
        rows = count.rows(count.subjects_at({}, LAST))
        elsewhere = count.at({"program": "no-such-program"}, LAST)
        known, of = share(followed(FIRST, LAST, today=TODAY))
    finally:
        db.session.rollback()

    assert len(rows) == of and sum(row.weight for row in rows) == known
    assert value == ((Decimal(100) * known / of).quantize(Decimal("0.1")) if of else None)
    assert elsewhere is None


def test_a_match_whose_day_has_not_come_is_not_counted_as_unknown(app: Flask) -> None:
    _put([(TODAY - timedelta(days=300), None, 0)], make_organization().id)

    assert followed(date(2026, 4, 1), date(2027, 3, 31), today=TODAY) == []
    assert COUNTS["cases.known_at_12"].at({}, date(2027, 3, 31)) is None  # type: ignore[misc]
