"""Whoever touches the log with SQL is found out."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from registry.audit.erasure import erase_values
from registry.audit.queries import verify
from registry.audit.service import record
from registry.common.viewer import SYSTEM
from registry.db import db, transaction

LENGTH = 12
COLUMNS = ("at", "actor", "action", "subject", "digests", "previous", "hash")


def fill() -> None:
    with transaction():
        for number in range(1, LENGTH + 1):
            record(
                actor=SYSTEM,
                action="thing.changed",
                subject=f"thing:{number}",
                changes={"name": (f"前{number}", f"後{number}"), "size": (number, number + 1)},
            )
        erase_values("thing:3", viewer=SYSTEM)


def run(statement: str, **values: object) -> int:
    return int(db.session.execute(text(statement), values).rowcount)  # type: ignore[attr-defined]


def flip_column(position: int, column: str) -> None:
    if column == "at":
        run("UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE position = :p", p=position)
    elif column == "digests":
        run(
            "UPDATE audit_entries SET digests = :d WHERE position = :p",
            d='{"name": "00", "size": "00"}',
            p=position,
        )
    else:
        run(
            f"UPDATE audit_entries SET {column} = 'x' || substr({column}, 2) WHERE position = :p",
            p=position,
        )


def delete(position: int, _column: str) -> None:
    run("DELETE FROM audit_values WHERE position = :p", p=position)
    run("DELETE FROM audit_entries WHERE position = :p", p=position)


def delete_value(position: int, _column: str) -> None:
    run("DELETE FROM audit_values WHERE position = :p AND field = 'name'", p=position)


def flip_value(position: int, column: str) -> None:
    side = "before" if column < "d" else "after"
    run(
        f"UPDATE audit_values SET {side} = 'ほか', erased = :e WHERE position = :p AND field = 'size'",
        p=position,
        e=column == "hash",
    )


def blank_value(position: int, _column: str) -> None:
    """Pretend an erasing that nobody wrote down."""
    run(
        "UPDATE audit_values SET before = NULL, after = NULL, salt = '', erased = :t"
        " WHERE position = :p",
        p=position,
        t=True,
    )


def add_value(position: int, _column: str) -> None:
    run(
        "INSERT INTO audit_values (position, field, before, after, salt, erased)"
        " VALUES (:p, 'extra', NULL, 'x', 'y', :f)",
        p=position,
        f=False,
    )


def insert(_position: int, _column: str) -> None:
    """Add an entry behind the last one, hash and all, as somebody without the head would."""
    run(
        "INSERT INTO audit_entries SELECT position + 1, at, actor, action, subject, digests, hash,"
        " 'x' || substr(hash, 2) FROM audit_entries WHERE position = :p",
        p=LENGTH + 1,
    )


def reorder(position: int, _column: str) -> None:
    other = position % LENGTH + 1
    for column in ("action", "subject", "actor", "at", "digests"):
        run(
            f"UPDATE audit_entries SET {column} = (SELECT {column} FROM audit_entries WHERE"
            " position = :o) WHERE position = :p",
            p=position,
            o=other,
        )


def cut_the_end(position: int, column: str) -> None:
    for last in range(position, LENGTH + 2):
        delete(last, column)


TAMPERS = (
    flip_column,
    delete,
    delete_value,
    flip_value,
    blank_value,
    add_value,
    insert,
    reorder,
    cut_the_end,
)


@pytest.fixture
def chain(app: Flask) -> Flask:
    fill()
    return app


def found_out(tamper: object, position: int, column: str) -> bool:
    """Do it, look, undo it."""
    db.session.rollback()
    tamper(position, column)  # type: ignore[operator]
    db.session.expire_all()
    verdict = verify()
    db.session.rollback()
    return verdict.bad_position is not None


@given(
    tamper=st.sampled_from(TAMPERS),
    position=st.integers(1, LENGTH),
    column=st.sampled_from(COLUMNS),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_change_past_the_registry_is_found(
    chain: Flask, tamper: object, position: int, column: str
) -> None:
    if position == 3 and tamper in (flip_value, blank_value):
        position = 4
    assert found_out(tamper, position, column)


def test_an_untouched_chain_is_whole_erasing_included(chain: Flask) -> None:
    verdict = verify()

    assert (verdict.entries, verdict.bad_position) == (LENGTH + 1, None)


def test_the_first_bad_entry_is_named(chain: Flask) -> None:
    run("UPDATE audit_entries SET subject = 'thing:0' WHERE position IN (5, 9)")
    db.session.expire_all()

    assert verify().bad_position == 5


def test_a_head_moved_forward_or_back_is_found(chain: Flask) -> None:
    for statement in (
        "UPDATE audit_head SET position = position + 1",
        "UPDATE audit_head SET position = position - 1",
        "UPDATE audit_head SET hash = 'x'",
        "DELETE FROM audit_head",
    ):
        run(statement)
        db.session.expire_all()
        assert verify().bad_position is not None, statement
        db.session.rollback()
