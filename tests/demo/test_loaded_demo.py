"""What the loaded demo holds: the plan as it is printed, and rooms that live."""

from collections import Counter
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.check_in_queries import answers_to_read, to_call
from registry.cases.known import followed, share
from registry.cases.models import Answer, Case, Stage
from registry.cases.queries import party_of_token
from registry.common.calendar import is_business_day, tokyo_day
from registry.common.roles import Role
from registry.db import db
from registry.demo import letters
from registry.demo.ids import Ids
from registry.encounters.models import Encounter, EncounterKind
from registry.listings import search
from registry.listings.models import Listing, ListingKind, ListingState
from registry.listings.service import consent_is_missing, expire_due
from registry.notifications.models import Delivery, Message
from registry.organizations.models import (
    ConsentWay,
    Contact,
    Invitation,
    InvitationState,
    Organization,
    OrganizationState,
)
from registry.programs.models import Enrolment, EnrolmentResult, Program
from registry.reports.facts import facts_between
from registry.reports.measures import Measure
from registry.suggestions.models import Candidate, Decision, DecisionKind
from registry.suggestions.queries import (
    candidates_of,
    count_undecided,
    needs_without_candidates,
)
from tests.conftest import TODAY
from tests.factories.accounts import viewer_of


def rows(model):
    return list(db.session.scalars(select(model)))


def test_the_demo_is_as_large_as_promised_with_cases_in_every_stage(app: Flask) -> None:
    kinds = Counter(db.session.scalars(select(Listing.kind)))
    stages = Counter(case.stage for case in rows(Case) if case.is_open)

    assert db.session.query(Organization).count() >= 60
    assert kinds[ListingKind.NEED] >= 60 and kinds[ListingKind.SEED] >= 120
    assert db.session.query(Case).count() >= 20 and set(stages) == set(Stage)
    assert {listing.state for listing in rows(Listing)} == set(ListingState)
    assert {case.close_reason for case in rows(Case) if not case.is_open} != {None}


def test_the_report_counts_three_matches_and_269_dispatches_in_fy2016(app: Flask) -> None:
    counts = Counter(f.measure for f in facts_between(date(2016, 4, 1), date(2017, 3, 31)))
    months = {
        (e.held_on.year, e.held_on.month)
        for e in rows(Encounter)
        if e.held_on.year < 2018 and e.kind is EncounterKind.DISPATCH
    }

    assert counts[Measure.AGREEMENTS] == 3 and counts[Measure.DISPATCHES] == 269
    assert len(months) == 10


def test_every_one_of_the_last_months_has_something_to_count(app: Flask) -> None:
    found = Counter((f.measure, f.on.month) for f in facts_between(date(2026, 8, 1), TODAY))

    for month in (8, 9, 10, 11):
        for measure in (
            Measure.SUGGESTIONS,
            Measure.INTRODUCTIONS,
            Measure.AGREEMENTS,
            Measure.DISPATCHES,
        ):
            assert found[measure, month], (measure, month)


def test_nothing_is_invented_about_an_organization_that_the_plan_names(app: Flask) -> None:
    cited = {row.id for row in rows(Organization) if not row.illustrative}
    owners = {row.organization_id for row in rows(Listing) + rows(Contact)}
    parties = {party.organization_id for case in rows(Case) for party in case.parties}
    met = {row.id for encounter in rows(Encounter) for row in encounter.organizations}

    assert len(cited) >= 70 and not cited & (owners | parties | met)
    assert all(row.source.startswith("第") for row in rows(Organization) if row.id in cited)
    for row in rows(Enrolment):
        assert bool(row.source) != row.illustrative
        assert (row.organization_id in cited) != row.illustrative


def test_the_awards_of_the_plan_are_counted_as_it_prints_them(app: Flask) -> None:
    statement = (
        select(Program.key, func.count())
        .join(Enrolment)
        .where(Enrolment.fiscal_year == 2016, Enrolment.result == EnrolmentResult.AWARDED)
        .group_by(Program.key)
    )

    assert dict(db.session.execute(statement).all()) == {
        "new-product-support": 3,
        "industry-academia": 2,
        "management-improvement": 4,
    }


def test_what_the_rooms_keep_is_kept(app: Flask) -> None:
    for listing in rows(Listing):
        before = (listing.search_head, listing.search_text)
        search.refresh(listing)
        assert (listing.search_head, listing.search_text) == before and before[1]
        assert not consent_is_missing(listing)
        published = listing.state in (
            ListingState.PUBLISHED,
            ListingState.EXPIRED,
            ListingState.CLOSED,
        )
        assert published == (listing.published_at is not None)
    for organization in rows(Organization):
        if organization.state is OrganizationState.APPROVED:
            assert organization.source or organization.consents or organization.memberships
    assert any(listing.consent_id for listing in rows(Listing))
    assert expire_due(TODAY) == 0
    db.session.rollback()


def test_a_case_keeps_its_order_of_days(app: Flask) -> None:
    for case in rows(Case):
        days = [change.on for change in case.changes]
        held = [encounter.held_on for encounter in case.encounters]
        assert days == sorted(days) and days[0] == case.opened_on
        assert case.moved_on <= TODAY and all(case.opened_on <= day <= TODAY for day in held)
        joined = {row.listing.organization_id for row in case.further}
        first = [party for party in case.parties if party.organization_id not in joined]
        agreed = all(party.answer is Answer.YES for party in first)
        assert agreed == (case.stage is not Stage.PROPOSED)
        assert all(party.evidence for party in case.parties if party.recorded_by_id)
        assert case.closed_on is None or (case.closures and not case.next_step)


def test_nobody_is_in_two_places_and_nobody_travels_when_the_office_is_closed(app: Flask) -> None:
    slots = Counter((e.coordinator_id, e.held_on, e.starts_at) for e in rows(Encounter))
    closed = [e for e in rows(Encounter) if not is_business_day(e.held_on)]

    assert set(slots.values()) == {1}
    assert all(
        any(e.held_on - case.opened_on < timedelta(days=7) for case in e.cases) for e in closed
    )
    assert Counter(e.kind for e in rows(Encounter))[EncounterKind.DISPATCH] > 269


def test_the_desk_finds_work(app: Flask) -> None:
    open_cases = [case for case in rows(Case) if case.is_open]

    assert sum(TODAY - case.moved_on > timedelta(days=30) for case in open_cases) >= 3
    assert sum(case.next_due is not None and case.next_due < TODAY for case in open_cases) >= 3
    unseen = [p for c in open_cases for p in c.parties if p.answer is Answer.YES and not p.seen_at]
    assert unseen
    assert Counter(db.session.scalars(select(Invitation.state))) == {
        InvitationState.OPEN: 1,
        InvitationState.APPLIED: 2,
    }
    assert Counter(m.state for m in rows(Message)).keys() == set(Delivery)
    waiting = [row for row in rows(Listing) if row.state is ListingState.SUBMITTED]
    assert any(TODAY - tokyo_day(row.submitted_at) > timedelta(days=3) for row in waiting)


def test_the_need_of_the_journey_has_its_three_fits_first_and_every_day_is_believable(
    app: Flask,
) -> None:
    ids = Ids(0)
    need = db.session.scalar(select(Listing).where(Listing.public_id == ids.of("listing:n-rinse")))
    best = [row.seed.public_id for row in candidates_of(need, TODAY)][:3]

    assert set(best) == {ids.of(f"listing:{key}") for key in ("s-usonic", "s-bubble", "s-airknife")}
    assert count_undecided(TODAY) > 50 and len(needs_without_candidates()) >= 5
    for row in rows(Candidate):
        seen = tokyo_day(row.first_seen_at)
        assert all(tokyo_day(x.published_at) <= seen <= TODAY for x in (row.need, row.seed))
    for decision in rows(Decision):
        pair = (decision.need_id, decision.seed_id)
        cases = [case for case in rows(Case) if (case.need_id, case.seed_id) == pair]
        assert (decision.kind is DecisionKind.ACCEPTED) == bool(cases)


def test_the_mail_to_a_party_that_waits_holds_a_link_that_works(app: Flask) -> None:
    mails = [row for row in rows(Message) if row.kind == "introduction.request"]
    tokens = [row.body.partition("/introductions/")[2].split()[0] for row in mails]

    assert mails and all(party_of_token(token) for token in tokens)


def test_letters_are_few_enough_to_read(app: Flask) -> None:
    assert letters.NEWEST <= db.session.query(Message).count() <= 60


def test_an_organization_is_there_before_what_it_does(app: Flask) -> None:
    for listing in rows(Listing):
        if listing.published_at and listing.organization.approved_on:
            assert listing.organization.approved_on <= tokyo_day(listing.published_at)
    for row in rows(Enrolment):
        if row.decided_on and row.organization.approved_on:
            assert row.organization.approved_on <= row.decided_on
    for case in rows(Case):
        assert all(p.organization.approved_on <= case.opened_on for p in case.parties)


def test_check_ins_stand_in_all_their_states(app: Flask) -> None:
    checks = list(db.session.scalars(select(CheckIn)))
    states = {check.state for check in checks}
    staff = viewer_of(db.session.scalars(select(User).where(User.role == Role.COORDINATOR)).first())

    assert states == {None, *CheckInState} - {CheckInState.ENDED}
    assert any(check.due > TODAY for check in checks)
    assert any(check.asked_on and not check.mails for check in checks)
    assert any(check.reminded_on and not check.state for check in checks)
    assert {check.way for check in checks if check.recorded_by} == {ConsentWay.TELEPHONE}
    assert len(db.session.scalars(answers_to_read(staff)).all()) >= 3
    assert 1 <= len(db.session.scalars(to_call(staff, today=TODAY)).all()) <= 12
    known, of = share(followed(date(2026, 4, 1), date(2027, 3, 31), today=TODAY))
    assert (known, of) == (3, 4)
