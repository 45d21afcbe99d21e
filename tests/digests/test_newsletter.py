"""The monthly newsletter: what stands in it and why, its release, and that each gets it once."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.common.calendar import Month
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.digests import daily, preferences, sending
from registry.digests.models import NewsletterCopy
from registry.notifications.models import Message
from registry.organizations.models import Organization, OrganizationState
from registry.programs.choices import codes
from registry.programs.models import Program, ProgramState
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization
from tests.programs.test_applications import make_call
from tests.programs.test_programs import make_program

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
TROUBLE = next(iter(codes("trouble")))


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(
        "海外展示会への出展支援",
        title_en="Support for exhibiting abroad",
        summary="海外の展示会に出展する費用を補助します。販路開拓。",
        keywords=["海外", "展示会", "販路開拓"],
        troubles=[TROUBLE],
    )


def make_reader(
    organization: Organization | None = None,
    *,
    interests: dict[str, list[str]] | None = None,
    language: str = "ja",
    **fields: Any,
) -> User:
    """A member who asked for the newsletter, of a firm that seeks markets abroad."""
    if organization is None:
        organization = make_organization(summary="海外の展示会で販路開拓を進めています。")
        make_need(
            organization=organization,
            title="海外の展示会で売り先を広げたい",
            keywords=["海外", "展示会", "販路開拓"],
        )
    user = make_member(organization, **fields)
    choice = preferences.Choice(locale=language, newsletter=True, interests=interests or {})
    with transaction():
        preferences.choose(user, choice, viewer=viewer_of(user))
    return user


def release(day: date = TODAY, month: Month = NOVEMBER, **fields: Any) -> None:
    values = {"foreword": "", "foreword_en": "", "today": min(TODAY, day), **fields}
    with transaction():
        sending.release(month, send_on=day, viewer=SYSTEM, **values)


def letters() -> list[Message]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message).where(Message.kind == "digest.newsletter").order_by(Message.id)
        )
    )


def copies() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(NewsletterCopy)) or 0


def test_it_tells_what_fits_and_why_with_a_way_out(program: Program) -> None:
    call = make_call(program, title="冬の公募")
    user = make_reader(email="reader@test.example", interests={"trouble": [TROUBLE]})
    release(foreword="年末のごあいさつ")

    assert sending.send_due(TODAY) == 1

    (mail,) = letters()
    row = preferences.preference_of(user)
    assert mail.to_address == "reader@test.example"
    assert mail.subject == "支援制度の便り 2026年11月号"
    assert "年末のごあいさつ" in mail.body
    assert "・海外展示会への出展支援" in mail.body
    assert f"合う理由：選んだ関心：{codes('trouble')[TROUBLE].label('ja')}" in mail.body
    assert "合う理由：貴社・貴団体の内容にある語「" in mail.body
    assert f"合う理由：募集中：{call.title}（2026年12月5日まで）" in mail.body
    assert f"http://localhost/programs/{program.public_id}" in mail.body
    assert mail.unsubscribe_url == f"http://localhost/mail/unsubscribe/{row.token}"
    assert mail.unsubscribe_url in mail.body


def test_each_reads_it_in_his_language(program: Program) -> None:
    make_reader(language="en")
    release(foreword="日本語のことば", foreword_en="Words of the office")

    sending.send_due(TODAY)

    (mail,) = letters()
    assert mail.locale == "en"
    assert mail.subject == "Newsletter of support programs, November 2026"
    assert "- Support for exhibiting abroad" in mail.body
    assert "Words of the office" in mail.body
    assert "日本語のことば" not in mail.body


def test_nothing_goes_before_its_release_or_its_day_and_then_once(program: Program) -> None:
    make_reader()
    assert sending.send_due(TODAY) == 0
    friday = TODAY + timedelta(days=2)
    release(friday)
    assert sending.send_due(TODAY) == 0
    with transaction():
        sending.hold(NOVEMBER, viewer=SYSTEM)
    assert sending.send_due(friday) == 0
    release(friday)

    assert sending.send_due(friday) == 1
    assert sending.send_due(friday) == 0
    assert sending.send_due(date(2026, 12, 1)) == 0
    assert len(letters()) == 1
    with pytest.raises(DomainError), transaction():
        sending.hold(NOVEMBER, viewer=SYSTEM)


def test_nobody_without_consent_account_or_approved_organization_gets_it(program: Program) -> None:
    make_member(make_organization(summary="海外の展示会で販路開拓"))
    gone, left, moved = make_reader(), make_reader(), make_reader()
    firm = preferences.organization_of(moved)
    assert firm
    with transaction():
        gone.active = False
        preferences.unsubscribe(preferences.preference_of(left), viewer=SYSTEM)
        firm.state = OrganizationState.ARCHIVED
    release()

    assert sending.send_due(TODAY) == 0
    assert copies() == 0


def test_an_empty_one_is_not_sent_and_not_tried_again(program: Program) -> None:
    with transaction():
        program.state = ProgramState.ENDED
    make_reader()
    release()

    assert sending.send_due(TODAY) == 0
    assert copies() == 1
    assert letters() == []
    make_program("海外展示会の新しい制度", summary="海外の展示会", keywords=["海外", "展示会"])
    assert sending.send_due(TODAY) == 0


def test_what_was_told_comes_again_only_with_an_open_call(program: Program) -> None:
    make_reader()
    release()
    assert sending.send_due(TODAY) == 1
    first = date(2026, 12, 1)
    release(first, DECEMBER)
    assert sending.send_due(first) == 0

    make_call(program, title="新年の公募", closes_on=date(2027, 1, 31))
    january = Month(2027, 1)
    release(date(2027, 1, 4), january)
    assert sending.send_due(date(2027, 1, 4)) == 1
    assert "新年の公募" in letters()[-1].body


def test_workers_at_once_write_each_copy_once(app: Flask, program: Program) -> None:
    for _number in range(4):
        make_reader()
    release()
    start, failures = threading.Barrier(3), []

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                sending.send_due(TODAY)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    addresses = [mail.to_address for mail in letters()]
    assert len(addresses) == len(set(addresses)) == copies() == 4


def test_who_leaves_while_letters_are_written_gets_none(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_reader()
    release()
    number = user.id
    write = sending.preview

    def leave(*args: Any, **fields: Any) -> Any:
        letter = write(*args, **fields)
        with transaction():
            row = preferences.preference_of(db.session.get(User, number))
            preferences.unsubscribe(row, viewer=SYSTEM)
        return letter

    monkeypatch.setattr(sending, "preview", leave)
    assert sending.send_due(TODAY) == 0
    assert (letters(), copies()) == ([], 0)


def test_the_office_previews_each_copy_writes_a_foreword_and_releases(
    client: Client, program: Program
) -> None:
    user = make_reader(make_organization(name="読む会社", summary="海外の展示会で販路開拓"))
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(client.get("/newsletters").link("2026年11月号を確かめる"))
    assert "読む会社" in page.text
    assert copies() == 0
    preview = client.get(page.link("内容を見る"))
    assert "海外展示会への出展支援" in preview.text
    assert "合う理由" in preview.text
    assert letters() == []

    day = {"send_on-y": "2026", "send_on-m": "12", "send_on-d": "1"}
    refused = client.post("/newsletters/2026-11", day, containing="foreword", status=200)
    assert "その月の今日かそれより後" in refused.text
    words = {"foreword": "ごあいさつ"}
    done = client.follow(client.post("/newsletters/2026-11", words, containing="foreword"))
    assert "送る日を待っています" in done.text
    held = client.follow(client.post("/newsletters/2026-11", action="hold"))
    assert "送るのを止めました。" in held.text
    client.post("/newsletters/2026-11", {}, containing="foreword")
    assert sending.send_due(TODAY) == 1
    assert "送りました" in client.get("/newsletters/2026-11").text
    assert "ごあいさつ" in letters()[0].body
    assert letters()[0].to_address == user.email
    assert "Sent" in client.get("/newsletters/2026-11?lang=en").text


def test_the_days_digest_reminds_staff_of_one_that_nobody_released(program: Program) -> None:
    make_user(Role.COORDINATOR)
    assert daily.send_due(today=TODAY, minute=12 * 60) == 0
    make_reader()
    assert daily.send_due(today=date(2026, 12, 9), minute=12 * 60) == 0
    assert daily.send_due(today=date(2026, 12, 10), minute=12 * 60) == 1
    release()
    assert daily.send_due(today=date(2026, 11, 26), minute=12 * 60) == 0


def test_preview_of_somebody_who_is_no_subscriber_is_absent(client: Client) -> None:
    user = make_member()
    client.sign_in(make_user(Role.COORDINATOR))
    client.get(f"/newsletters/2026-11/readers/{user.public_id}", status=404)
    client.get("/newsletters/nonsense", status=404)
