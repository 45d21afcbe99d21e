"""Exhibitors: one or many, joint booths, a member's application, cancelled and taken back."""

from flask import Flask
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.events.models import EditionState, EventKind, Exhibit
from registry.events.sight import count_exhibitors
from registry.notifications.models import Message
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.events import make_edition, make_event, make_exhibit
from tests.factories.organizations import make_member, make_organization


def test_several_exhibitors_are_added_at_once_and_none_twice(client: Client) -> None:
    edition = make_edition()
    make_organization(name="青葉製作所")
    make_organization(name="緑川工業")
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/editions/{edition.public_id}/exhibitors/new"

    client.post(address, {"organization_names": "青葉製作所、緑川工業", "booths": "2"})
    again = client.post(address, {"organization_names": "緑川", "theme": "歯車"}, status=200)

    assert "もう出展者に入っています" in again.text and "歯車" in again.html
    found = count_exhibitors(edition)
    assert (found.organizations, found.booths) == (2, 4)
    for typed, words in (
        ({"organization_names": "どこにもない"}, "当てはまる企業・団体がありません"),
        ({"organization_names": ""}, "選んでください"),
        ({"organization_names": "青葉", "booths": "9999"}, "0 から 500"),
    ):
        assert words in client.post(address, typed, status=200).text


def test_a_joint_booth_takes_the_own_booths_of_its_members(client: Client) -> None:
    edition = make_edition()
    first, second = make_organization(name="青葉製作所"), make_organization(name="緑川工業")
    make_exhibit(edition, first, booths=3)
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/editions/{edition.public_id}/joint-booths/new"

    lonely = client.post(address, {"name": "共同", "organization_names": "青葉製作所"}, status=200)
    assert "2 つ以上" in lonely.text
    page = client.follow(
        client.post(
            address,
            {"name": "共同", "booths": "2", "organization_names": "青葉製作所、緑川工業",
             "leader_name": "緑川工業"},
        )
    )  # fmt: skip

    found = count_exhibitors(edition)
    assert (found.organizations, found.own_booths, found.joint_booths) == (2, 0, 2)
    assert "2 社・団体、2 ブース（うち共同出展 2 社・団体）" in page.text
    assert "代表 緑川工業" in page.text and second.name in page.text


def test_a_cancelled_exhibit_does_not_count_and_comes_back(client: Client) -> None:
    edition = make_edition()
    exhibit = make_exhibit(edition, booths=2)
    client.sign_in(make_user(Role.COORDINATOR))

    client.post(f"/exhibits/{exhibit.public_id}/cancel", {"reason": "都合"})
    assert count_exhibitors(edition).organizations == 0
    visitor = Client(client.app).get(f"/editions/{edition.public_id}")
    assert exhibit.organization.name not in visitor.text
    page = client.get(f"/editions/{edition.public_id}")
    client.submit(page.form(action="/restore"), address=f"/exhibits/{exhibit.public_id}/restore")

    assert count_exhibitors(edition).booths == 2


def test_a_members_application_waits_for_the_answer_of_whoever_runs_the_event(app: Flask) -> None:
    edition = make_edition()
    firm = make_organization(name="申し込む会社")
    member = Client(app).sign_in(make_member(firm, email="applies@test.example"))
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    page = f"/editions/{edition.public_id}"

    assert member.get(page).has_link("出展を申し込む")
    member.post(f"{page}/exhibit", {"theme": "洗浄液", "booths": "1"})

    exhibit = db.session.scalars(select(Exhibit)).one()
    assert count_exhibitors(edition).organizations == 0
    assert "返事を待っています" in member.get(page).text
    assert "申し込む会社" not in Client(app).get(page).text
    assert "もう申し込んで" in member.post(f"{page}/exhibit", {"theme": "洗浄液"}, status=200).text
    shown = staff.get(page)
    staff.submit(shown.form(action="/accept"), address=f"/exhibits/{exhibit.public_id}/accept")
    assert count_exhibitors(edition).organizations == 1
    assert "申し込む会社" in Client(app).get(page).text
    mail = db.session.scalars(select(Message).where(Message.kind == "exhibit.answered")).one()
    assert "承認しました" in mail.body and "洗浄液" not in mail.subject


def test_an_application_is_declined_with_a_reason_and_may_be_made_anew(app: Flask) -> None:
    edition = make_edition()
    firm = make_organization()
    member = Client(app).sign_in(make_member(firm, email="declined@test.example"))
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    page = f"/editions/{edition.public_id}"
    member.post(f"{page}/exhibit", {"theme": "洗浄液"})
    exhibit = db.session.scalars(select(Exhibit)).one()
    decline = f"/exhibits/{exhibit.public_id}/cancel"

    assert "お断りする理由" in staff.post(decline, status=200).text
    staff.post(decline, {"reason": "満場のため"})

    assert "満場のため" in member.get(page).text
    assert "満場のため" in db.session.scalars(select(Message.body)).one()
    member.post(f"{page}/exhibit", {"theme": "別の洗浄液"})
    db.session.refresh(exhibit)
    assert exhibit.requested and not exhibit.cancelled


def test_applications_are_taken_at_open_fairs_of_the_office_alone(app: Flask) -> None:
    member = Client(app).sign_in(make_member())
    for edition in (
        make_edition(state=EditionState.CLOSED),
        make_edition(make_event(kind=EventKind.SEMINAR)),
        make_edition(make_event(is_external=True)),
    ):
        page = f"/editions/{edition.public_id}"
        assert not member.get(page).has_link("出展を申し込む")
        refused = member.post(f"{page}/exhibit", {"theme": "洗浄液"}, status=200)
        assert "受け付けていません" in refused.text
    stranger = make_exhibit(make_edition())
    member.get(f"/exhibits/{stranger.public_id}/cancel", status=404)
