"""Handing over: all open work moves at once, nothing is orphaned, and it can be given back."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from registry.cases import service
from registry.cases.models import Case
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.encounters.models import Encounter
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_encounter
from tests.factories.organizations import make_organization


@pytest.fixture
def work():
    """A giver with an open case, a closed one of nobody else, a step outside; and a taker."""
    giver, taker = (
        make_user(Role.COORDINATOR, name="渡す人"),
        make_user(Role.COORDINATOR, name="受ける人"),
    )
    case = make_case(coordinator=giver)
    with transaction():
        service.set_next_step(case, text="図面を届ける約束", due=date(2026, 12, 1), viewer=SYSTEM)
        service.add_note(case, text="社長は午後が良い", viewer=SYSTEM)
    step = make_encounter(
        make_organization(name="段取り工業"),
        coordinator=giver,
        next_step="見積りの確認",
        next_due=date(2026, 12, 3),
    )
    other = make_case(coordinator=taker)
    return giver, taker, case, step, other


def held_by(user) -> tuple[int, int]:
    return (
        db.session.query(Case).filter_by(coordinator_id=user.id).count(),
        db.session.query(Encounter).filter_by(coordinator_id=user.id).count(),
    )


def test_everything_open_moves_and_can_be_given_back(client: Client, work) -> None:
    giver, taker, *_rest = work
    client.sign_in(make_user(Role.ADMINISTRATOR))
    address = f"/handover/{giver.public_id}"

    page = client.get(address)
    done = client.follow(client.post(address, {"taker": taker.public_id}, containing="taker"))
    moved = held_by(giver), held_by(taker)
    client.follow(client.post("/handover", action="undo", containing="csrf_token"))

    assert "図面を届ける約束" in page.text and "見積りの確認" in page.text
    assert "渡す人さんの仕事を引き継ぎました。" in done.text
    assert moved == ((0, 0), (2, 1))
    assert (held_by(giver), held_by(taker)) == ((1, 1), (1, 0))
    assert "取り消し済み" in client.get("/handover").text


def test_the_document_tells_promises_people_and_dates(client: Client, work) -> None:
    giver, _taker, case, *_rest = work
    client.sign_in(make_user(Role.COORDINATOR))

    data = client.get(f"/handover/{giver.public_id}.pdf").response.get_data()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)

    for told in (case.reference, "図面を届ける約束", "社長は午後が良い", "見積りの確認"):
        assert told in text.replace("\n", ""), told


def test_who_has_nothing_hands_nothing_over_and_nobody_takes_from_himself(client: Client) -> None:
    idle = make_user(Role.COORDINATOR)
    member = make_user(Role.MEMBER)
    client.sign_in(make_user(Role.COORDINATOR))

    assert "引き継ぐものはありません" in client.get(f"/handover/{idle.public_id}").text
    client.get(f"/handover/{member.public_id}", status=404)


def test_members_do_not_see_handovers(client: Client, work) -> None:
    giver, *_rest = work
    client.sign_in(make_user(Role.MEMBER))

    client.get("/handover", status=403)
    client.get(f"/handover/{giver.public_id}.pdf", status=403)
