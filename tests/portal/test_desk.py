"""The desk: what waits, how much of it, one step from its action; and when nothing does."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.cases import introductions
from registry.cases.check_ins import plan
from registry.cases.models import Answer, Case, CloseReason, Side, Stage, StageChange
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, VISITOR
from registry.db import db, now, transaction
from registry.encounters.models import EncounterKind
from registry.listings.models import ListingState
from registry.office import settings
from registry.organizations.models import Invitation, InvitationState, OrganizationState
from registry.portal import desk_queries
from registry.portal.desk import lay_out
from registry.portal.desk_queries import Scope
from registry.portal.menu_counts import menu_counts
from registry.suggestions.models import Candidate, Decision, DecisionKind
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import ask, make_case, make_encounter, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization

EARLY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def me(app: Flask) -> User:
    return make_user(Role.COORDINATOR)


def scope_of(user: User, *, mine: bool = True) -> Scope:
    return Scope(viewer_of(user), TODAY, settings.office(), mine=mine)


def a_full_desk(me: User, other: User) -> None:
    """Something of every kind: most of it mine, some of a colleague."""
    waiting = make_organization(
        name="審査を待つ会社", state=OrganizationState.SUBMITTED, submitted_at=EARLY
    )
    make_need(
        title="審査を待つ件", organization=waiting, state=ListingState.SUBMITTED, submitted_at=EARLY
    )
    with transaction():
        db.session.add(an_application())
    answered = make_case(coordinator=me, title="返事のある件")
    asked = party(answered, Side.NEED)
    ask(asked)
    with transaction():
        introductions.answer_by_link(
            asked, answer=Answer.YES, answered_by="試験 花子", link=str, today=date(2026, 11, 10),
            viewer=VISITOR,
        )  # fmt: skip
    silent = make_case(coordinator=other, title="返事のない件", today=date(2026, 9, 1))
    ask(party(silent, Side.NEED), today=date(2026, 10, 1))
    suggested(make_need(title="候補の強い件"), make_seed(), 82)
    suggested(make_need(title="候補の弱い件"), make_seed(), 40)
    put_aside(me, date(2026, 11, 25))
    put_aside(other, date(2026, 11, 26))
    step(make_case(coordinator=me, title="期限の件"), date(2026, 11, 20))
    step(make_case(coordinator=me, title="先の件"), date(2026, 12, 20))
    make_encounter(
        make_organization(), subject="後で電話する相談", coordinator=me,
        next_step="電話する", next_due=date(2026, 11, 25),
    )  # fmt: skip
    make_case(coordinator=me, title="止まった件", today=date(2026, 9, 1))
    agreed(make_case(coordinator=me, title="成立した件", today=date(2026, 5, 1)), date(2026, 5, 20))


def an_application() -> Invitation:
    return Invitation(
        email="apply@test.example", name="申込 一郎", role=Role.MEMBER,
        organization_name="申込の会社", token_hash="x", expires_at=now(),
        state=InvitationState.APPLIED,
    )  # fmt: skip


def suggested(need: object, seed: object, score: float) -> None:
    with transaction():
        db.session.add(Candidate(need_id=need.id, seed_id=seed.id, score=score, rank=1))  # type: ignore[attr-defined]


def put_aside(by: User, until: date) -> None:
    need, seed = make_need(title=f"保留 {until.day}"), make_seed()
    with transaction():
        db.session.add(
            Decision(need_id=need.id, seed_id=seed.id, kind=DecisionKind.DEFERRED, until=until,
                     decided_by_id=by.id)
        )  # fmt: skip


def step(case: Case, due: date) -> None:
    with transaction():
        case.next_step, case.next_due, case.moved_on = "見積を受け取る", due, TODAY


def agreed(case: Case, on: date) -> None:
    with transaction():
        db.session.add(StageChange(case_id=case.id, stage=Stage.AGREED, on=on))
        case.stage, case.moved_on = Stage.AGREED, TODAY
        for one in case.parties:
            one.answer, one.seen_at = Answer.YES, now()
        db.session.flush()
        plan(case, viewer=SYSTEM)


def counts_of(user: User, *, mine: bool) -> dict[str, int]:
    return desk_queries.counts(scope_of(user, mine=mine))


def test_each_kind_of_work_is_counted_once_for_me_and_for_all(app: Flask, me: User) -> None:
    a_full_desk(me, make_user(Role.COORDINATOR))

    own = counts_of(me, mine=True)
    every = counts_of(me, mine=False)

    common = {"organizations": 1, "listings": 1, "applications": 1, "suggestions": 1}
    assert own == common | {
        "answers": 1, "unanswered": 0, "deferred": 1, "case_steps": 1, "encounter_steps": 1, "meeting_steps": 0,
        "stale": 1, "check_ins": 2, "check_answers": 0,
    }  # fmt: skip
    assert every == own | {"unanswered": 1, "stale": 2}


def test_the_page_shows_what_it_counts(client: Client, me: User) -> None:
    a_full_desk(me, make_user(Role.COORDINATOR))
    client.sign_in(me)

    page = client.get("/desk")

    for words in ("審査を待つ会社", "審査を待つ件", "申込の会社", "返事のある件", "候補の強い件",
                  "保留 25", "期限の件", "後で電話する相談", "止まった件", "成立した件"):  # fmt: skip
        assert page.has_link(words), words
    for words in ("候補の弱い件", "返事のない件", "先の件", "保留 26"):
        assert not page.has_link(words), words
    assert "わたしの担当（11 件）" in page.text and "課の全員（13 件）" in page.text
    assert "5 日過ぎ" in page.text and "最高 82 点" in page.text and "6 か月後の確認" in page.text
    assert client.get("/desk?view=all").has_link("返事のない件")


def test_the_menu_tells_what_waits_to_staff_alone(client: Client, me: User) -> None:
    a_full_desk(me, make_user(Role.COORDINATOR))

    assert menu_counts(scope_of(me)) == {"portal.desk": 11, "suggestions.index": 1}
    assert "未処理" not in client.get("/").text
    client.sign_in(me)
    assert "今日の仕事 未処理 11" in client.get("/").text


def test_the_desk_counts_what_the_rooms_list(client: Client, me: User) -> None:
    other = make_user(Role.COORDINATOR)
    a_full_desk(me, other)
    make_case(coordinator=other, title="よその止まった件", today=date(2026, 8, 1))
    client.sign_in(me)

    page = client.get("/desk")

    stale = client.get(page.link("停滞の一覧"))
    assert stale.has_link("止まった件") and not stale.has_link("よその止まった件")
    assert client.get(page.link("案件 1 件")).has_link("審査を待つ件")
    assert client.get(page.link("企業・団体 1 件")).has_link("審査を待つ会社")
    assert "申込の会社" in client.get(page.link("参加の申込 1 件")).text
    assert client.get(page.link("候補の一覧")).has_link("候補の強い件")


def test_every_row_leads_somewhere(client: Client, me: User) -> None:
    a_full_desk(me, make_user(Role.COORDINATOR))
    client.sign_in(me)

    page = client.get("/desk")

    inside = [
        href for href, words in page.reader.links if "/cases/" in href or "/listings/" in href
    ]
    assert inside and "" not in [href for href, _words in page.reader.links]
    for href in dict.fromkeys(inside):
        client.get(href)


def test_a_step_is_done_from_the_desk_with_one_button(client: Client, me: User) -> None:
    case = make_case(coordinator=me, title="一押しの件")
    step(case, date(2026, 11, 24))
    client.sign_in(me)

    client.submit(
        client.get("/desk").form(action=f"/cases/{case.public_id}"),
        address=f"/cases/{case.public_id}/next-step/done",
    )

    assert "今日の仕事は終わりました" in client.get("/desk").text


def test_a_group_shows_ten_rows_and_tells_the_rest(client: Client, me: User) -> None:
    for number in range(13):
        step(make_case(coordinator=me, title=f"期限の件 {number:02}"), date(2026, 11, 1 + number))
    client.sign_in(me)

    page = client.get("/desk")

    assert len([w for _h, w in page.reader.links if w.startswith("M-")]) == 10
    assert "13 件" in page.text and "ほか 3 件" in page.text
    assert page.text.index("期限の件 00") < page.text.index("期限の件 01")


def test_an_empty_desk_says_what_tomorrow_brings(client: Client, me: User) -> None:
    client.sign_in(me)
    assert "明日（2026年11月26日）の予定はまだありません。" in client.get("/desk").text

    case = make_case(coordinator=me, title="明日の件")
    step(case, date(2026, 11, 26))
    page = client.get("/desk")

    assert "今日の仕事は終わりました" in page.text
    assert "明日（2026年11月26日）は 1 件の予定があります。" in page.text
    assert page.has_link("明日の件")


def test_an_empty_desk_points_to_the_colleagues_work(client: Client, me: User) -> None:
    make_case(coordinator=make_user(Role.COORDINATOR), today=date(2026, 9, 1))
    client.sign_in(me)

    assert client.get("/desk").has_link("課の全員の仕事を見る（1 件）")


def test_a_call_since_the_day_settles_a_check_in(app: Flask, me: User) -> None:
    case = make_case(coordinator=me, today=date(2026, 5, 1))
    agreed(case, date(2026, 5, 20))
    assert [c.months for c in db.session.scalars(desk_queries.check_ins(scope_of(me)))] == [6, 6]

    call = make_encounter(
        make_organization(), held_on=date(2026, 11, 24), kind=EncounterKind.CALL, subject="その後"
    )
    with transaction():
        case.encounters.append(call)

    assert counts_of(me, mine=True)["check_ins"] == 0


def test_a_match_that_ended_in_vain_is_not_asked_about(app: Flask, me: User) -> None:
    case = make_case(coordinator=me, today=date(2026, 5, 1))
    agreed(case, date(2026, 5, 20))
    with transaction():
        case.closed_on, case.close_reason = date(2026, 10, 1), CloseReason.COST

    assert counts_of(me, mine=True)["check_ins"] == 0


def test_the_office_sets_from_when_a_suggestion_is_strong(app: Flask, me: User) -> None:
    suggested(make_need(), make_seed(), 55)
    assert counts_of(me, mine=True)["suggestions"] == 0

    with transaction():
        settings.change(settings.Office(strong_score=50), viewer=SYSTEM)

    assert counts_of(me, mine=True)["suggestions"] == 1


def test_groups_without_work_are_left_out(app: Flask, me: User) -> None:
    scope = scope_of(me)

    with app.test_request_context():
        assert lay_out(scope, desk_queries.counts(scope)) == []
