"""Codes of the policy tree, as the plan prints them and as people type them (traps T2 and T3)."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.common.errors import NotFound
from registry.db import db, transaction
from registry.policy.codes import Code, CodeProblem, parse_code, read_code
from registry.policy.models import PolicyCode
from registry.policy.queries import codes_of, codes_titled, get_code, ids_within, path_of, tree

PLAN = "FY2016-2017"
codes = st.lists(st.integers(0, 99), min_size=1, max_size=3).map(lambda parts: Code(tuple(parts)))


@pytest.fixture
def policy(app: Flask) -> dict[str, PolicyCode]:
    """A small tree whose third level passes nine."""
    rows: dict[str, PolicyCode] = {}
    titles = {
        "3": "産業の振興",
        "3-3": "活力ある産業集積の形成",
        "3-3-1": "知的財産",
        "3-3-10": "十番目",
        "3-3-2": "高度化",
        "3-31": "別の施策",
    }
    with transaction():
        for code, title in titles.items():
            above = rows.get(code.rpartition("-")[0])
            rows[code] = PolicyCode(
                plan=PLAN,
                code=code,
                title=title,
                parent_id=above.id if above else None,
                aliases=["活用ある産業集積の形成"] if code == "3-3" else [],
            )
            db.session.add(rows[code])
            db.session.flush()
    return rows


@pytest.mark.parametrize(
    "typed",
    ["3-3-1", "３－３－１", "3ｰ3ｰ1", "３ー３ー１", "3−3−1", "3‐3‐1", " 3 - 3 - 1 ", "03-3-1"],
)
def test_a_code_is_read_in_any_width_and_with_any_dash(typed: str) -> None:
    assert str(parse_code(typed)) == "3-3-1"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "empty"), ("　", "empty"), ("3-3-1-1", "unreadable"), ("3-", "unreadable"),
     ("3.3.1", "unreadable"), ("第3章", "unreadable"), ("-3-3", "unreadable"), ("9" * 5000, "unreadable")],
)  # fmt: skip
def test_what_is_no_code_is_refused(typed: str, code: str) -> None:
    with pytest.raises(CodeProblem) as problem:
        parse_code(typed)

    assert problem.value.code == code and read_code(typed) is None


@given(codes)
def test_a_printed_code_reads_as_itself_in_both_widths(code: Code) -> None:
    wide = str(code).translate({ord("-"): "－"} | {ord(str(n)): chr(0xFF10 + n) for n in range(10)})

    assert parse_code(str(code)) == parse_code(wide) == code


@given(codes, codes)
def test_codes_sort_as_numbers_and_a_code_lies_within_those_above(a: Code, b: Code) -> None:
    assert (a < b) == (a.parts < b.parts)
    assert a.is_within(b) == (a.parts[: b.level] == b.parts)
    if a.parent is not None:
        assert a.is_within(a.parent) and a.parent < a


def test_the_tree_holds_its_nodes_in_the_order_of_their_numbers(policy) -> None:
    (top,) = tree()

    assert [node.row.code for node in top.children] == ["3-3", "3-31"]
    assert [node.row.code for node in top.children[0].children] == ["3-3-1", "3-3-2", "3-3-10"]
    assert [row.code for row in path_of(policy["3-3-10"])] == ["3", "3-3", "3-3-10"]
    assert path_of(None) == []


def test_a_code_is_found_by_itself_and_a_title_by_each_way_it_is_printed(policy) -> None:
    assert get_code("３－３－１").id == policy["3-3-1"].id
    for title in ("活力ある産業集積の形成", "活用ある産業集積の形成"):
        assert [row.code for row in codes_titled(title)] == ["3-3"]
    assert codes_titled("") == []
    with pytest.raises(NotFound):
        get_code("9-9")


def test_what_lies_within_a_code_leaves_its_longer_neighbour_out(policy) -> None:
    by_id = {row.id: row.code for row in codes_of()}

    assert {by_id[n] for n in ids_within("３－３")} == {"3-3", "3-3-1", "3-3-2", "3-3-10"}
    assert ids_within("no code") == []
