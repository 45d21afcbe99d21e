import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.queries import user_by_email
from registry.common.roles import Role
from registry.db import db, now
from registry.organizations.models import Invitation, InvitationState, Organization
from registry.organizations.queries import members_of
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.organizations.outbox import link_to, mails_to

APPLICATION = {
    "email": "New@Firm.example",
    "name": "新田進",
    "organization_name": "新田工業",
    "message": "販路を探しています",
}
CHOICE = {"name": "新田進", "password": PASSWORD, "password_again": PASSWORD}


def _application() -> Invitation:
    return db.session.scalars(select(Invitation)).one()


def _apply(client: Client) -> str:
    client.post("/join", APPLICATION, containing="organization_name")
    return link_to("new@firm.example")


def test_an_applicant_comes_in_from_application_to_sign_in(client: Client, app: Flask) -> None:
    link = _apply(client)
    for _scan in range(3):
        client.get(link)
    assert _application().state is InvitationState.UNVERIFIED, "opening a link changes nothing"
    client.post(link, action="/join/verify")
    client.get(link, status=404)

    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    assert staff.get("/joining").has_link("新田進")
    answer = f"/joining/{_application().public_id}"
    missing = staff.post(answer, {}, containing="number", status=200)
    assert "企業・団体を選んでください" in missing.text
    staff.post(answer, {"organization": "new"}, containing="number")
    organization = db.session.scalars(select(Organization)).one()
    assert organization.name == "新田工業"

    invited = link_to("new@firm.example")
    assert invited != link
    client.get(invited)
    assert user_by_email("new@firm.example") is None, "opening a link makes no account"
    done = client.post(invited, CHOICE, containing="password_again")
    assert done.location == "/sign-in"
    user = user_by_email("new@firm.example")
    assert user is not None
    assert [m.is_manager for m in members_of(organization)] == [True]
    client.get(invited, status=404)
    newcomer = Client(app).sign_in(user)
    assert "新田工業" in newcomer.get("/my-organization").text


def test_the_answer_is_the_same_for_a_known_address(client: Client) -> None:
    known = make_user(Role.MEMBER, email="known@firm.example")

    unknown_answer = client.post("/join", APPLICATION, containing="organization_name")
    known_answer = client.post(
        "/join", {**APPLICATION, "email": known.email}, containing="organization_name"
    )

    assert known_answer.location == unknown_answer.location
    assert len(mails_to(known.email)) == len(mails_to("new@firm.example")) == 1
    assert "/join/verify" not in mails_to(known.email)[0].body
    assert "新田" not in mails_to("new@firm.example")[0].body, "nothing typed is mailed on"


def test_an_application_for_a_firm_on_record_is_linked_to_it(client: Client, app: Flask) -> None:
    firm = make_organization(name="株式会社新田工業")
    other = make_organization(name="よその会社")
    client.post(_apply(client), action="/join/verify")
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    answer = f"/joining/{_application().public_id}"
    assert "株式会社新田工業" in staff.get(answer).text

    unknown = staff.post(
        answer, {"organization": "number", "number": "9999"}, containing="number", status=200
    )
    assert "その登録番号の企業・団体はありません" in unknown.text
    staff.post(answer, {"organization": "number", "number": str(other.number)}, containing="number")

    assert _application().organization_id == other.id
    assert firm.id != other.id


def test_an_application_is_declined_with_a_reason(client: Client, app: Flask) -> None:
    client.post(_apply(client), action="/join/verify")
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    answer = f"/joining/{_application().public_id}"

    empty = staff.post(
        f"{answer}/decline", {"reason": " "}, at=answer, action="/decline", status=200
    )
    assert "理由を入力してください" in empty.text
    staff.post(f"{answer}/decline", {"reason": "対象の外です"}, at=answer, action="/decline")

    assert _application().state is InvitationState.DECLINED
    assert "対象の外です" in mails_to("new@firm.example")[-1].body
    late = staff.get(answer)
    assert "すでに答えが出ています" in late.text


def test_a_firm_claims_the_record_that_the_office_entered(client: Client, app: Flask) -> None:
    organization = make_organization(name="代行の会社")
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    staff.post(
        f"/organizations/{organization.public_id}/people/invite",
        {"email": "boss@firm.example", "locale": "ja"},
        containing="email",
    )
    client.post(link_to("boss@firm.example"), CHOICE, containing="password_again")

    assert [m.is_manager for m in members_of(organization)] == [True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"password": "short", "password_again": "short"}, "10 文字以上"),
        ({"password_again": "another password here"}, "二つのパスワードが違います"),
        ({"name": ""}, "氏名を入力してください"),
    ],
)
def test_a_weak_choice_is_refused_and_the_link_stays_alive(
    client: Client, app: Flask, changes: dict[str, str], message: str
) -> None:
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    staff.post("/joining/new", {"email": "x@firm.example", "role": "member"}, containing="role")
    link = link_to("x@firm.example")

    page = client.post(link, {**CHOICE, **changes}, containing="password_again", status=200)

    assert message in page.text
    assert PASSWORD not in page.html
    client.post(link, CHOICE, containing="password_again")


def test_an_old_a_revoked_and_a_replaced_link_are_dead(client: Client, app: Flask) -> None:
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    staff.post("/joining/new", {"email": "x@firm.example", "role": "member"}, containing="role")
    first = link_to("x@firm.example")
    listed = "/joining?state=open"
    staff.post(f"/joining/{_application().public_id}/resend", at=listed, action="/resend")
    second = link_to("x@firm.example")
    client.get(first, status=404)
    client.get(second)

    invitation = _application()
    invitation.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    client.get(second, status=404)
    _application().expires_at = now() + timedelta(days=1)
    db.session.commit()
    form = client.get(second).form("password_again")
    staff.post(f"/joining/{_application().public_id}/revoke", at=listed, action="/revoke")
    client.submit(form, CHOICE, address=second, status=404)

    assert user_by_email("x@firm.example") is None


def test_only_a_hash_of_a_token_is_kept(client: Client) -> None:
    token = _apply(client).rsplit("/", 1)[1]

    assert re.fullmatch(r"[0-9a-f]{64}", _application().token_hash)
    assert token not in _application().token_hash


def test_only_administrators_make_staff(client: Client, app: Flask) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    page = client.post(
        "/joining/new",
        {"email": "x@firm.example", "role": "administrator"},
        containing="role",
        status=200,
    )
    assert mails_to("x@firm.example") == []
    assert page.reader.title.startswith("エラー")

    boss = Client(app).sign_in(make_user(Role.ADMINISTRATOR))
    boss.post("/joining/new", {"email": "x@firm.example", "role": "coordinator"}, containing="role")
    Client(app).post(link_to("x@firm.example"), CHOICE, containing="password_again")
    user = user_by_email("x@firm.example")
    assert user is not None
    assert user.role is Role.COORDINATOR


def test_an_account_that_exists_joins_with_its_own_sign_in(client: Client, app: Flask) -> None:
    organization = make_organization()
    user = make_user(Role.MEMBER, email="old@firm.example")
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    people = f"/organizations/{organization.public_id}/people"
    staff.post(f"{people}/invite", {"email": user.email}, containing="email")
    link = link_to(user.email)
    assert "サインインしてから" in client.get(link).text
    forged = client.raw_post(link, CHOICE)
    assert forged.status_code == 400

    client.sign_in(user).post(f"{link}/with-account", at=link, action="with-account")

    assert [m.user_id for m in members_of(organization)] == [user.id]
    again = staff.post(f"{people}/invite", {"email": user.email}, containing="email", status=200)
    assert "すでに参加しています" in again.text


def test_an_english_applicant_gets_english_mail(client: Client) -> None:
    client.get("/join?lang=en")
    client.post("/join", APPLICATION, containing="organization_name")

    assert mails_to("new@firm.example")[0].locale == "en"
    assert _application().locale == "en"


def test_a_member_without_an_organization_still_comes_in(client: Client, app: Flask) -> None:
    make_member()
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    staff.post("/joining/new", {"email": "x@firm.example", "role": "member"}, containing="role")
    client.post(link_to("x@firm.example"), CHOICE, containing="password_again")
    user = user_by_email("x@firm.example")
    assert user is not None

    page = Client(app).sign_in(user).get("/my-organization")

    assert "企業・団体の登録がまだありません" in page.text
