"""Industries and municipalities."""

import pytest

from registry.common.codelists import (
    divisions,
    industries,
    industry,
    industry_label,
    municipalities,
    municipality,
    prefectures,
    wards,
)
from registry.common.resources import read_rows


def test_the_classification_has_twenty_divisions_and_ninety_nine_groups():
    assert "".join(division.code for division in divisions()) == "ABCDEFGHIJKLMNOPQRST"
    assert [group.code for group in industries()] == [f"{number:02}" for number in range(1, 100)]


def test_groups_follow_their_divisions_in_order_and_none_is_empty():
    letters = [group.division for group in industries()]

    assert letters == sorted(letters)
    assert set(letters) == {division.code for division in divisions()}
    assert [group.code for group in industries("E")] == [str(n).zfill(2) for n in range(9, 33)]


def test_every_entry_has_a_name_in_both_languages():
    places = [*municipalities(), *prefectures(), *wards("14130")]

    for entry in [*divisions(), *industries(), *places]:
        assert entry.label("ja") == entry.name_ja != ""
        assert entry.label("en") == entry.name_en
        assert entry.name_en.isascii()
        assert entry.label("fr") == entry.name_ja


def test_names_are_told_apart():
    assert len({group.name_ja for group in industries()}) == 99
    assert len({group.name_en for group in industries()}) == 99


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("E", "E 製造業"),
        ("24", "24 金属製品製造業"),
        ("2441", "2441 金属製品製造業"),
        ("ZZ", "ZZ"),
        ("00", "00"),
        ("", ""),
    ],
)
def test_an_industry_is_labelled_by_code_and_name(code, label):
    assert industry_label(code) == label


def test_an_industry_label_follows_the_language():
    assert industry_label("39", "en") == "39 Information services"


def test_an_unknown_industry_is_none():
    assert industry("X") is None


def test_kawasaki_has_its_seven_wards():
    assert [ward.name_ja for ward in wards("14130")] == [
        "川崎区",
        "幸区",
        "中原区",
        "高津区",
        "多摩区",
        "宮前区",
        "麻生区",
    ]
    assert len(wards("14100")) == 18
    assert wards("14201") == ()


def test_kanagawa_is_whole():
    assert len(municipalities("14")) == len(municipalities("14000")) == 33


def test_tokyo_has_its_special_wards_among_the_municipalities():
    kinds = [place.kind for place in municipalities("13")]

    assert kinds.count("special_ward") == 23


def test_all_prefectures_stand_in_order():
    assert [place.code for place in prefectures()] == [f"{n:02}000" for n in range(1, 48)]


def test_the_partners_of_the_plan_are_there():
    names = {municipality(code).full_label() for code in ("39000", "45000", "38000", "22207")}

    assert names == {"高知県", "宮崎県", "愛媛県", "静岡県富士宮市"}


def test_a_ward_says_where_it_lies():
    ward = municipality("14133")

    assert ward.full_label() == "神奈川県川崎市中原区"
    assert ward.full_label("en") == "Nakahara-ku, Kawasaki, Kanagawa"


@pytest.mark.parametrize(
    ("code", "with_check_digit"),
    [("14130", "141305"), ("14000", "140007"), ("13101", "131016"), ("01100", "011002")],
)
def test_the_six_digit_code_carries_the_check_digit(code, with_check_digit):
    assert municipality(code).code6 == with_check_digit
    assert municipality(with_check_digit) is municipality(code)


@pytest.mark.parametrize("code", ["", "14130 ", "141306", "99999", "1413", "1413055"])
def test_an_unknown_code_is_no_municipality(code):
    assert municipality(code) is None


def test_every_place_lies_in_a_known_place():
    for row in read_rows("municipalities.csv"):
        assert row["code"][:2] == row["prefecture"]
        assert municipality(f"{row['prefecture']}000") is not None
        assert (row["kind"] == "ward") == bool(row["parent"])
        assert not row["parent"] or municipality(row["parent"]).kind == "city"
