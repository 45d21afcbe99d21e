"""Merging two records and giving the merged one back."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Enum, Table, insert, select, update

from registry.canonical import dump_lines
from registry.common.errors import Conflict, DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, transaction
from registry.organizations import contacts, service
from registry.organizations.contacts import ContactCard
from registry.organizations.identity_models import DuplicateDecision, Merge, PairState
from registry.organizations.merges import survivor_of
from registry.organizations.merging import GROUPS, MergeWish, merge_organizations
from registry.organizations.models import Consent, ConsentWay, FormerNumber, Organization
from registry.organizations.moving import is_derived, references_to
from registry.organizations.profile import Profile
from registry.organizations.queries import (
    next_organization_number,
    organization_by_corporate_number,
)
from registry.organizations.unmerging import Undone, undo_merge
from tests.conftest import TODAY
from tests.factories.cases import make_case, make_encounter, make_introduced_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

NUMBER, OTHER_NUMBER, THIRD_NUMBER = "4000012090001", "4011001098993", "5050005005266"


def merge(survivor: Organization, merged: Organization, *groups: str) -> Merge:
    with transaction():
        wish = MergeWish(survivor, merged, frozenset(groups))
        return merge_organizations(wish, viewer=SYSTEM, today=TODAY)


def undo(one: Merge) -> Undone:
    with transaction():
        return undo_merge(one, viewer=SYSTEM)


def dump() -> list[str]:
    db.session.rollback()
    return list(dump_lines())


def two_rich_records() -> tuple[Organization, Organization]:
    """Two records of one firm, with all kinds of records round them, some of them twice."""
    stays = make_organization(name="株式会社川崎精機", corporate_number=NUMBER, employees=40)
    goes = make_organization(
        name="川崎精機（株）",
        kana="カワサキセイキ",
        corporate_number=OTHER_NUMBER,
        address="上小田中4-1-1",
        referred_by_id=stays.id,
    )
    third = make_organization(name="相手の会社", referred_by_id=goes.id)
    make_member(goes)
    make_member(stays)
    make_introduced_case(need=make_need(organization=goes), seed=make_seed(organization=third))
    make_need(organization=stays)
    make_encounter(goes, stays, third)
    make_encounter(goes)
    with transaction():
        stays.referred_by_id = goes.id
        contacts.add_contact(
            goes, ContactCard("佐藤", email="sato@kawasaki.example"), viewer=SYSTEM
        )
        db.session.add_all(
            [
                Consent(
                    organization_id=goes.id,
                    about="公開",
                    given_by="佐藤",
                    way=ConsentWay.PAPER,
                    given_on=TODAY,
                ),
                FormerNumber(organization_id=goes.id, number=THIRD_NUMBER, since=TODAY),
                *(
                    DuplicateDecision(
                        first_id=one.id,
                        second_id=other.id,
                        state=PairState.LATER,
                        fingerprint="x",
                        decided_on=TODAY,
                    )
                    for one, other in ((stays, goes), (goes, third))
                ),
            ]
        )
    return stays, goes


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(groups=st.sets(st.sampled_from(sorted(GROUPS))), swapped=st.booleans())
def test_merge_then_undo_gives_the_identical_dump(
    app: Flask, groups: set[str], swapped: bool
) -> None:
    from tests.conftest import _empty_tables

    db.session.rollback()
    _empty_tables()
    stays, goes = two_rich_records()
    if swapped:
        stays, goes = goes, stays
    before = dump()

    done = merge(stays, goes, *groups)
    between = dump()
    undone = undo(done)

    assert dump() == before
    assert between != before
    assert undone.notes == []


def test_all_that_pointed_to_the_merged_record_belongs_to_the_survivor(app: Flask) -> None:
    stays, goes = two_rich_records()
    old_id, old_public_id, survivor_id = goes.id, goes.public_id, stays.id

    done = merge(stays, goes, "kana", "address")

    for column in references_to(db.metadata.tables["organizations"]):
        pointing = db.session.scalar(select(column).where(column == old_id).limit(1))
        assert pointing is None, column
    survivor = db.session.get(Organization, survivor_id)
    assert survivor is not None
    assert (survivor.name, survivor.kana, survivor.address) == (
        "株式会社川崎精機",
        "カワサキセイキ",
        "上小田中4-1-1",
    )
    assert survivor.referred_by_id is None
    assert [contact.name for contact in survivor.contacts] == ["佐藤"]
    assert survivor_of(old_public_id) == survivor.public_id
    assert organization_by_corporate_number(OTHER_NUMBER) is survivor
    assert organization_by_corporate_number(THIRD_NUMBER) is survivor
    assert next_organization_number() > done.merged_number


def test_every_foreign_key_to_organizations_is_moved_and_given_back(app: Flask) -> None:
    """Also those of tables that come later: one row is made for each."""
    stays, goes = make_organization(), make_organization()
    columns = [
        column
        for column in references_to(db.metadata.tables["organizations"])
        if not is_derived(_table(column)) and _table(column).name != "organizations"
    ]
    assert len(columns) >= 10
    with transaction():
        maker = RowMaker(goes.id)
        for column in columns:
            maker.make(_table(column), {column.name: goes.id})
    before = dump()

    done = merge(stays, goes)
    moved = {(step["table"], step["column"]) for step in done.steps if step["do"] == "point"}
    undo(done)

    assert {(column.table.name, column.name) for column in columns} <= moved
    assert dump() == before


def _table(column: Column[Any]) -> Table:
    assert isinstance(column.table, Table)
    return column.table


class RowMaker:
    """Makes a row of any table: what it needs, by the types of its columns."""

    def __init__(self, organization_id: int) -> None:
        self._numbers = count(9000)
        self._organization_id = organization_id

    def make(self, table: Table, given: dict[str, Any]) -> int | None:
        values = dict(given)
        for column in table.c:
            if column.name in values or (column.primary_key and not column.foreign_keys):
                continue
            if column.foreign_keys:
                if not column.nullable:
                    values[column.name] = self._parent(column)
            elif not column.nullable:
                default = getattr(column.default, "arg", None)
                plain = isinstance(default, (bool, int))
                values[column.name] = default if plain else self._value(column)
        result = db.session.execute(insert(table).values(values))
        return result.inserted_primary_key[0]  # type: ignore[attr-defined, no-any-return]

    def _parent(self, column: Column[Any]) -> Any:
        target = next(iter(column.foreign_keys)).column
        if target.table.name == "organizations":
            return make_plain_organization(next(self._numbers))
        return self.make(target.table, {})

    def _value(self, column: Column[Any]) -> Any:
        number = next(self._numbers)
        if isinstance(column.type, JSON):
            return {}
        if isinstance(column.type, Enum):
            enum = column.type.enum_class
            return next(iter(enum)) if enum else column.type.enums[0]
        wanted = getattr(column.type, "impl_instance", column.type).python_type
        makers: dict[type, Callable[[], Any]] = {
            bool: lambda: False,
            int: lambda: number,
            float: lambda: 1.0,
            Decimal: lambda: Decimal(1),
            dt.datetime: lambda: (
                dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
            ),
            dt.date: lambda: TODAY,
            dt.time: lambda: dt.time(number % 24, number % 60),
            bytes: lambda: b"",
        }
        length = getattr(column.type, "length", None) or 30
        return makers[wanted]() if wanted in makers else str(number)[:length]


def make_plain_organization(number: int) -> int:
    row = Organization(number=number, kind="company", name=f"x{number}", state="draft")
    db.session.add(row)
    db.session.flush()
    return row.id


def test_later_edits_stay_and_are_told(app: Flask) -> None:
    stays, goes = two_rich_records()
    done = merge(stays, goes, "kana", "address")
    survivor = db.session.get(Organization, stays.id)
    assert survivor is not None
    with transaction():
        service.change_organization(
            survivor,
            Profile(
                kind=survivor.kind, name=survivor.name, kana="アトカラ", address="上小田中4-1-1"
            ),
            version=None,
            viewer=SYSTEM,
        )
        contacts.add_contact(survivor, ContactCard("田中", phone="044-000-0000"), viewer=SYSTEM)
        other = make_plain_organization(8000)
        moved = survivor.contacts[0]
        db.session.execute(
            update(db.metadata.tables["contacts"])
            .where(db.metadata.tables["contacts"].c.id == moved.id)
            .values(organization_id=other)
        )

    undone = undo(done)

    survivor = db.session.get(Organization, stays.id)
    assert survivor is not None and survivor.kana == "アトカラ"
    assert survivor.address == ""
    assert [contact.name for contact in survivor.contacts] == ["田中"]
    text = " ".join(undone.notes)
    assert "フリガナ" in text and "所在地" not in text
    assert "1 件の記録" in text and "連絡先のひとつ" in text


def test_undoing_refuses_and_names_what_stands_in_the_way(app: Flask) -> None:
    stays, goes = two_rich_records()
    third = make_organization(name="三つめの登録")
    first = merge(stays, goes)
    second = merge(db.session.get_one(Organization, stays.id), third)

    with pytest.raises(DomainError, match="三つめの登録") as later:
        undo(first)
    assert later.value.field is None
    undo(second)
    with transaction():
        db.session.execute(
            update(FormerNumber.__table__)
            .where(FormerNumber.number == OTHER_NUMBER)
            .values(number="9")  # type: ignore[arg-type]
        )
        make_organization(name="番号を使う会社", corporate_number=OTHER_NUMBER)
    with pytest.raises(DomainError, match="番号を使う会社"):
        undo(first)
    with transaction():
        holder = organization_by_corporate_number(OTHER_NUMBER)
        assert holder is not None
        holder.corporate_number = None
    undo(first)
    with pytest.raises(DomainError, match="もう取り消されて"):
        undo(first)


def test_a_merge_is_refused_to_others_to_itself_and_when_both_stand_in_one_match(
    app: Flask,
) -> None:
    stays, goes = make_organization(), make_organization()
    member = Viewer(role=Role.MEMBER, user_id=1, organization_id=stays.id)
    with pytest.raises(NotAllowed), transaction():
        merge_organizations(MergeWish(stays, goes), viewer=member, today=TODAY)
    with pytest.raises(DomainError, match="同じ登録"):
        merge(stays, stays)
    wish = MergeWish(stays, goes, survivor_version=99)
    with pytest.raises(Conflict), transaction():
        merge_organizations(wish, viewer=SYSTEM, today=TODAY)
    case = make_case(need=make_need(organization=stays), seed=make_seed(organization=goes))
    with pytest.raises(DomainError, match=f"M-{case.number:04d}"):
        merge(stays, goes)
