"""A party that does not answer is reminded, called a last time, and then the question expires."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.cases import introductions, reminders
from registry.cases.models import Answer, Case, Party, Side
from registry.cases.reminders import Due, due
from registry.common.calendar import is_business_day
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.notifications.models import Message
from registry.office.settings import Office
from registry.worker import jobs
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import answer, ask, make_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

ASKED = date(2026, 11, 10)
"""A Tuesday; its fifth working day after is the 17th, its last day to answer the 24th, and the
23rd is a holiday: two working days before the last day are the 19th."""


@pytest.fixture
def asked(app: Flask) -> Case:
    """A case whose seed side was asked and is silent; it has one person with an address."""
    owner = make_organization(name="秘密の提供元")
    make_member(organization=owner, email="quiet@test.example")
    case = make_case(make_need(title="秘密のニーズ"), make_seed(organization=owner), today=ASKED)
    ask(party(case, Side.SEED), today=ASKED)
    with transaction():
        for one in case.parties:
            if one.asked_at:
                one.asked_at = one.asked_at.replace(year=2026, month=11, day=10, hour=1)
    return case


def work(day: date) -> tuple[int, list[str]]:
    """One round of the worker on a day; the links of its mails' introductions."""
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"http://localhost/introductions/{token}"

    return reminders.work_due(link=link, today=day), tokens


def silent(case: Case) -> Party:
    db.session.expire_all()
    return party(case, Side.SEED)


def kinds() -> list[str]:
    rows = db.session.scalars(select(Message.kind).order_by(Message.id)).all()
    return [kind for kind in rows if kind.startswith("introduction.")]


def test_the_steps_come_once_each_on_their_days(asked: Case) -> None:
    steps = {}
    day = ASKED
    while day <= date(2026, 11, 30):
        done = work(day)[0] + work(day)[0]
        if done:
            steps[day] = done
        day += timedelta(days=1)

    assert list(steps) == [date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 25)]
    assert set(steps.values()) == {1}
    assert kinds() == ["introduction.request", "introduction.reminder", "introduction.last_call"]
    one = silent(asked)
    assert (one.reminded_on, one.warned_on, one.expired_on) == tuple(steps)
    assert one.answer is Answer.PENDING
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert (actions.count("party.reminded"), actions.count("party.expired")) == (2, 1)


def test_mails_tell_neither_title_nor_name_and_their_links_all_open(
    client: Client, asked: Case
) -> None:
    _done, (first,) = work(date(2026, 11, 17))
    _done, (second,) = work(date(2026, 11, 19))

    mails = db.session.scalars(select(Message).order_by(Message.id)).all()
    for mail in mails:
        assert "秘密" not in mail.subject
        assert "秘密のニーズ" not in mail.body
        assert mail.to_address == "quiet@test.example"
        assert mail.about == f"party:{silent(asked).public_id}"
    assert first in mails[1].body
    assert second in mails[2].body
    with transaction():
        silent(asked).answer_until = TODAY
    for token in (first, second):
        page = client.get(f"/introductions/{token}")
        assert "お引き合わせのご相談" in page.text
        assert "秘密のニーズ" not in page.html
    assert silent(asked).answer is Answer.PENDING


def test_a_new_question_ends_the_links_of_the_old_one(client: Client, asked: Case) -> None:
    _done, (token,) = work(date(2026, 11, 17))

    newest = ask(silent(asked), today=TODAY)

    client.get(f"/introductions/{token}", status=404)
    client.get(f"/introductions/{newest}")
    one = silent(asked)
    assert (one.reminded_on, one.warned_on, one.expired_on) == (None, None, None)


def test_more_time_brings_an_expired_question_back_with_its_last_call(asked: Case) -> None:
    work(date(2026, 11, 25))
    assert silent(asked).expired_on == date(2026, 11, 25)
    until = date(2026, 12, 4)
    with transaction():
        introductions.extend(silent(asked), until=until, today=TODAY, viewer=SYSTEM)

    assert silent(asked).expired_on is None
    assert introductions.is_answerable(silent(asked), today=TODAY)
    assert work(date(2026, 12, 2))[0] == 1
    assert kinds()[-1] == "introduction.last_call"


def test_nobody_is_pressed_after_an_answer_a_no_of_the_other_side_or_the_end(asked: Case) -> None:
    ask(party(asked, Side.NEED), today=ASKED)
    answer(party(asked, Side.NEED), Answer.NO, on=date(2026, 11, 11))
    assert work(date(2026, 11, 17))[0] == 0

    answer(silent(asked), Answer.YES, on=date(2026, 11, 12))
    assert work(date(2026, 11, 30))[0] == 0
    assert silent(asked).expired_on is None


def test_the_coordinator_sees_it_on_the_case_and_on_the_desk(client: Client, asked: Case) -> None:
    work(date(2026, 11, 17))
    work(date(2026, 11, 25))
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/cases/{asked.public_id}")
    assert "期限切れ" in page.text
    assert "2026年11月17日に自動でもう一度お願い。" in page.text
    assert "秘密の提供元 への依頼が期限切れ" in page.text
    desk = client.get("/desk?view=all")
    assert "期限切れになりました" in desk.text
    assert desk.has_link("返事をたずねる")
    assert "Expired" in client.get(f"/cases/{asked.public_id}?lang=en").text


def test_the_office_sets_the_days_and_zero_means_never(client: Client, asked: Case) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))
    page = client.post("/admin/settings", {"remind_days": "0", "warn_days": "1"})
    assert "保存しました" in client.follow(page).text

    assert work(date(2026, 11, 17))[0] == 0
    assert work(date(2026, 11, 19))[0] == 0
    assert work(date(2026, 11, 24))[0] == 1
    assert kinds()[-1] == "introduction.last_call"
    wrong = client.post("/admin/settings", {"remind_days": "61"}, status=200)
    assert "0 から 60 までの数字" in wrong.text


def test_the_worker_does_it_by_itself(app: Flask, asked: Case) -> None:
    job = jobs(app.extensions["musubi_config"])["introductions pressed"]

    assert (job(), job()) == (1, 0)
    assert silent(asked).expired_on == TODAY


@given(
    until=st.integers(1, 60),
    remind=st.integers(0, 20),
    warn=st.integers(0, 10),
    start=st.integers(0, 400),
)
def test_steps_keep_their_order_on_working_days_and_end(
    until: int, remind: int, warn: int, start: int
) -> None:
    asked_on = date(2026, 1, 1) + timedelta(days=start)
    case = Case(parties=[])
    one = Party(answer=Answer.PENDING, answer_until=asked_on + timedelta(days=until))
    case.parties.append(one)

    one.asked_at = datetime(asked_on.year, asked_on.month, asked_on.day, 3, tzinfo=UTC)
    settings = Office(remind_days=remind, warn_days=warn)
    taken: list[tuple[date, Due]] = []
    for number in range(until + 10):
        day = asked_on + timedelta(days=number)
        step = due(one, today=day, settings=settings)
        if step is Due.REMINDER:
            one.reminded_on = day
        elif step is Due.LAST_CALL:
            one.warned_on = day
        elif step is Due.EXPIRY:
            one.expired_on = day
        if step:
            taken.append((day, step))

    names = [step for _day, step in taken]
    assert len(names) == len(set(names))
    assert names == sorted(names, key=list(Due).index)
    assert taken[-1] == (asked_on + timedelta(days=until + 1), Due.EXPIRY)
    assert all(is_business_day(day) for day, step in taken if step is not Due.EXPIRY)
    assert all(earlier < later for (earlier, _a), (later, _b) in pairwise(taken))
    assert all(day > asked_on for day, _step in taken) or remind == 0


def test_after_a_no_the_other_side_is_told_in_kind_words_that_name_nobody(
    client: Client, app: Flask
) -> None:
    need = make_need(organization=make_organization(name="辞退した会社"))
    owner = make_organization(name="待っている会社")
    member = make_member(owner, email="waits@test.example")
    case = make_case(need, make_seed(organization=owner))
    token = ask(party(case, Side.SEED))
    client.sign_in(make_user(Role.COORDINATOR))
    page = f"/cases/{case.public_id}"
    assert not client.get(page).has_link("相手に伝えることば")
    ask(party(case, Side.NEED))
    with transaction():
        introductions.answer_by_link(
            party(case, Side.NEED),
            answer=Answer.NO,
            answered_by="試験",
            reason="時期が合わない：年明けなら",
            link=str,
            today=date(2026, 11, 9),
            viewer=SYSTEM,
        )

    address = client.get(page).link("相手に伝えることば")
    assert "時期が合わず見送り" in client.get(address).html
    wrong = client.post(address, {"words": "辞退した会社が"}, containing="words", status=200)
    assert "相手の名称や案件が分かることば" in wrong.text
    quoted = client.post(address, {"words": need.title}, containing="words", status=200)
    assert "相手の名称や案件が分かることば" in quoted.text
    told = client.post(address, {"words": "またご案内します。"}, containing="words")
    assert "メールを 1 通" in client.follow(told).text

    mail = db.session.scalars(select(Message).where(Message.kind == "introduction.words")).one()
    assert mail.to_address == "waits@test.example"
    for told_text in (mail.subject, mail.body):
        assert "辞退した会社" not in told_text
        assert need.title not in told_text
    own = Client(app).sign_in(member).get(page)
    link = Client(app).get(f"/introductions/{token}")
    for seen in (own, link):
        assert "またご案内します。" in seen.text
        assert "辞退した会社" not in seen.html
        assert need.title not in seen.html
