from flask import Flask
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.organizations.models import Contact, Invitation, InvitationState, Membership
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.organizations.outbox import link_to


def test_contacts_are_added_corrected_and_removed(client: Client) -> None:
    organization = make_organization()
    client.sign_in(make_member(organization, is_manager=True))
    new = f"/organizations/{organization.public_id}/contacts/new"
    assert "利用目的" in client.get(new).text

    unreachable = client.post(new, {"name": "連絡太郎"}, containing="phone", status=200)
    assert "どちらかを入力" in unreachable.text
    wrong = client.post(new, {"name": "連絡太郎", "email": "x@"}, containing="phone", status=200)
    assert "メールアドレスとして読めません" in wrong.text
    client.post(new, {"name": "連絡太郎", "phone": "044-000-0000"}, containing="phone")
    contact = db.session.scalars(select(Contact)).one()
    edit = f"/organizations/{organization.public_id}/contacts/{contact.public_id}/edit"
    client.post(edit, {"email": "taro@firm.example"}, containing="phone")
    assert "taro@firm.example" in client.get("/my-organization").text
    assert "連絡先を変更" in client.get(f"/organizations/{organization.public_id}").text
    client.post(edit.replace("/edit", "/remove"), at=edit, action="/remove")

    assert db.session.scalar(select(Contact)) is None


def test_a_contact_of_another_firm_is_not_found(client: Client) -> None:
    mine, other = make_organization(), make_organization()
    contact = Contact(organization_id=other.id, name="よその人", phone="044")
    db.session.add(contact)
    db.session.commit()
    client.sign_in(make_member(mine, is_manager=True))

    client.get(f"/organizations/{mine.public_id}/contacts/{contact.public_id}/edit", status=404)
    client.get(f"/organizations/{other.public_id}/contacts/{contact.public_id}/edit", status=403)


def test_a_manager_looks_after_colleagues(client: Client, app: Flask) -> None:
    organization = make_organization()
    boss = make_member(organization, is_manager=True)
    colleague = make_member(organization, name="同僚花子")
    client.sign_in(boss)
    people = f"/organizations/{organization.public_id}/people"
    theirs = Client(app).sign_in(colleague)
    assert "同僚花子" in theirs.get(people).text
    theirs.get(f"{people}/invite", status=403)

    alone = client.post(
        f"{people}/{boss.public_id}/manager",
        at=people,
        action=f"{boss.public_id}/manager",
        status=200,
    )
    assert "管理担当がいなくなります" in alone.text
    client.post(
        f"{people}/{colleague.public_id}/manager",
        at=people,
        action=f"{colleague.public_id}/manager",
    )
    theirs.get(f"{people}/invite")
    client.post(
        f"{people}/{colleague.public_id}/end", at=people, action=f"{colleague.public_id}/end"
    )

    assert theirs.get("/my-organization", status=302).location.startswith("/sign-in")
    membership = db.session.scalars(
        select(Membership).where(Membership.user_id == colleague.id)
    ).one()
    assert membership.ended_on is not None


def test_a_leaver_leaves_no_way_in_behind(client: Client, app: Flask) -> None:
    organization = make_organization()
    boss = make_member(organization, is_manager=True)
    leaver = make_member(organization, is_manager=True)
    people = f"/organizations/{organization.public_id}/people"
    Client(app).sign_in(leaver).post(
        f"{people}/invite", {"email": "second@leaver.example"}, containing="email"
    )
    link = link_to("second@leaver.example")
    Client(app).get(link)

    client.sign_in(boss).post(
        f"{people}/{leaver.public_id}/end", at=people, action=f"{leaver.public_id}/end"
    )

    assert "このリンクは使えません" in Client(app).get(link, status=404).text


def test_a_manager_reaches_no_invitation_of_another_firm(client: Client, app: Flask) -> None:
    other = make_organization()
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    staff.post(
        f"/organizations/{other.public_id}/people/invite",
        {"email": "a@other.example"},
        containing="email",
    )
    invitation = db.session.scalars(select(Invitation)).one()
    mine = make_organization()
    client.sign_in(make_member(mine, is_manager=True))
    form = client.get(f"/organizations/{mine.public_id}/people/invite").form("email")
    token = next(f["value"] for f in form["fields"] if f["name"] == "csrf_token")

    for verb in ("revoke", "resend"):
        answer = client.raw_post(f"/joining/{invitation.public_id}/{verb}", {"csrf_token": token})
        assert answer.status_code == 404

    db.session.refresh(invitation)
    assert invitation.state is InvitationState.OPEN
