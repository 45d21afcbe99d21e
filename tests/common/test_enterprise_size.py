"""Small and medium enterprises by the law's table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.codelists import divisions, industries
from registry.common.enterprise_size import (
    LegalKind,
    Sector,
    Size,
    assess_size,
    assess_size_by_industry,
    sectors_of,
    size_rules,
)

MAKER = Sector.MANUFACTURING_AND_OTHER
CAPITAL = st.one_of(st.none(), st.integers(0, 500_000_000))
EMPLOYEES = st.one_of(st.none(), st.integers(0, 500))
SECTORS = st.one_of(st.none(), st.sampled_from(Sector))
ORDER = {Size.SMALL: 0, Size.SME: 1, Size.NOT: 2}


@pytest.mark.parametrize(
    ("sector", "capital", "employees", "size"),
    [
        (MAKER, 300_000_000, 301, Size.SME),
        (MAKER, 300_000_001, 300, Size.SME),
        (MAKER, 300_000_001, 301, Size.NOT),
        (MAKER, 300_000_001, 20, Size.SMALL),
        (MAKER, 1, 21, Size.SME),
        (Sector.WHOLESALE, 100_000_000, 101, Size.SME),
        (Sector.WHOLESALE, 100_000_001, 100, Size.SME),
        (Sector.WHOLESALE, 100_000_001, 101, Size.NOT),
        (Sector.WHOLESALE, 100_000_001, 5, Size.SMALL),
        (Sector.SERVICE, 50_000_000, 101, Size.SME),
        (Sector.SERVICE, 50_000_001, 100, Size.SME),
        (Sector.SERVICE, 50_000_001, 101, Size.NOT),
        (Sector.RETAIL, 50_000_000, 51, Size.SME),
        (Sector.RETAIL, 50_000_001, 50, Size.SME),
        (Sector.RETAIL, 50_000_001, 51, Size.NOT),
        (Sector.RETAIL, 50_000_001, 6, Size.SME),
        (Sector.RETAIL, None, 5, Size.SMALL),
    ],
)
def test_the_limits_of_the_law_are_inclusive_and_either_suffices(sector, capital, employees, size):
    assert assess_size(sector, capital, employees).size is size


def test_capital_within_the_limit_decides_without_employees():
    found = assess_size(MAKER, 10_000_000, None)

    assert (found.size, found.is_sme, found.is_small) == (Size.SME, True, None)
    assert found.missing == ("employees",)


def test_capital_above_the_limit_does_not_decide_without_employees():
    found = assess_size(MAKER, 900_000_000, None)

    assert (found.size, found.is_sme) == (Size.UNKNOWN, None)
    assert found.missing == ("employees",)


def test_employees_above_the_limit_do_not_decide_without_capital():
    found = assess_size(MAKER, None, 301)

    assert (found.size, found.is_small) == (Size.UNKNOWN, False)
    assert found.missing == ("capital",)


def test_nothing_known_is_unknown_and_says_what_is_missing():
    found = assess_size(None, None, None)

    assert (found.size, found.is_sme, found.is_small) == (Size.UNKNOWN, None, None)
    assert found.missing == ("sector", "capital", "employees")


def test_five_employees_are_small_in_every_sector():
    found = assess_size(None, None, 5)

    assert (found.size, found.missing) == (Size.SMALL, ())


def test_too_large_for_every_sector_needs_no_sector():
    assert assess_size(None, 300_000_001, 301).size is Size.NOT


def test_an_individual_is_judged_by_employees_alone():
    assert assess_size(MAKER, 900_000_000, 300, LegalKind.INDIVIDUAL).size is Size.SME
    assert assess_size(MAKER, 1, 301, LegalKind.INDIVIDUAL).size is Size.NOT
    unknown = assess_size(MAKER, 1, None, LegalKind.INDIVIDUAL)
    assert (unknown.size, unknown.missing) == (Size.UNKNOWN, ("employees",))


def test_a_body_the_law_does_not_know_is_not_an_sme():
    found = assess_size(MAKER, 1, 1, LegalKind.OTHER)

    assert (found.size, found.rules, found.rule_text()) == (Size.NOT, (), "")


@given(SECTORS, CAPITAL, EMPLOYEES)
def test_a_small_enterprise_is_always_an_sme(sector, capital, employees):
    found = assess_size(sector, capital, employees)

    assert found.is_sme or not found.is_small
    assert (found.size is Size.UNKNOWN) == (found.is_sme is None)


@given(SECTORS, CAPITAL, EMPLOYEES, st.integers(0, 500_000_000), st.integers(0, 500))
def test_a_verdict_never_changes_when_a_missing_input_arrives(
    sector, capital, employees, later_capital, later_employees
):
    early = assess_size(sector, capital, employees)
    late = assess_size(
        sector if sector is not None else MAKER,
        capital if capital is not None else later_capital,
        employees if employees is not None else later_employees,
    )

    assert early.is_sme in (None, late.is_sme)
    assert early.is_small in (None, late.is_small)
    assert late.missing == ()


@given(st.sampled_from(Sector), st.integers(0, 500), st.integers(0, 500))
def test_growing_never_makes_an_enterprise_smaller(sector, employees, more):
    now = assess_size(sector, 400_000_000, employees).size
    later = assess_size(sector, 400_000_000, employees + more).size

    assert ORDER[now] <= ORDER[later]


@pytest.mark.parametrize(
    ("code", "sectors"),
    [
        ("24", {MAKER}),
        ("E", {MAKER}),
        ("D", {MAKER}),
        ("50", {Sector.WHOLESALE}),
        ("5598", {Sector.WHOLESALE}),
        ("56", {Sector.RETAIL}),
        ("I", {Sector.WHOLESALE, Sector.RETAIL}),
        ("76", {Sector.RETAIL}),
        ("75", {Sector.SERVICE}),
        ("M", {Sector.RETAIL, Sector.SERVICE}),
        ("39", {Sector.SERVICE}),
        ("37", {MAKER}),
        ("41", {MAKER, Sector.SERVICE}),
        ("411", {Sector.SERVICE}),
        ("413", {MAKER}),
        ("4151", {Sector.SERVICE}),
        ("69", {MAKER, Sector.SERVICE}),
        ("693", {Sector.SERVICE}),
        ("791", {MAKER}),
        ("799", {Sector.SERVICE}),
        ("L", {Sector.SERVICE}),
        ("e", {MAKER}),
        (None, set(Sector)),
        ("", set(Sector)),
        ("製造", set(Sector)),
        ("00", set(Sector)),
    ],
)
def test_an_industry_code_tells_the_sectors_of_the_law(code, sectors):
    assert sectors_of(code) == sectors


def test_a_division_means_what_its_groups_mean():
    for division in divisions():
        groups = (sectors_of(group.code) for group in industries(division.code))

        assert sectors_of(division.code) == frozenset().union(*groups)


def test_a_coarse_industry_code_decides_where_its_sectors_agree():
    assert assess_size_by_industry("I", 50_000_000, None).size is Size.SME
    unknown = assess_size_by_industry("I", 60_000_000, 51)
    assert (unknown.size, unknown.missing) == (Size.UNKNOWN, ("sector",))


def test_the_rule_is_told_with_its_source():
    text = assess_size(MAKER, 1, 1).rule_text()

    assert "資本金3億円以下又は常時使用する従業員300人以下" in text
    assert "中小企業基本法第2条" in text
    assert "5000万円" in size_rules()[Sector.RETAIL].text()
    assert "¥50,000,000" in size_rules()[Sector.RETAIL].text("en")
