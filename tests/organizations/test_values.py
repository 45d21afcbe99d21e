import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from registry.organizations.amounts import AmountProblem, parse_people, parse_yen
from registry.organizations.blind import BANDS, band_of, blind_line
from registry.organizations.models import Organization, OrganizationKind
from registry.organizations.names import NameProblem, clean_kana, clean_line, clean_website


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("10,000,000", 10_000_000),
        ("１０，０００，０００円", 10_000_000),
        ("1000万円", 10_000_000),
        ("1億5000万", 150_000_000),
        ("1.5億円", 150_000_000),
        ("¥300", 300),
        ("0", 0),
        ("３百万", 3_000_000),
    ],
)
def test_capital_is_read_as_people_write_it(typed: str, yen: int) -> None:
    assert parse_yen(typed) == yen


@pytest.mark.parametrize(
    "typed", ["", "約1000万", "-5", "万", "5000万1億", "1.5", "1e9", "9999兆円", "1" * 10_000]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountProblem):
        parse_yen(typed)


@given(st.integers(0, 10**15))
def test_any_amount_reads_back(yen: int) -> None:
    assert parse_yen(f"{yen:,}円") == yen


@given(st.integers(0, 10**7))
def test_any_number_of_people_reads_back(people: int) -> None:
    assert parse_people(f"{people:,} 名") == people


@pytest.mark.parametrize("typed", ["", "十人", "1.5", "-1", "99999999"])
def test_what_is_no_number_of_people_is_refused(typed: str) -> None:
    with pytest.raises(AmountProblem):
        parse_people(typed)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\x00", "\u00ad"])
def test_a_name_with_a_hidden_character_is_refused(hidden: str) -> None:
    with pytest.raises(NameProblem) as refused:
        clean_line(f"みなと{hidden}銀行")

    assert refused.value.values["character"] == f"U+{ord(hidden):04X}"


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_cleaning_a_name_twice_changes_nothing(text: str) -> None:
    try:
        once = clean_line(text)
    except NameProblem:
        return

    assert clean_line(once) == once


def test_the_variant_of_a_kanji_stays_in_a_name() -> None:
    assert clean_line(" 葛\U000e0100城　製作所 ") == "葛\U000e0100城 製作所"


def test_a_reading_becomes_full_width_katakana() -> None:
    assert clean_kana("みなと ﾃｯｺｳ") == "ミナト テッコウ"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("www.example.jp", "https://www.example.jp"),
        ("http://example.jp/a?b=c", "http://example.jp/a?b=c"),
        ("https://日本.example", "https://日本.example"),
    ],
)
def test_a_website_is_kept(typed: str, kept: str) -> None:
    assert clean_website(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//example.jp",
        "data:text/html,x",
        "ftp://example.jp",
        "https://user@example.jp",
        "https://",
        "https://localhost",
        "https://exa mple.jp",
        "https://example.jp:99999/",
        "//",
    ],
)
def test_a_dangerous_or_unreadable_website_is_refused(typed: str) -> None:
    with pytest.raises(NameProblem):
        clean_website(typed)


@given(st.integers(0, 10**7))
def test_every_number_of_employees_has_exactly_one_band(employees: int) -> None:
    fitting = [
        code
        for code, first, last in BANDS
        if first <= employees and (last is None or employees <= last)
    ]

    assert fitting == [band_of(employees)]


def test_the_blind_line_names_industry_ward_and_band_only(app: Flask) -> None:
    organization = Organization(
        kind=OrganizationKind.COMPANY,
        name="高田めっき",
        industry="24",
        municipality="14133",
        employees=12,
        address="新丸子町1",
    )

    with app.test_request_context():
        assert blind_line(organization) == "製造業・中原区・5～19人"
        assert blind_line(organization, hide_place=True) == "製造業・5～19人"
        organization.industry, organization.employees = "", None
        assert blind_line(organization) == "企業・中原区"
        with force_locale("en"):
            assert "Nakahara" in blind_line(organization)
