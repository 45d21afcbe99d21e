"""The end of a listing: reminder, expiry, renewal, closing, withdrawal."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.queries import entries_of, verify
from registry.common.errors import Conflict, DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db, transaction
from registry.listings import service
from registry.listings.models import Listing, ListingState
from registry.listings.states import STEPS, Step, steps_from
from registry.notifications.models import Message
from registry.worker import jobs
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization

TODAY = date(2026, 11, 25)


def work(app: Flask, job: str) -> object:
    """Run one job of the worker."""
    return jobs(app.extensions["musubi_config"])[job]()


def staff() -> Viewer:
    return viewer_of(make_user(Role.COORDINATOR))


def test_owners_hear_two_weeks_before_once_and_in_their_language(app: Flask) -> None:
    firm = make_organization()
    make_member(firm, locale="en")
    soon = make_need(organization=firm, valid_until=TODAY + timedelta(days=14))
    make_need(organization=firm, valid_until=TODAY + timedelta(days=15))

    assert [work(app, "listings near their end") for _round in range(2)] == [1, 0]

    mail = db.session.scalars(select(Message)).one()
    assert (mail.kind, mail.locale) == ("listing.expiring", "en")
    assert f"/listings/{soon.public_id}" in mail.body


def test_a_listing_expires_the_day_after_its_last_and_comes_back_renewed(app: Flask) -> None:
    firm = make_organization()
    over = make_need(organization=firm, valid_until=TODAY - timedelta(days=1), reminded_on=TODAY)
    last = make_need(organization=firm, valid_until=TODAY)
    client = Client(app).sign_in(make_member(firm))

    assert work(app, "listings expired") == 1
    assert (over.state, last.state) == (ListingState.EXPIRED, ListingState.PUBLISHED)
    Client(app).get(f"/listings/{over.public_id}", status=404)

    address = f"/listings/{over.public_id}/renew"
    refused = client.post(
        address,
        {"valid_until-y": "2030", "valid_until-m": "2"},
        containing="valid_until-y",
        status=200,
    )
    assert "3 年先まで" in refused.text
    assert 'value="2030"' in refused.html
    client.post(address, containing="valid_until-y")

    assert over.state is ListingState.PUBLISHED
    assert over.valid_until > TODAY
    assert (over.reminded_on, over.ended_at) == (None, None)


def test_closing_asks_why_and_cannot_be_done_twice(app: Flask) -> None:
    firm = make_organization()
    listing = make_need(organization=firm)
    client = Client(app).sign_in(make_member(firm))
    address = f"/listings/{listing.public_id}/close"

    assert "理由を入力してください" in client.post(address, containing="reason", status=200).text
    client.post(address, {"reason": "相手が見つかりました。"}, containing="reason")

    assert listing.state is ListingState.CLOSED
    assert "相手が見つかりました。" in client.get(f"/listings/{listing.public_id}").text
    client.get(address, status=303)
    with pytest.raises(DomainError), transaction():
        service.close_listing(listing, reason="もう一度", viewer=staff())


def test_a_submitted_listing_can_be_withdrawn(app: Flask) -> None:
    firm = make_organization()
    listing = make_need(organization=firm, state=ListingState.SUBMITTED)
    client = Client(app).sign_in(make_member(firm))

    client.post(
        f"/listings/{listing.public_id}/withdraw",
        at=f"/listings/{listing.public_id}",
        action="/withdraw",
    )

    assert listing.state is ListingState.DRAFT


def test_nobody_publishes_a_text_that_he_has_not_read(app: Flask) -> None:
    listing = make_need(state=ListingState.SUBMITTED)
    read = listing.version
    with transaction():
        db.session.merge(listing).title = "あとから書き直された件名です"

    with pytest.raises(Conflict), transaction():
        service.publish_listing(listing, version=read, viewer=staff(), today=TODAY)


@pytest.mark.parametrize("state", list(ListingState))
def test_a_step_is_refused_from_every_state_that_does_not_allow_it(
    app: Flask, state: ListingState
) -> None:
    office = staff()
    actions = {
        Step.SUBMIT: lambda row: service.submit_listing(row, viewer=office, today=TODAY),
        Step.WITHDRAW: lambda row: service.withdraw_listing(row, viewer=office),
        Step.PUBLISH: lambda row: service.publish_listing(row, viewer=office, today=TODAY),
        Step.RETURN: lambda row: service.return_listing(row, reason="…", viewer=office),
        Step.CLOSE: lambda row: service.close_listing(row, reason="…", viewer=office),
    }
    listing = make_need(state=state)
    for step, act in actions.items():
        if state not in STEPS[step]:
            with pytest.raises(DomainError, match="この操作はできません"), transaction():
                act(db.session.get_one(Listing, listing.id))
    assert listing.state is state


def test_members_never_take_the_offices_steps(app: Flask) -> None:
    firm = make_organization()
    viewer = viewer_of(make_member(firm), firm.id)
    listing = make_need(organization=firm, state=ListingState.SUBMITTED)

    for state in ListingState:
        assert not {Step.PUBLISH, Step.RETURN} & steps_from(state, staff=False)
    with pytest.raises(NotAllowed), transaction():
        service.publish_listing(listing, viewer=viewer, today=TODAY)
    with pytest.raises(NotAllowed), transaction():
        service.return_listing(listing, reason="…", viewer=viewer)


def test_every_step_stands_in_the_log_and_the_chain_holds(app: Flask) -> None:
    office = staff()
    listing = make_need(
        state=ListingState.SUBMITTED,
        title="めっきの前の油を速く落としたい",
        description="油の落ち方が日によって違い、めっきの付きが悪くなります。",
        keywords=["めっき", "脱脂", "油"],
    )
    with transaction():
        service.publish_listing(listing, viewer=office, today=TODAY)
    with transaction():
        service.close_listing(listing, reason="済み", viewer=office)

    assert [e.action for e in entries_of(f"listing:{listing.public_id}")] == [
        "listing.closed",
        "listing.published",
    ]
    assert verify().bad_position is None
