"""Mutual use of by-products: the laws of conversion, of the covered share and of the limits."""

import dataclasses
from datetime import date
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.common import codelists
from registry.common.nearness import Nearness, nearness
from registry.listings.exchange import (
    REACHES,
    UNITS,
    Flow,
    Limit,
    Measure,
    Rhythm,
    Unit,
    broken_limits,
    covered,
    flow_of,
    per_year,
    quantity_of,
)
from registry.listings.exchange_words import amount_label
from tests.client import Client
from tests.factories.organizations import make_member, make_organization
from tests.listings.test_writing import NEED, NEW, the_listing

AMOUNTS = st.fractions(Fraction(1, 1000), 10**9)
DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2060, 12, 31)))
PLACES = st.sampled_from(
    ["", "14131", "14133", "14130", "14100", "14109", "13111", "14206", "13000", "40100", "99999"]
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    amount = draw(st.one_of(st.none(), AMOUNTS))
    begins, ends = draw(DAYS), draw(DAYS)
    if begins and ends and ends < begins:
        begins, ends = ends, begins
    return Flow(
        measure=draw(st.sampled_from(Measure)) if amount is not None else None,
        amount=amount,
        least=draw(st.fractions(0, 1)) * (amount or 0),
        once=draw(st.sampled_from([None, True, False])),
        begins=begins,
        ends=ends,
        place=draw(PLACES),
        reach=draw(st.sampled_from(REACHES)),
    )


@given(AMOUNTS, st.sampled_from(Unit), st.sampled_from(Rhythm))
def test_a_quantity_comes_back_from_the_years_amount(
    quantity: Fraction, unit: Unit, rhythm: Rhythm
) -> None:
    assert quantity_of(per_year(quantity, unit, rhythm), unit, rhythm) == quantity


@given(AMOUNTS, AMOUNTS, st.sampled_from(Unit), st.sampled_from(Rhythm))
def test_amounts_add_up_in_every_unit(
    one: Fraction, two: Fraction, unit: Unit, rhythm: Rhythm
) -> None:
    together = per_year(one + two, unit, rhythm)

    assert together == per_year(one, unit, rhythm) + per_year(two, unit, rhythm)


@given(AMOUNTS, st.sampled_from(Unit), st.sampled_from(Unit), st.sampled_from(Rhythm))
def test_said_in_another_unit_of_its_measure_an_amount_stays_the_same(
    quantity: Fraction, one: Unit, other: Unit, rhythm: Rhythm
) -> None:
    if UNITS[one][0] is UNITS[other][0]:
        amount = per_year(quantity, one, rhythm)
        assert per_year(quantity_of(amount, other, rhythm), other, rhythm) == amount


@pytest.mark.parametrize(
    ("quantity", "unit", "rhythm", "year"),
    [
        (1000, Unit.KG, Rhythm.MONTH, Fraction(12)),
        (1, Unit.T, Rhythm.HOUR, Fraction(8760)),
        (7, Unit.L, Rhythm.WEEK, Fraction(365, 1000)),
        (1, Unit.GJ, Rhythm.YEAR, Fraction(2500, 9)),
        (3600, Unit.MJ, Rhythm.ONCE, Fraction(1000)),
        (2, Unit.PIECE, Rhythm.DAY, Fraction(730)),
    ],
)
def test_known_amounts(quantity: int, unit: Unit, rhythm: Rhythm, year: Fraction) -> None:
    assert per_year(Fraction(quantity), unit, rhythm) == year


@given(flows(), flows())
def test_the_covered_share_lies_between_nothing_and_all(one: Flow, other: Flow) -> None:
    share = covered(one, other)

    assert share is None or 0 <= share <= 1
    if share is not None and one.amount is not None and other.amount is not None:
        assert share == 1 or covered(other, one) == 1


@given(flows(), flows())
def test_limits_do_not_ask_who_was_named_first(one: Flow, other: Flow) -> None:
    assert broken_limits(one, other) == broken_limits(other, one)


@given(flows())
def test_nobody_is_kept_apart_from_himself_or_from_one_who_said_nothing(flow: Flow) -> None:
    anywhere = dataclasses.replace(flow, reach=Nearness.FAR)

    assert broken_limits(anywhere, anywhere) == ()
    assert broken_limits(flow, Flow(reach=Nearness.FAR)) == ()


@given(PLACES, PLACES)
def test_nearness_does_not_ask_from_which_side(one: str, other: str) -> None:
    assert nearness(one, other) == nearness(other, one)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("14131", "14131", Nearness.SAME),
        ("14131", "14137", Nearness.CITY),
        ("14131", "14109", Nearness.NEIGHBOUR),
        ("14131", "13111", Nearness.NEIGHBOUR),
        ("14131", "14206", Nearness.PREFECTURE),
        ("14131", "13103", Nearness.FAR),
        ("14131", "", None),
    ],
)
def test_known_distances(one: str, other: str, near: Nearness | None) -> None:
    assert nearness(one, other) is near


def test_every_neighbour_stands_in_the_list_of_municipalities() -> None:
    for city in codelists.municipalities("14"):
        near = [
            other
            for other in codelists.municipalities()
            if other != city and nearness(city.code, other.code) is Nearness.NEIGHBOUR
        ]
        assert near, city.name_ja


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"measure": Measure.ENERGY}, Limit.MEASURE),
        ({"least": Fraction(200), "amount": Fraction(300)}, Limit.QUANTITY),
        ({"once": True}, Limit.RHYTHM),
        ({"begins": date(2027, 5, 1)}, Limit.PERIOD),
        ({"place": "40100"}, Limit.DISTANCE),
    ],
)
def test_each_limit_keeps_apart(change: dict[str, object], limit: Limit) -> None:
    own = Flow(Measure.MASS, Fraction(100), once=False, ends=date(2027, 4, 30), place="14131")

    assert broken_limits(own, dataclasses.replace(own, ends=None, **change)) == (limit,)  # type: ignore[arg-type]


def test_what_a_listing_stores_is_read_exactly() -> None:
    flow = flow_of({"quantity": 0.1, "unit": "kg", "rhythm": "day", "reach": "0"}, "14131")

    assert flow.amount == Fraction(365, 10_000)
    assert (flow.place, flow.reach, flow.once) == ("14131", Nearness.SAME, False)
    assert flow_of({"quantity": 3, "unit": "バケツ", "rhythm": "毎日"}, "").amount is None


def test_a_years_amount_is_told_with_three_figures(app: Flask) -> None:
    with app.test_request_context():
        told = flow_of({"quantity": 220, "unit": "t", "rhythm": "month"}, "")
        assert amount_label(told) == "年 2,640 t"
        assert amount_label(flow_of({"quantity": 5, "unit": "kg", "rhythm": "once"}, "")) == (
            "0.005 t"
        )


ACID = {
    **NEED,
    "category": "material",
    "substance": "塩酸18%",
    "quantity": "220",
    "unit": "t",
    "rhythm": "month",
    "at": "14131",
    "reach": "2",
}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"unit": ""}, "「量の単位」を入力してください"),
        ({"rhythm": ""}, "「どの間隔でその量か」を入力してください"),
        ({"quantity": "たくさん"}, "「量」は数字で入力してください"),
        ({"least": "300"}, "まとまりの下限は、量を超えない数にしてください"),
        ({"begins": "春ごろ"}, "「いつから」は年月日で入力してください"),
        ({"begins": "2027/4/1", "ends": "R9.3.31"}, "「いつまで」は、「いつから」より後の日に"),
        ({"unit": "バケツ"}, "「量の単位」を、一覧から選んでください"),
    ],
)
def test_a_by_products_figures_are_refused_at_their_field(
    client: Client, typed: dict[str, str], message: str
) -> None:
    client.sign_in(make_member(make_organization(municipality="14131")))
    form = client.post(NEW, {**ACID, "do": "category"}, containing="title", status=200).form(
        "title"
    )

    page = client.submit(form, {**ACID, **typed, "do": "confirm"}, address=NEW, status=200)

    assert message in page.text


def test_a_by_product_is_written_shown_and_edited(client: Client) -> None:
    client.sign_in(make_member(make_organization(municipality="14131")))
    form = client.post(NEW, {**ACID, "do": "category"}, containing="title", status=200).form(
        "title"
    )
    client.submit(
        form,
        {**ACID, "begins": "令和9年4月1日", "quality": "鉄分50ppm以下", "do": "confirm"},
        address=NEW,
    )

    stored = the_listing().fields
    assert stored["begins"] == "2027-04-01"
    page = client.get(f"/listings/{the_listing().public_id}")
    for words in (
        "220",
        "1 か月に",
        "2027年4月1日",
        "神奈川県川崎市川崎区",
        "境を接する市区町村まで",
    ):
        assert words in page.text
    again = client.get(f"/listings/{the_listing().public_id}/edit").form("title")
    values = {f["name"]: f["value"] for f in again["fields"]}
    assert {n: values[n] for n in ("unit", "rhythm", "at")} == {
        "unit": "t",
        "rhythm": "month",
        "at": "14131",
    }


def test_only_a_by_product_is_asked_for_figures(client: Client) -> None:
    client.sign_in(make_member())

    names = {f["name"] for f in client.get(NEW).form("title")["fields"]}

    assert not names & {"quantity", "unit", "rhythm", "least", "begins", "ends", "at", "reach"}
