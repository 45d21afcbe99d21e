"""What is typed into the typed fields, and what a listing lacks: the laws."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.listings.categories import (
    ALL_FIELDS,
    FieldType,
    as_typed,
    fields_of,
    read_fields,
    shown_fields,
)
from registry.listings.content import (
    BREADTH,
    Content,
    date_problem,
    language_of,
    latest_day,
    needs_review_again,
)
from registry.listings.models import Category, Visibility

WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=15)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def typed_values(category: Category) -> st.SearchStrategy[dict[str, str]]:
    kinds = {
        FieldType.TEXT: WORDS,
        FieldType.LIST: st.lists(WORDS, min_size=1, max_size=3, unique=True).map("、".join),
        FieldType.WHOLE: st.integers(1, 100_000).map(str),
        FieldType.DECIMAL: st.decimals("0.01", 9_999, places=2).map(str),
    }
    found = {f.name: kinds[f.type] for f in fields_of(category) if f.type in kinds}
    for spec in fields_of(category):
        if spec.type is FieldType.CHOICE and spec.options is not None:
            found[spec.name] = st.sampled_from(sorted(spec.options()))
        if spec.type is FieldType.DATE:
            # One day for all: "until" does not lie before "from".
            found[spec.name] = st.just("2027年4月1日")
        if spec.name == "least":
            found[spec.name] = st.just("0.01")
    return st.fixed_dictionaries(found)


@given(st.data(), st.sampled_from(Category))
def test_what_is_stored_reads_back_as_itself(data: st.DataObject, category: Category) -> None:
    values, problems = read_fields(category, data.draw(typed_values(category)))

    again, problems_again = read_fields(category, {n: as_typed(v) for n, v in values.items()})

    assert problems == problems_again == ()
    assert again == values


@given(
    st.sampled_from(Category),
    st.dictionaries(st.sampled_from([f.name for f in ALL_FIELDS]), st.text(max_size=200)),
)
def test_nothing_typed_breaks_the_reading(category: Category, typed: dict[str, str]) -> None:
    values, problems = read_fields(category, typed)

    names = {f.name for f in fields_of(category)}
    assert set(values) | {p.name for p in problems} <= names
    assert not set(values) & {p.name for p in problems}


@pytest.mark.parametrize(
    ("text", "stored"),
    [("1,200", 1200), ("１２００", 1200), ("1 200.50", 1200.5), (" 12 ", 12)],
)
def test_numbers_are_read_in_any_width(text: str, stored: float) -> None:
    assert read_fields(Category.LAND, {"area_m2": text}) == ({"area_m2": stored}, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("八", "not_a_number"),
        ("NaN", "not_a_number"),
        ("1e999", "too_large"),
        ("Infinity", "not_a_number"),
        ("-3", "too_small"),
        ("0", "too_small"),
        ("9" * 29, "too_large"),
        ("9" * 10_000, "not_a_number"),
        ("2.5", "not_whole"),
    ],
)
def test_what_is_no_number_of_people_is_said(text: str, code: str) -> None:
    _values, problems = read_fields(Category.LABOUR, {"headcount": text})

    assert [p.code for p in problems] == [code]


def test_values_are_shown_with_unit_and_separators(app: Flask) -> None:
    shown = shown_fields(Category.LAND, {"area_m2": 1200.5, "place": "川崎区"})

    assert [text for _label, text in shown] == ["1,200.5 m²", "川崎区"]


@given(DAYS)
def test_three_years_are_allowed_and_the_day_after_is_not(today: date) -> None:
    assert date_problem(today, today=today) == ""
    assert date_problem(latest_day(today), today=today) == ""
    assert date_problem(latest_day(today) + timedelta(days=1), today=today) != ""
    assert latest_day(today).year == today.year + 3


@given(DAYS)
def test_the_past_is_refused(today: date) -> None:
    assert "期限が過ぎて" in date_problem(today - timedelta(days=1), today=today)


@given(st.sampled_from(BREADTH), st.sampled_from(BREADTH))
def test_only_a_wider_circle_is_reviewed_again(before: Visibility, after: Visibility) -> None:
    def content(visibility: Visibility, anonymous: bool) -> Content:
        return Content(
            Category.PRODUCT, "同じ件名です", visibility, date(2027, 1, 1), anonymous=anonymous
        )

    wider = BREADTH.index(after) > BREADTH.index(before)
    assert needs_review_again(content(before, False), content(after, True)) is wider


@pytest.mark.parametrize(
    ("text", "language"),
    [("Coating for tubes", "en"), ("IoT を使いたい", "ja"), ("鍍金", "ja"), ("123", "ja")],
)
def test_the_language_of_a_text_is_seen(text: str, language: str) -> None:
    assert language_of(text) == language
