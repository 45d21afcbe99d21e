"""Corporate numbers and invoice numbers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.common.identifiers import (
    CorporateKind,
    IdentifierProblem,
    corporate_check_digit,
    corporate_number_kind,
    format_corporate_number,
    is_corporate_number,
    parse_corporate_number,
    parse_invoice_number,
)

BASES = st.text("0123456789", min_size=12, max_size=12)


def with_check_digit(base):
    return f"{corporate_check_digit(base)}{base}"


@pytest.mark.parametrize(
    "number", ["4000012090001", "4011001098993", "5050005005266", "7010705000725"]
)
def test_the_worked_examples_are_right(number):
    assert parse_corporate_number(number) == number
    assert corporate_check_digit(number[1:]) == int(number[0])


@given(BASES)
def test_the_check_digit_makes_a_number_valid_and_any_other_makes_it_wrong(base):
    right = with_check_digit(base)

    assert [first for first in "0123456789" if is_corporate_number(first + base)] == [right[0]]
    assert right[0] != "0"


@given(BASES, st.integers(1, 12), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed_unless_it_is_a_nine_for_a_zero(base, place, digit):
    number = with_check_digit(base)
    assume({number[place], digit} != {"0", "9"})
    assume(number[place] != digit)

    assert not is_corporate_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "pasted",
    [
        "４０００１２０９０００１".replace("４０００", "４００００"),
        "4-0000-1209-0001",
        " 4000 0120 90001\n",
        "4000−0120－90001",
        "T4000012090001",
        "'4000012090001",
    ],
)
def test_numbers_are_read_as_they_are_pasted(pasted):
    assert parse_corporate_number(pasted) == "4000012090001"


@given(BASES)
def test_the_printed_form_is_read_back(base):
    number = with_check_digit(base)

    assert parse_corporate_number(format_corporate_number(number)) == number


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "empty", {}),
        (" - ", "empty", {}),
        ("400001209000", "length", {"length": 12, "expected": 13}),
        ("40000120900011", "length", {"length": 14, "expected": 13}),
        ("40000120900O1", "character", {"character": "O", "position": 12}),
        ("四000012090001", "character", {"character": "四", "position": 1}),
        ("٤000012090001", "character", {"character": "٤", "position": 1}),
        ("5000012090001", "check_digit", {"given": 5, "expected": 4}),
        ("4000012090002", "check_digit", {"given": 4, "expected": 3}),
        ("0000012090001", "check_digit", {"given": 0, "expected": 4}),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text, code, values):
    with pytest.raises(IdentifierProblem) as refused:
        parse_corporate_number(text)

    assert (refused.value.code, refused.value.values) == (code, values)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text):
    assert is_corporate_number(text) in (True, False)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("4000012090001", CorporateKind.STATE_OR_LOCAL),
        ("4011001098993", CorporateKind.REGISTERED),
        ("1700150000000", CorporateKind.OTHER),
    ],
)
def test_the_base_number_tells_the_kind_of_holder(number, kind):
    assert corporate_number_kind(number) is kind


def test_an_invoice_number_of_a_corporation_is_its_corporate_number():
    number = parse_invoice_number("Ｔ4000-0120-90001", corporate_number="4000012090001")

    assert number == "T4000012090001"


def test_an_invoice_number_of_a_sole_proprietor_needs_no_check_digit():
    assert parse_invoice_number("t1234567890123") == "T1234567890123"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("4000012090001", "prefix"),
        ("T400001209000", "length"),
        ("T40000120900O1", "character"),
        ("T4011001098993", "mismatch"),
    ],
)
def test_a_wrong_invoice_number_says_what_is_wrong(text, code):
    with pytest.raises(IdentifierProblem) as refused:
        parse_invoice_number(text, corporate_number="4000012090001")

    assert refused.value.code == code
