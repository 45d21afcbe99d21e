"""Meetings at a fair with their follow-up, and the figures that others counted."""

from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEntry, AuditValue
from registry.common.roles import Role
from registry.db import db
from registry.events.meetings import due_meetings
from registry.events.models import EditionFigure, EditionState, Meeting, MeetingResult
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of
from tests.factories.events import TODAY, make_edition, make_meeting
from tests.factories.organizations import make_organization

HELD = {"starts_on": date(2026, 11, 4), "ends_on": date(2026, 11, 5), "state": EditionState.HELD}
DUE = {"due-y": "2026", "due-m": "11", "due-d": "20"}


def test_a_meeting_is_recorded_followed_up_and_taken_back(app: Flask) -> None:
    edition = make_edition(**HELD)
    make_organization(name="青葉製作所")
    make_organization(name="緑川工業")
    staff = make_user(Role.COORDINATOR)
    client = Client(app).sign_in(staff)
    page = f"/editions/{edition.public_id}"

    shown = client.follow(
        client.post(
            f"{page}/meetings/new",
            {"host_name": "青葉", "guest_name": "緑川", "result": "quote", "subject": "歯車",
             "follow_up": "見積もりを聞く", **DUE, "coordinator": staff.public_id},
        )
    )  # fmt: skip

    meeting = db.session.scalars(select(Meeting)).one()
    assert (meeting.result, meeting.on) == (MeetingResult.QUOTE, date(2026, 11, 5))
    assert "見積もりを聞く" in shown.text and "期限過ぎ" in shown.text
    viewer = viewer_of(staff)
    due = due_meetings(viewer, until=TODAY, mine=True)
    assert db.session.scalars(due).all() == [meeting]
    done = client.submit(
        shown.form(action="followed-up"), address=f"/meetings/{meeting.public_id}/followed-up"
    )
    assert "済み" in client.follow(done).text
    assert db.session.scalars(due).all() == []
    again = client.get(f"{page}/follow-up")
    client.submit(
        again.form(action="followed-up"), address=f"/meetings/{meeting.public_id}/followed-up"
    )
    assert db.session.scalars(due).all() == [meeting]
    client.post(f"/meetings/{meeting.public_id}/edit", {"result": "deal", "follow_up": "",
                **{f"due-{part}": "" for part in "ymd"}})  # fmt: skip
    db.session.refresh(meeting)
    assert (meeting.result, meeting.follow_up_due) == (MeetingResult.DEAL, None)


def test_what_is_wrong_with_a_meeting_is_told_at_its_field(app: Flask) -> None:
    edition = make_edition(**HELD)
    make_organization(name="青葉製作所")
    make_organization(name="青葉工業")
    make_organization(name="緑川工業")
    client = Client(app).sign_in(make_user(Role.COORDINATOR))
    sound = {"host_name": "青葉製作所", "guest_name": "緑川", "result": "open", "subject": "歯車"}

    for typed, words in (
        ({"host_name": "青葉"}, "複数あります"),
        ({"guest_name": "青葉製作所"}, "別の企業・団体"),
        ({"guest_name": "いない"}, "当てはまる企業・団体がありません"),
        ({"on-d": "9"}, "開催の期間の中"),
        ({"on-y": "2027"}, "今日かそれより前"),
        (DUE, "何をするか"),
        ({"result": ""}, "結果を選んで"),
    ):
        page = client.post(
            f"/editions/{edition.public_id}/meetings/new", {**sound, **typed}, status=200
        )
        assert words in page.text, words
        assert "歯車" in page.html


def test_the_follow_up_is_narrowed_by_result_state_and_name(app: Flask) -> None:
    edition = make_edition(**HELD)
    late = make_meeting(edition, host_id=make_organization(name="遅れた会社").id,
                        follow_up="聞く", follow_up_due=date(2026, 11, 20))  # fmt: skip
    coming = make_meeting(edition, host_id=make_organization(name="これからの会社").id,
                          follow_up="聞く", follow_up_due=date(2026, 12, 20),
                          result=MeetingResult.TALKS)  # fmt: skip
    client = Client(app).sign_in(make_user(Role.COORDINATOR))

    for query, shown, hidden in (
        ("state=late", late, coming),
        ("result=talks", coming, late),
        ("q=遅れた", late, coming),
    ):
        text = client.get(f"/editions/{edition.public_id}/follow-up?{query}").text
        assert shown.host.name in text and hidden.host.name not in text, query
    assert "期限過ぎ" in client.get(f"/editions/{edition.public_id}/follow-up?state=open").text


def test_figures_are_written_corrected_and_deleted_with_a_trace(app: Flask) -> None:
    edition = make_edition(**HELD)
    client = Client(app).sign_in(make_user(Role.COORDINATOR))
    new = f"/editions/{edition.public_id}/figures/new"

    client.post(new, {"kind": "advertising_yen", "value": "14億円", "approximate": "y",
                      "as_of": "平成28年12月", "source": "第3章 3-2-1"})  # fmt: skip
    figure = db.session.scalars(select(EditionFigure)).one()
    assert (figure.value, figure.approximate, figure.as_of) == (1_400_000_000, True, "2016-12")
    for typed, words in (
        ({"value": "たくさん"}, "数として読めません"),
        ({"value": "-1"}, "0 以上"),
        ({"source": ""}, "発表された数"),
        ({"as_of": "冬"}, "月として読めません"),
        ({"kind": "advertising_yen"}, "もう記録されています"),
    ):
        sound = {"kind": "tv", "value": "22", "source": "広報"}
        assert words in client.post(new, {**sound, **typed}, status=200).text, words
    edit = f"/event-figures/{figure.public_id}/edit"
    stale = client.get(edit).form("value")
    client.post(edit, {"value": "13億"})
    assert "1,300,000,000" in client.submit(stale, {"value": "1"}, address=edit, status=409).text
    before = db.session.scalars(select(AuditValue.before).where(AuditValue.field == "value")).all()
    assert any(text and Decimal(text) == 1_400_000_000 for text in before)
    delete = f"/event-figures/{figure.public_id}/delete"
    assert "理由を入力" in client.post(delete, status=200).text
    client.post(delete, {"reason": "別の年の数だった"})
    assert db.session.scalars(select(EditionFigure)).all() == []
    assert "figure.deleted" in db.session.scalars(select(AuditEntry.action)).all()
