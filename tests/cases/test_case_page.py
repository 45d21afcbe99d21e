"""A case's page: how it moves, what stands on it, and who reads what."""

import threading
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from registry.cases import progress, service
from registry.cases.models import Case, CloseReason, Note, Rung, Side, Stage
from registry.cases.outcomes import OutcomeWish, record_outcome
from registry.cases.presenting import score_parts
from registry.cases.queries import (
    CaseFilter,
    cases,
    cases_of,
    count_rows,
    due_steps,
    find_by_text,
    stale_cases,
)
from registry.cases.timeline import timeline
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.encounters.models import Encounter, EncounterKind
from registry.suggestions.models import Candidate
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import make_case, make_encounter, make_introduced_case
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization


def _move(client: Client, case: Case, stage: str, status: int = 303, **values: str) -> str:
    given = {"stage": stage, **values}
    return client.post(f"/cases/{case.public_id}/stage", given, status=status).text


def test_a_case_goes_from_introduction_to_the_market(client: Client) -> None:
    case = make_introduced_case()
    client.sign_in(make_user(Role.COORDINATOR))

    _move(client, case, "talking", **{"on-d": "10"})
    assert "根拠か理由を入力" in _move(client, case, "prototype", 200)
    assert "かそれより後" in _move(client, case, "agreed", 200, **{"on-d": "9"})
    assert "今日かそれより前" in _move(client, case, "agreed", 200, **{"on-d": "26"})
    _move(client, case, "agreed", evidence="11月20日の契約", **{"on-d": "20"})
    _move(client, case, "talking", evidence="契約は取り消し", **{"on-d": "21"})
    _move(client, case, "market", evidence="発売", **{"on-d": "25"})

    db.session.refresh(case)
    assert [(c.stage, c.on.day) for c in case.changes] == [
        (Stage.PROPOSED, 2),
        (Stage.INTRODUCED, 9),
        (Stage.TALKING, 10),
        (Stage.AGREED, 20),
        (Stage.TALKING, 21),
        (Stage.MARKET, 25),
    ]
    assert case.moved_on == TODAY
    assert "11月20日の契約" in client.get(f"/cases/{case.public_id}").text


def test_without_consent_no_stage_can_be_chosen(client: Client) -> None:
    case = make_case()
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/cases/{case.public_id}/stage")
    _move(client, case, "agreed", 200, evidence="近道")

    db.session.refresh(case)
    assert "双方の承諾がそろうと自動で" in page.text
    assert case.stage is Stage.PROPOSED


def test_closing_asks_a_reason_that_fits_and_reopening_keeps_both(client: Client) -> None:
    case = make_introduced_case()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}"

    assert "成立から後" in client.post(f"{address}/close", {"reason": "completed"}, status=200).text
    assert "事情を入力" in client.post(f"{address}/close", {"reason": "other"}, status=200).text
    client.post(f"{address}/close", {"reason": "timing", "note": "来年"})
    assert (
        "閉じています" in client.post(f"{address}/next-step", {"next_step": "x"}, status=200).text
    )
    client.post(f"{address}/reopen", {"reason": "来年になった"})

    db.session.refresh(case)
    assert (case.closed_on, case.close_reason, case.stage) == (None, None, Stage.INTRODUCED)
    text = client.get(address).text
    assert "閉じた：時期が合わない" in text
    assert "来年になった" in text


def test_a_closed_pair_may_be_opened_anew_but_not_reopened_beside_it(client: Client) -> None:
    old = make_case()
    with transaction():
        progress.close_case(old, reason=CloseReason.TIMING, today=TODAY, viewer=SYSTEM)
    new = make_case(old.need, old.seed)
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(f"/cases/{old.public_id}/reopen", {"reason": "再び"}, status=200)

    assert f"{new.reference} としてすでに進んでいます" in page.text


def test_notes_are_read_by_staff_alone(client: Client) -> None:
    case = make_introduced_case()
    member = make_member(case.need.organization)
    client.sign_in(make_user(Role.COORDINATOR))
    client.post(f"/cases/{case.public_id}", {"text": "費用の話は控える"}, action="/notes/new")

    assert "費用の話は控える" in client.get(f"/cases/{case.public_id}").text
    other = Client(client.app).sign_in(member)
    assert "費用の話は控える" not in other.get(f"/cases/{case.public_id}").text
    other.get(f"/cases/{case.public_id}/notes/new", status=403)


def test_an_encounter_of_a_case_moves_it_and_gives_its_next_step(client: Client) -> None:
    case = make_introduced_case()
    client.sign_in(make_user(Role.COORDINATOR))

    client.post(
        f"/cases/{case.public_id}/encounters/new",
        {
            "kind": "dispatch",
            "subject": "試し洗い",
            "hours": "２．５",
            "next_step": "結果を確かめる",
            "next_due-y": "令和8",
            "next_due-m": "12",
            "next_due-d": "1",
        },
    )

    db.session.refresh(case)
    encounter = case.encounters[0]
    assert {o.id for o in encounter.organizations} == {p.organization_id for p in case.parties}
    assert (encounter.hours, encounter.kind) == (2.5, EncounterKind.DISPATCH)
    assert (case.next_step, case.next_due) == ("結果を確かめる", date(2026, 12, 1))
    steps = due_steps(viewer_of(make_user()), until=date(2026, 12, 1))
    assert [(step.text, step.case, step.encounter) for step in steps] == [
        ("結果を確かめる", case, None)
    ]
    client.post(f"/cases/{case.public_id}", action="next-step/done")
    db.session.refresh(case)
    assert case.next_step == ""
    assert db.session.scalars(select(Note.text)).one() == "済み：結果を確かめる"


def test_two_who_edit_the_same_case_are_shown_both_texts(client: Client) -> None:
    case = make_case()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}/edit"
    form = client.get(address).form("title")
    client.post(address, {"title": "先に書いた件名"})

    page = client.submit(form, {"title": "後から書いた件名"}, address=address, status=409)

    assert "先に書いた件名" in page.text
    assert "後から書いた件名" in page.text
    client.submit(page.form("title"), address=address)
    db.session.refresh(case)
    assert case.title == "後から書いた件名"


def test_many_who_write_into_one_case_at_once_lose_no_word(app: Flask) -> None:
    case = make_introduced_case()
    address, people = f"/cases/{case.public_id}", 4
    emails = [make_user(Role.COORDINATOR).email for _ in range(people)]
    together, answers = threading.Barrier(people, timeout=60), []

    def write(number: int, email: str) -> None:
        client = Client(app)
        client.sign_in(SimpleNamespace(email=email))  # type: ignore[arg-type]
        step = client.get(f"{address}/next-step").form("next_step")
        meeting = client.get(f"{address}/encounters/new").form("subject")
        together.wait()
        sent = client._send(
            client.http.post,
            f"{address}/next-step",
            data={f["name"]: f["value"] for f in step["fields"]} | {"next_step": f"一手{number}"},
        )
        answers.append((sent.status_code, f"一手{number}" in sent.get_data(as_text=True)))
        values = {"kind": "visit", "subject": f"訪問{number}"}
        client.submit(meeting, values, address=f"{address}/encounters/new")

    threads = [threading.Thread(target=write, args=pair) for pair in enumerate(emails)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert sorted(answers) == [(303, False)] + [(409, True)] * (people - 1)
    assert {e.subject for e in db.session.get_one(Case, case.id).encounters} == {
        f"訪問{number}" for number in range(people)
    }


def test_the_list_narrows_by_stage_charge_movement_and_words(client: Client) -> None:
    staff = make_user(Role.COORDINATOR)
    old = make_case(make_need(title="微細溝を洗う"), today=TODAY - timedelta(days=40))
    own = make_introduced_case(coordinator=staff)
    closed = make_case()
    with transaction():
        progress.close_case(closed, reason=CloseReason.TIMING, today=TODAY, viewer=SYSTEM)
    client.sign_in(staff)

    def shown(query: str) -> set[str]:
        text = client.get(f"/cases{query}").text
        return {case.reference for case in (old, own, closed) if case.reference in text}

    assert shown("") == {old.reference, own.reference}
    assert shown("?state=closed") == {closed.reference}
    assert shown("?state=all&stage=introduced") == {own.reference}
    assert shown(f"?coordinator={staff.public_id}") == {own.reference}
    assert shown("?coordinator=none") == {old.reference}
    assert shown("?stale=1") == {old.reference}
    assert shown("?q=微細") == {old.reference}
    assert shown(f"?q=ｍ－{own.number}") == {own.reference}
    assert shown(f"?q={own.seed.organization.name}") == {own.reference}
    assert shown("?q=ありません&stage=zzz") == set()


def test_queries_for_other_rooms_count_what_they_list(app: Flask) -> None:
    staff = viewer_of(make_user())
    old = make_case(today=TODAY - timedelta(days=31))
    make_case()
    member = viewer_of(make_member(old.need.organization), old.need.organization_id)

    stale = stale_cases(staff, today=TODAY, days=30)
    assert db.session.scalars(stale).unique().all() == [old]
    assert count_rows(stale) == 1
    assert count_rows(cases(CaseFilter(), staff)) == 2
    assert count_rows(cases_of(old.need.organization, staff)) == 1
    assert count_rows(cases_of(old.need.organization, member)) == 0
    assert count_rows(cases_of(old.seed.organization, member)) == 0
    assert count_rows(find_by_text(old.reference, member)) == 0


def test_a_recorded_encounter_is_put_into_a_case_later(client: Client) -> None:
    case = make_introduced_case()
    encounter = make_encounter(case.need.organization)
    client.sign_in(make_user(Role.COORDINATOR))

    client.post(f"/encounters/{encounter.public_id}/case", {"case": case.public_id})

    assert db.session.get_one(Case, case.id).encounters == [encounter]
    assert case.title in client.get(f"/encounters/{encounter.public_id}").text
    client.post(f"/encounters/{encounter.public_id}/delete", {"reason": "二重に記録した"})
    assert db.session.scalars(select(Encounter)).all() == []
    assert "試験の訪問" not in client.get(f"/cases/{case.public_id}").text


def test_a_party_joins_once_and_is_then_asked(client: Client) -> None:
    case = make_introduced_case()
    make_organization(name="港南工業大学")
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}/parties/new"
    wish = {"organization_names": "港南", "side": "other", "role": "評価"}

    assert (
        "当てはまる"
        in client.post(address, {**wish, "organization_names": "？？"}, status=200).text
    )
    client.post(address, wish)
    assert "すでに当事者です" in client.post(address, wish, status=200).text

    db.session.refresh(case)
    assert [(p.side, p.role) for p in case.parties][2:] == [(Side.OTHER, "評価")]
    assert "依頼前" in client.get(f"/cases/{case.public_id}").text


def test_the_next_step_survives_a_service_that_assigns(app: Flask) -> None:
    case, staff = make_case(), make_user()
    with transaction():
        service.set_next_step(case, text="電話", due=TODAY, viewer=SYSTEM)
        service.assign(case, staff, viewer=SYSTEM)
        record_outcome(case, OutcomeWish(Rung.NDA, TODAY), today=TODAY, viewer=SYSTEM)

    assert (case.next_step, case.coordinator_id, case.moved_on) == ("電話", staff.id, TODAY)


def test_the_first_day_reads_from_the_proposal_up(app: Flask) -> None:
    case = make_case(today=TODAY)
    with transaction():
        case.parties[0].asked_at = datetime(2026, 11, 25, 3, tzinfo=UTC)

    titles = [moment.title for moment in timeline(case)]

    assert titles[-1] == "提案（始まり）" and titles[0].endswith("に依頼")


def test_the_parts_of_the_score_add_up_to_it(app: Flask) -> None:
    case = make_case(score=97.0)
    with transaction():
        db.session.add(
            Candidate(
                need_id=case.need_id, seed_id=case.seed_id, score=80.0, rank=1,
                parts={"same": 50.0, "meaning": 30.0},
            )
        )  # fmt: skip

    assert score_parts(case) == [
        ("same", pytest.approx(60.625)),
        ("meaning", pytest.approx(36.375)),
    ]
