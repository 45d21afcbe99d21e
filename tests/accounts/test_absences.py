"""Absences: who is away, who stands in, and that it ends by itself."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.accounts import absences
from registry.accounts.absence_models import Absence
from registry.accounts.models import User
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.db import db, transaction
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import make_case

DAY = timedelta(days=1)


def answers(first: date, last: date, deputy: User) -> dict[str, str]:
    parts = {f"first-{p}": str(v) for p, v in zip("ymd", first.timetuple()[:3], strict=True)}
    parts |= {f"last-{p}": str(v) for p, v in zip("ymd", last.timetuple()[:3], strict=True)}
    return {**parts, "deputy": deputy.public_id}


def away(user: User, deputy: User, first: int, last: int) -> Absence:
    with transaction():
        return absences.set_absence(
            user,
            first=TODAY + first * DAY,
            last=TODAY + last * DAY,
            deputy=deputy,
            today=TODAY,
            viewer=viewer_of(user),
        )


def test_an_absence_is_set_shown_at_the_case_and_ends_by_itself(client: Client) -> None:
    hanako, taro = make_user(name="花子"), make_user(name="太郎")
    case = make_case(coordinator=hanako)
    client.sign_in(hanako)

    page = client.post("/absences", answers(TODAY, TODAY + 3 * DAY, taro), containing="deputy")

    assert "太郎さんが代理" in client.follow(page).text
    assert "不在、代理 太郎" in client.get(f"/cases/{case.public_id}").text
    assert absences.stands_in_for(taro.id, TODAY + 3 * DAY) == [hanako]
    assert absences.deputies_on(TODAY) == {hanako.id: taro}
    assert absences.receivers_of(hanako, TODAY) == [hanako, taro]
    assert absences.stands_in_for(taro.id, TODAY + 4 * DAY) == []
    assert absences.receivers_of(hanako, TODAY + 4 * DAY) == [hanako]


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [(2, 1, "後にして"), (-5, -1, "過ぎた日"), (0, 400, "1 年を超える"), (3, 9, "重なります")],
)
def test_impossible_days_are_refused_at_their_field(
    client: Client, first: int, last: int, message: str
) -> None:
    hanako, taro = make_user(), make_user()
    away(hanako, taro, 5, 6)
    client.sign_in(hanako)

    typed = answers(TODAY + first * DAY, TODAY + last * DAY, taro)
    page = client.post("/absences", typed, containing="deputy", status=200)

    assert message in page.text
    assert len(db.session.scalars(select(Absence)).all()) == 1


def test_nobody_is_his_own_deputy_nor_one_who_is_away_nor_one_outside_the_office(
    client: Client,
) -> None:
    hanako, taro, jiro = make_user(name="花子"), make_user(name="太郎"), make_user(name="次郎")
    operator = make_user(Role.OPERATOR)
    away(taro, jiro, 0, 4)
    client.sign_in(make_user(Role.ADMINISTRATOR))

    def refused(user: User, deputy: User) -> str:
        typed = answers(TODAY, TODAY + DAY, deputy) | {"user": user.public_id}
        return client.post("/absences", typed, containing="deputy", status=200).text

    assert "本人は代理になれません" in refused(hanako, hanako)
    assert "太郎さんも" in refused(hanako, taro)
    assert "太郎さんの代理を引き受けています" in refused(jiro, hanako)
    with pytest.raises(DomainError), transaction():
        absences.set_absence(
            hanako,
            first=TODAY,
            last=TODAY,
            deputy=operator,
            today=TODAY,
            viewer=viewer_of(hanako),
        )


def test_coming_back_earlier_ends_it_and_only_the_own_one(client: Client, app: Flask) -> None:
    hanako, taro = make_user(), make_user()
    begun = away(hanako, taro, 0, 5)
    other = Client(app).sign_in(taro)
    other.submit(
        {"fields": [{"name": "csrf_token", "value": other.get("/absences").form("first-y")
                     ["fields"][0]["value"]}]},
        address=f"/absences/{begun.public_id}/end",
        status=404,
    )  # fmt: skip
    client.sign_in(hanako)

    client.post(f"/absences/{begun.public_id}/end", at="/absences", action="/end")

    assert absences.deputies_on(TODAY) == {}
    assert "不在の予定はありません" in client.get("/absences").text


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wishes=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 20), st.integers(0, 6)),
        max_size=12,
    )
)
def test_on_no_day_is_a_deputy_away_or_a_person_away_twice(
    app: Flask, wishes: list[tuple[int, int, int, int]]
) -> None:
    with transaction():
        db.session.query(Absence).delete()
    people = [make_user() for _ in range(4)]
    for who, deputy, first, days in wishes:
        try:
            away(people[who], people[deputy], first, first + days)
        except DomainError:
            continue
    rows = db.session.scalars(select(Absence)).all()
    for offset in range(30):
        on = [row for row in rows if row.is_on(TODAY + offset * DAY)]
        gone = [row.user_id for row in on]
        assert len(gone) == len(set(gone))
        assert not set(gone) & {row.deputy_id for row in on}
