"""The yearly results of the loaded demo give back the plan's own figures.

`plan_figures.csv` was written from the plan, apart from the loader's data; a test compares all.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.cases.models import Case
from registry.common.dates import parse_date
from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.encounters.models import Encounter
from registry.policy.codes import parse_code
from registry.policy.models import CountingRule, Indicator, PeriodType, PolicyCode, Reading
from registry.policy.queries import codes_titled
from registry.programs.models import Enrolment, Program, ProgramState
from registry.reports.yearly import Result, results_of
from registry.reports.yearly_files import yearly_csv

PLAN = (FiscalYear(2016), FiscalYear(2017))
COLUMNS = ("code", "indicator", "rule", "period", "unit", "target", "actual", "approximate")


def expected() -> list[dict[str, str]]:
    path = Path(__file__).with_name("plan_figures.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def found(app: Flask) -> list[dict[str, str]]:
    """The rows of `registry report yearly 2016 --format csv` and of 2017."""
    with app.test_request_context(query_string={"lang": "ja"}):
        texts = [yearly_csv(results_of(year)).decode("utf-8-sig") for year in PLAN]
    return [row for text in texts for row in csv.DictReader(text.splitlines())]


@pytest.fixture
def results(app: Flask) -> dict[tuple[str, str], Result]:
    with app.test_request_context():
        both = [one for year in PLAN for one in results_of(year)]
    return {(one.indicator.key, one.period.text): one for one in both}


def test_every_figure_of_the_plan_comes_back_with_its_unit_period_and_flag(found) -> None:
    there = [{name: row[name] for name in COLUMNS} for row in found]

    assert len(expected()) >= 90
    assert [row for row in expected() if row not in there] == []


def test_figures_that_the_plan_does_not_print_are_not_invented(found) -> None:
    known = {(row["indicator"], row["period"]) for row in expected()}
    # The stock at the end of FY2016 follows from 84 less the 10 of FY2017; the offices stood on.
    derived = {("brand-stock", "FY2016-end"), ("overseas-office-cities", "FY2017-end")}

    assert {(row["indicator"], row["period"]) for row in found} - known == derived


def test_every_row_names_its_place_in_the_plan(found) -> None:
    assert [row["indicator"] for row in found if not row["source"].startswith("第")] == []


def test_the_registrys_own_work_is_counted_from_rows_and_opens_into_them(results) -> None:
    from registry.reports.yearly_rows import rows_behind

    for key, period, count in (
        ("window-consultations", "FY2016", 123),
        ("one-day-consultings", "FY2016", 310),
        ("team-visits", "FY2016", 191),
        ("ip-dispatches", "FY2016", 269),
        ("ip-matches", "FY2016", 3),
        ("cb-consultations", "FY2016", 90),
        ("site-consultations", "FY2016", 46),
        ("kbic-new-tenants", "FY2016", 4),
        ("venture-selected", "FY2016", 3),
        ("green-cluster-company", "2018-01-asof", 53),
    ):
        one = results[key, period]
        assert db.session.query(Reading).filter_by(indicator_id=one.indicator.id).count() == 0
        assert len(rows_behind(one)) == count, key


# The traps T1–T16 of the seed.


def test_t1_an_era_year_past_the_era_is_read_and_printed_by_the_new_era() -> None:
    assert parse_date("平成32年4月1日").isoformat() == "2020-04-01"
    assert FiscalYear(2020).label_era == "令和2年度"


def test_t2_codes_are_joined_whatever_title_was_printed(app: Flask) -> None:
    for printed in (
        "中小企業の競争力強化と活力ある産業集積の形成",
        "中小企業の競争力強化と活用ある産業集積の形成",
    ):
        assert {row.code for row in codes_titled(printed)} == {"3-3"}


def test_t3_codes_are_read_in_any_width() -> None:
    assert str(parse_code("３－３－１")) == str(parse_code("3‐3‐1")) == "3-3-1"


def test_t4_the_same_number_stands_for_two_things(results) -> None:
    dispatches = results["ip-dispatches", "FY2016"]
    employed = results["connexions-employed", "FY2016"]

    assert dispatches.actual == employed.actual == 269
    assert (str(dispatches.code), dispatches.indicator.unit) == ("3-3-1", "回")
    assert (str(employed.code), employed.indicator.unit) == ("5-1-1", "人")


def test_t5_unique_firms_and_visits_are_two_figures_of_one_activity(results) -> None:
    firms, visits = results["team-visited-firms", "FY2016"], results["team-visits", "FY2016"]

    assert (firms.actual, visits.actual) == (89, 191)
    assert firms.indicator.filters == visits.indicator.filters
    assert firms.indicator.rule is CountingRule.UNIQUE
    assert visits.indicator.rule is CountingRule.CUMULATIVE


def test_t6_a_part_never_exceeds_the_whole(results) -> None:
    parts = [one for one in results.values() if one.indicator.part_of]

    assert len(parts) >= 9
    for part in parts:
        whole = results[part.indicator.part_of.key, part.period.text]
        assert part.actual <= whole.actual, part.indicator.key


def test_t7_a_stock_has_a_balance_older_than_the_registry(results) -> None:
    stock = results["brand-stock", "FY2017-end"]

    assert stock.indicator.opening_balance + 9 + 10 == stock.actual == 84
    assert stock.change == results["brand-certified", "FY2017"].actual


def test_t8_every_kind_of_period_occurs(results) -> None:
    assert {one.period.type for one in results.values()} == set(PeriodType)


def test_t9_about_survives_to_the_printed_figure(found) -> None:
    about = {row["indicator"] for row in found if row["approximate"] == "true"}

    assert about == {row["indicator"] for row in expected() if row["approximate"] == "true"}
    assert len(about) == 7


def test_t10_exhibitors_are_not_booths_and_units_differ(results) -> None:
    assert results["eco-fair-exhibitors", "2017-02"].actual == 133
    assert results["eco-fair-booths", "2017-02"].actual == 216
    assert results["techno-exhibitors", "2017"].indicator.unit == "社・団体"
    assert results["nepcon-joint", "2017"].indicator.unit == "社"


def test_t11_members_stand_by_class_and_no_sum_is_claimed(results) -> None:
    classes = [one for one in results.values() if one.indicator.key.startswith("green-cluster-")]

    assert [one.actual for one in classes] == [53, 7, 2, 9]
    assert Decimal(71) not in {one.actual for one in results.values() if str(one.code) == "3-1-2"}


def test_t12_no_target_is_not_a_target_reached(results) -> None:
    assert results["iconm-occupancy", "FY2016-end"].target == 55
    assert results["kbic-occupancy", "FY2016-end"].target is None


def test_t13_the_years_of_one_code_stand_in_their_own_reports(results) -> None:
    meister = {one.period.fiscal_year.year for (key, _), one in results.items() if "meister" in key}

    assert meister == {2016, 2017}


def test_t14_no_row_of_an_award_names_a_person(app: Flask) -> None:
    assert db.session.query(Enrolment).count() > 100
    assert "name" not in Enrolment.__table__.columns
    assert (
        db.session.scalar(select(Indicator.measure).where(Indicator.key == "meister-people")) == ""
    )


def test_t15_a_funnel_has_rows_at_each_stage(results) -> None:
    funnel = [
        results[key, "FY2016"]
        for key in ("venture-selected", "venture-investor-met", "venture-offer")
    ]

    assert [one.actual for one in funnel] == [3, 2, 1]
    assert [one.indicator.part_of.key for one in funnel[1:]] == [
        "venture-selected",
        "venture-investor-met",
    ]


def test_t16_programs_that_ended_or_closed_are_kept(app: Flask) -> None:
    states = {
        row.key: row.state
        for row in db.session.scalars(
            select(Program).where(Program.key.in_(["ks-academy", "innovate-kawasaki"]))
        )
    }

    assert states["ks-academy"] is ProgramState.ENDED
    assert states["innovate-kawasaki"] is ProgramState.CLOSED_TO_NEW


def test_invented_rows_behind_figures_say_so(app: Flask) -> None:
    of_2016 = Encounter.held_on.between(PLAN[0].start, PLAN[0].end)

    assert db.session.query(Encounter).filter(of_2016, ~Encounter.illustrative).count() == 0
    assert db.session.query(Case).filter(~Case.illustrative).count() == 0
    assert db.session.query(PolicyCode).count() >= 56
