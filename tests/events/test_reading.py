"""The list, an event's page, an edition's page: what everybody reads, and what only some do."""

from datetime import date

import pytest
from flask import Flask

from registry.common.roles import Role
from registry.db import db, transaction
from registry.events.models import (
    EditionFigure,
    EditionState,
    EventKind,
    FigureKind,
    JointBooth,
)
from registry.organizations.models import OrganizationState
from registry.programs.models import ProgramState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.events import (
    make_edition,
    make_event,
    make_exhibit,
    make_meeting,
    make_program,
    make_registration,
    operator_of,
)
from tests.factories.organizations import make_member, make_organization

PAST = {"starts_on": date(2026, 2, 4), "state": EditionState.HELD}


def test_the_coming_come_first_the_nearest_on_top_then_the_past(client: Client) -> None:
    event = make_event(title="試験の展示会")
    for title, day in (("遠い回", "2027-05-01"), ("近い回", "2026-12-01"), ("昔の回", "2017-02-01"),
                       ("この前の回", "2026-10-01")):  # fmt: skip
        past = day < "2026-11-25"
        state = EditionState.HELD if past else EditionState.OPEN
        make_edition(event, title=title, starts_on=date.fromisoformat(day), state=state)

    text = client.get("/events").text

    order = [text.index(title) for title in ("近い回", "遠い回", "この前の回", "昔の回")]
    assert order == sorted(order)


def test_the_list_is_narrowed_by_kind_year_words_and_whether_it_takes_registrations(
    client: Client,
) -> None:
    fair = make_edition(make_event(title="環境技術展"), title="環境技術展2027")
    salon = make_edition(
        make_event(title="サロン", kind=EventKind.SALON), title="第8回サロン", **PAST
    )

    for query, shown, hidden in (
        ("kind=salon", salon, fair),
        ("year=2026", salon, fair),
        ("q=カンキョウ 環境", None, salon),
        ("q=環境", fair, salon),
        ("open=y", fair, salon),
    ):
        text = client.get(f"/events?{query}").text
        assert shown is None or shown.title in text, query
        assert hidden.title not in text, query
    assert "この条件に合う催しはありません" in client.get("/events?q=どこにもない").text


def test_days_that_the_source_does_not_tell_are_told_as_month_or_year(client: Client) -> None:
    month = make_edition(
        days_known=False, period="2017-02", starts_on=date(2017, 2, 1), state=EditionState.HELD
    )
    year = make_edition(
        days_known=False,
        period="FY2016",
        starts_on=date(2016, 4, 1),
        ends_on=date(2017, 3, 31),
        state=EditionState.HELD,
    )

    assert "2017年2月" in client.get(f"/editions/{month.public_id}").text
    assert "2016（平成28）年度" in client.get(f"/editions/{year.public_id}").text


def test_exhibitors_are_not_booths_and_a_joint_booth_stands_as_a_group(client: Client) -> None:
    edition = make_edition()
    leader = make_organization(name="共同の代表")
    with transaction():
        booth = JointBooth(
            edition_id=edition.id, name="川崎の共同出展", booths=2, leader_id=leader.id
        )
        db.session.add(booth)
    make_exhibit(edition, make_organization(name="ひとりの会社"), booths=3)
    make_exhibit(edition, leader, joint_booth=booth)
    make_exhibit(edition, make_organization(name="共同の会社"), joint_booth=booth)

    page = client.get(f"/editions/{edition.public_id}")

    assert "3 社・団体、5 ブース（うち共同出展 2 社・団体）" in page.text
    assert "川崎の共同出展" in page.text and "代表" in page.text
    assert "共同の会社" in page.text


def test_a_hidden_exhibitor_counts_but_is_not_named(client: Client) -> None:
    edition = make_edition()
    hidden = make_organization(name="伏せた会社", state=OrganizationState.DRAFT)
    make_exhibit(edition, make_organization(name="見える会社"))
    make_exhibit(edition, hidden)

    page = client.get(f"/editions/{edition.public_id}")

    assert "伏せた会社" not in page.html and "見える会社" in page.text
    assert "2 社・団体、2 ブース" in page.text
    client.sign_in(make_user(Role.COORDINATOR))
    assert "伏せた会社" in client.get(f"/editions/{edition.public_id}").text


def test_figures_are_told_with_about_and_the_month_of_the_estimate(client: Client) -> None:
    edition = make_edition(**PAST)
    with transaction():
        db.session.add_all(
            [
                EditionFigure(
                    edition_id=edition.id, kind=FigureKind.VISITORS, value=8000, approximate=True
                ),
                EditionFigure(
                    edition_id=edition.id,
                    kind=FigureKind.ADVERTISING_YEN,
                    value=1_400_000_000,
                    approximate=True,
                    as_of="2016-12",
                ),
                EditionFigure(edition_id=edition.id, kind=FigureKind.TV, value=22),
            ]
        )

    text = client.get(f"/editions/{edition.public_id}").text

    assert "約 8,000 人" in text and "約 1,400,000,000 円" in text and "22 件" in text
    assert "2016年12月現在" in text


@pytest.mark.parametrize("state", [EditionState.PLANNED, EditionState.CANCELLED])
def test_what_was_never_announced_is_seen_by_staff_and_the_programs_operators_alone(
    app: Flask, state: EditionState
) -> None:
    program = make_program()
    event = make_event(program_id=program.id, title="まだ秘密の催し")
    edition = make_edition(event, state=state, announced=False, state_reason="予算")
    seen = [operator_of(program), make_user(Role.COORDINATOR)]
    unseen = [None, make_member(), operator_of(make_program()), make_user(Role.EVALUATOR)]

    for user in seen:
        client = Client(app).sign_in(user)
        assert "まだ秘密の催し" in client.get("/events").text
        client.get(f"/editions/{edition.public_id}")
    for user in unseen:
        client = Client(app)
        if user:
            client.sign_in(user)
        assert "まだ秘密の催し" not in client.get("/events").text
        client.get(f"/editions/{edition.public_id}", status=404)
        client.get(f"/events/{event.public_id}", status=404)


def test_who_registered_and_who_met_whom_is_not_public(app: Flask) -> None:
    edition = make_edition(starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 30))
    guest, met = make_organization(name="申込の会社"), make_organization(name="商談の会社")
    make_registration(edition, guest, 3)
    make_meeting(edition, guest_id=met.id, follow_up="秘密の続き")
    outsiders = [Client(app), Client(app).sign_in(make_member()),
                 Client(app).sign_in(operator_of(make_program()))]  # fmt: skip

    for client in outsiders:
        page = client.get(f"/editions/{edition.public_id}")
        for secret in ("申込の会社", "商談の会社", "秘密の続き"):
            assert secret not in page.html
    for path in ("registrations", "follow-up"):
        outsiders[1].get(f"/editions/{edition.public_id}/{path}", status=403)
        outsiders[2].get(f"/editions/{edition.public_id}/{path}", status=403)
        staff = Client(app).sign_in(make_user(Role.COORDINATOR))
        staff.get(f"/editions/{edition.public_id}/{path}")


def test_a_program_that_is_not_public_is_not_named_beside_its_event(client: Client) -> None:
    program = make_program(title="準備中の制度", state=ProgramState.DRAFT)
    edition = make_edition(make_event(program_id=program.id))

    page = client.get(f"/editions/{edition.public_id}")

    assert "準備中の制度" not in page.html
    assert "準備中の制度" not in client.get("/events").html


def test_pages_read_in_english(client: Client) -> None:
    edition = make_edition(title_en="Fair 2027")
    make_exhibit(edition)

    page = client.get(f"/editions/{edition.public_id}?lang=en")

    assert page.reader.h1 == ["Fair 2027"]
    client.get("/events?lang=en")
