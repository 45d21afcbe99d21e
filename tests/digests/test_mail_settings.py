"""メールの設定, the day's digest, and the way out of the newsletter without signing in."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.absences import set_absence
from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.cases.models import Side
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.digests import daily, preferences
from registry.digests.models import MORNING, DigestCopy, MailPreference
from registry.notifications.models import Message
from registry.worker import jobs
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import ask, make_case, party
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization

LATE = 23 * 60
HOLIDAY = date(2026, 11, 23)


@pytest.fixture
def coordinator(app: Flask) -> User:
    """Somebody on whose desk an unanswered question lies, a month old."""
    user = make_user(Role.COORDINATOR, email="desk@test.example")
    case = make_case(make_need(title="秘密のニーズ"), coordinator=user, today=date(2026, 10, 1))
    ask(party(case, Side.SEED), today=date(2026, 10, 1))
    return user


def digests() -> list[Message]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message).where(Message.kind == "digest.desk").order_by(Message.id)
        )
    )


def chosen(user: User, **values: object) -> None:
    choice = preferences.Choice(locale="ja", **values)  # type: ignore[arg-type]
    with transaction():
        preferences.choose(user, choice, viewer=viewer_of(user))


def test_the_digest_comes_once_in_the_morning_and_tells_figures_alone(coordinator: User) -> None:
    assert daily.send_due(today=TODAY, minute=MORNING - 1) == 0
    assert daily.send_due(today=TODAY, minute=MORNING) == 1
    assert daily.send_due(today=TODAY, minute=LATE) == 0

    (mail,) = digests()
    assert mail.to_address == "desk@test.example"
    assert mail.subject.startswith("今日の仕事 ")
    assert "返事待ち　1 件\n  http://localhost/desk#unanswered" in mail.body
    assert "http://localhost/account/mail" in mail.body
    assert "秘密" not in mail.subject + mail.body
    assert "試験製作所" not in mail.body


@pytest.mark.parametrize("day", [HOLIDAY, date(2026, 11, 22), date(2026, 12, 31)])
def test_no_digest_comes_on_a_day_off(coordinator: User, day: date) -> None:
    assert daily.send_due(today=day, minute=LATE) == 0
    assert db.session.scalar(select(func.count()).select_from(DigestCopy)) == 0


def test_nothing_waits_so_nothing_comes_even_when_something_waits_later(app: Flask) -> None:
    user = make_user(Role.COORDINATOR)
    assert daily.send_due(today=TODAY, minute=MORNING) == 0

    case = make_case(coordinator=user, today=date(2026, 10, 1))
    ask(party(case, Side.SEED), today=date(2026, 10, 1))

    assert daily.send_due(today=TODAY, minute=LATE) == 0
    assert daily.send_due(today=date(2026, 11, 26), minute=LATE) == 1


def test_time_weekdays_and_the_off_switch_are_each_persons_own(coordinator: User) -> None:
    chosen(coordinator, minute=18 * 60, days="24")
    wednesday, thursday = TODAY, date(2026, 11, 26)

    assert daily.send_due(today=wednesday, minute=LATE) == 0
    assert daily.send_due(today=thursday, minute=17 * 60) == 0
    assert daily.send_due(today=thursday, minute=18 * 60) == 1
    chosen(coordinator, digest=False)
    assert daily.send_due(today=date(2026, 11, 27), minute=LATE) == 0


def test_neither_the_absent_nor_the_disabled_get_one(coordinator: User) -> None:
    deputy = make_user(Role.COORDINATOR)
    with transaction():
        set_absence(coordinator, first=TODAY, last=TODAY, deputy=deputy, today=TODAY, viewer=SYSTEM)
    daily.send_due(today=TODAY, minute=LATE)
    assert "desk@test.example" not in [mail.to_address for mail in digests()]

    with transaction():
        coordinator.active = False
    daily.send_due(today=date(2026, 11, 26), minute=LATE)
    assert "desk@test.example" not in [mail.to_address for mail in digests()]


def test_three_workers_at_once_write_one_digest(app: Flask, coordinator: User) -> None:
    start, failures = threading.Barrier(3), []

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                daily.send_due(today=TODAY, minute=LATE)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert len(digests()) == 1


def test_the_worker_has_the_job(app: Flask) -> None:
    assert {"desk digests written", "newsletters written"} <= set(
        jobs(app.extensions["musubi_config"])
    )


def test_staff_choose_on_their_page_and_read_what_would_come(
    client: Client, coordinator: User
) -> None:
    client.sign_in(coordinator)
    page = client.get("/account")
    page = client.get(page.link("メールの設定"))
    assert "支援制度の便り" not in page.text
    assert "返事待ち" in client.get(page.link("いま届くとしたら")).text

    saved = client.post(
        "/account/mail",
        {"digest_minute": "1080", "digest_days": ["2", "4"], "locale": "en"},
        containing="locale",
    )
    assert "メールの設定を保存しました。" in client.follow(saved).text
    row = preferences.preference_of(db.session.get(User, coordinator.id))
    assert (row.digest, row.digest_minute, row.digest_days) == (True, 1080, "24")
    assert db.session.get(User, coordinator.id).locale == "en"
    assert daily.send_due(today=date(2026, 11, 26), minute=LATE) == 1
    assert digests()[0].subject.startswith("Today's work: ")
    assert "mail_preference.changed" in db.session.scalars(select(AuditEntry.action)).all()


def test_a_digest_without_a_day_is_refused_at_its_field(client: Client, coordinator: User) -> None:
    client.sign_in(coordinator)
    page = client.post("/account/mail", {"digest_days": []}, containing="digest_minute", status=200)
    assert "届く曜日を 1 つ以上選んでください。" in page.text


def reader() -> MailPreference:
    """A member who asked for the newsletter."""
    user = make_member(make_organization(name="読む会社"))
    chosen(user, newsletter=True)
    return preferences.preference_of(user)


def wants(row: MailPreference) -> bool:
    db.session.rollback()
    return bool(
        db.session.scalar(select(MailPreference.newsletter).where(MailPreference.id == row.id))
    )


def test_members_choose_the_newsletter_and_their_interests(client: Client) -> None:
    user = make_member()
    client.sign_in(user)
    assert "今日の仕事" not in client.get("/account/mail").text

    wrong = {"newsletter": "y", "service": ["no-such-code"]}
    client.post("/account/mail", wrong, containing="locale", status=200)
    assert preferences.preference_of(user).id is None

    page = client.get("/account/mail")
    codes = [f["value"] for f in page.reader.inputs if f.get("name") == "trouble"]
    client.post("/account/mail", {"newsletter": "y", "trouble": codes[:2]}, containing="locale")
    row = preferences.preference_of(user)
    assert row.newsletter
    assert row.newsletter_since
    assert row.interests == {"trouble": codes[:2]}
    assert "mail_preference.subscribed" in db.session.scalars(select(AuditEntry.action)).all()


def test_opening_the_way_out_changes_nothing_and_its_button_does(client: Client) -> None:
    row = reader()
    address = f"/mail/unsubscribe/{row.token}"

    page = client.get(address)
    assert "読む会社" not in page.html
    assert wants(row)
    page = client.follow(client.post(address, action="unsubscribe"))
    assert "便りを止めました。" in page.text
    assert not wants(row)
    client.get(address)
    assert not wants(row)
    client.post(address, action="unsubscribe")
    assert wants(row)
    client.get("/mail/unsubscribe/none", status=404)


def test_a_mail_program_ends_it_by_one_post_and_nothing_else_gets_through(client: Client) -> None:
    row = reader()
    address = f"/mail/unsubscribe/{row.token}"

    assert client.raw_post(address, {"x": "y"}).status_code == 400
    assert client.raw_post(address, {"again": "yes"}).status_code == 400
    assert wants(row)
    words = {"List-Unsubscribe": "One-Click"}
    for _time in range(2):
        assert client.raw_post(address, words).status_code == 200
        assert not wants(row)
    assert client.raw_post(address, {**words, "again": "yes"}).status_code == 200
    assert not wants(row)
    assert client.raw_post("/mail/unsubscribe/none", words).status_code == 404
