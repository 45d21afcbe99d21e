"""Events as other rooms show them: an organization's record, the desk, cases, files."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from registry.cases.models import Case
from registry.common.roles import Role
from registry.db import db
from registry.events.models import Edition, EditionState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.events import make_edition, make_exhibit, make_meeting, make_registration
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization

HELD = {"starts_on": date(2026, 10, 1), "state": EditionState.HELD}


def test_an_organizations_record_tells_its_events_and_the_matches_that_came_later(
    app: Flask,
) -> None:
    edition = make_edition(title="秋の展示会", **HELD)
    visitor, exhibitor = make_organization(), make_organization(name="出展の会社")
    make_registration(edition, visitor, 2)
    make_exhibit(edition, exhibitor)
    make_meeting(edition, host_id=exhibitor.id, guest_id=visitor.id)
    later = make_case(
        make_need(organization=visitor), make_seed(organization=exhibitor), title="展示会の後"
    )
    make_case(make_need(organization=visitor), make_seed(), title="関わりのない件")
    client = Client(app).sign_in(make_user(Role.COORDINATOR))

    text = client.get(f"/organizations/{visitor.public_id}/record").text

    section = text[text.index("参加のしかた") :]
    assert "秋の展示会" in section and "商談：出展の会社" in section and "参加 2 人" in section
    assert later.reference in section and "関わりのない件" not in section


def test_a_follow_up_that_is_due_stands_on_the_desk_and_opens_a_case(app: Flask) -> None:
    staff, other = make_user(Role.COORDINATOR), make_user(Role.COORDINATOR)
    meeting = make_meeting(
        make_edition(**HELD), subject="歯車の試作", follow_up="見積もりを聞く",
        follow_up_due=date(2026, 11, 20), coordinator_id=staff.id)  # fmt: skip
    client = Client(app).sign_in(staff)

    assert "見積もりを聞く" in client.get("/desk").text
    assert "見積もりを聞く" not in Client(app).sign_in(other).get("/desk").text
    client.post(f"/cases/new?meeting={meeting.public_id}")

    case = db.session.scalars(select(Case)).one()
    assert case.title == "歯車の試作"
    assert {p.organization_id for p in case.parties} == {meeting.host_id, meeting.guest_id}
    client.get("/cases/new?meeting=unknown")


def test_the_list_goes_out_as_files_with_its_filters_and_without_what_is_not_announced(
    app: Flask,
) -> None:
    make_edition(title="公開の回", **HELD)
    make_edition(title="準備の回", state=EditionState.PLANNED, announced=False)
    visitor = Client(app)

    text = visitor.get("/events/export.csv").response.get_data(as_text=True)
    assert "公開の回" in text and "準備の回" not in text
    narrowed = visitor.get("/events/export.csv?year=2027").response.get_data(as_text=True)
    assert "公開の回" not in narrowed
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    assert "準備の回" in staff.get("/events/export.csv").response.get_data(as_text=True)
    visitor.get("/events/export.json", status=404)
    assert db.session.query(Edition).count() == 2
