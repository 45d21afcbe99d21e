"""Two records of one organization made one: values chosen one by one, all that points moved.

The merged record loses its row; what it was and what moved is kept, so that `unmerging` can give
it back. Its address leads to the survivor.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.identity_models import Merge
from registry.organizations.keys import refresh_keys
from registry.organizations.models import FormerNumber, Organization
from registry.organizations.moving import Mover, is_derived, references_to
from registry.organizations.service import refresh_search

GROUPS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "name": ("name",),
    "kana": ("kana",),
    "name_en": ("name_en",),
    "corporate_number": ("corporate_number",),
    "invoice_number": ("invoice_number", "invoice_status", "invoice_checked_on"),
    "industry": ("industry", "industry_revision"),
    "capital_yen": ("capital_yen",),
    "employees": ("employees",),
    "municipality": ("municipality",),
    "address": ("address",),
    "website": ("website",),
    "summary": ("summary",),
    "summary_en": ("summary_en",),
    "source": ("source",),
    "referred_by": ("referred_by_id",),
    "state": ("state", "state_reason", "submitted_at", "approved_on", "archived_on"),
}
"""What is chosen together, in the order shown; the group's name is its first column's, mostly."""
FOLDED = ("name_key", "search_text")
"""Columns made from the others."""

Guard = Callable[[Organization, Organization], None]
"""Raises DomainError when a room above cannot have these two be one."""


@dataclass(frozen=True)
class MergeWish:
    """Which record stays, which goes, from which of the two each group of values comes."""

    survivor: Organization
    merged: Organization
    from_merged: frozenset[str] = frozenset()
    survivor_version: int | None = None
    merged_version: int | None = None


def merge_organizations(wish: MergeWish, *, viewer: Viewer, today: date) -> Merge:
    """Make one record of two, in this transaction. Only staff may.

    Raises DomainError for one and the same record, Conflict when either changed meanwhile.
    """
    survivor, merged = wish.survivor, wish.merged
    _refuse(wish, viewer)
    mover = Mover()
    values = _chosen(wish)
    gone = {"name": merged.name, "number": merged.number, "public_id": merged.public_id}
    number = merged.corporate_number
    db.session.flush()
    try:
        mover.absorb(_table(), {"id": merged.id}, {"id": survivor.id})
    except IntegrityError as error:
        raise DomainError(
            _(
                "統合できません。二つの登録を結ぶ記録があります（面談など）。"
                "先にその記録を整理してください。"
            )
        ) from error
    db.session.expunge(merged)
    db.session.expire_all()
    changes = _set_values(survivor, values, mover)
    _keep_number(survivor, number, mover, today=today)
    merge = Merge(
        survivor_public_id=survivor.public_id,
        merged_public_id=gone["public_id"],
        merged_number=gone["number"],
        merged_name=gone["name"],
        steps=mover.steps,
        merged_by=viewer.public_id,
    )
    db.session.add(merge)
    db.session.flush()
    _log(survivor, merge, changes, viewer)
    refresh_keys([survivor.id])
    return merge


def what_would_move(merged: Organization) -> dict[str, int]:
    """How many rows of each table point to a record: table → count, without empty ones."""
    counts: Counter[str] = Counter()
    for column in references_to(_table()):
        table = column.table
        if isinstance(table, Table) and not is_derived(table):
            counts[table.name] += (
                db.session.scalar(
                    select(func.count()).select_from(table).where(column == merged.id)
                )
                or 0
            )
    return {name: count for name, count in sorted(counts.items()) if count}


def what_moved(merge: Merge) -> dict[str, int]:
    """How many rows of each table a merge moved or joined."""
    counts = Counter(
        step["table"]
        for step in merge.steps
        if step["do"] in ("point", "drop") and step["table"] != Organization.__tablename__
    )
    return dict(sorted(counts.items()))


def register_merge_guard(app: Flask, guard: Guard) -> None:
    """Have a room above asked before two records become one."""
    app.extensions.setdefault("musubi_merge_guards", []).append(guard)


def default_choices(survivor: Organization, merged: Organization) -> frozenset[str]:
    """The groups that the survivor does not know and the merged record does."""
    return frozenset(
        name
        for name, columns in GROUPS.items()
        if getattr(survivor, columns[0]) in (None, "")
        and getattr(merged, columns[0]) not in (None, "")
    )


def differing(survivor: Organization, merged: Organization) -> list[str]:
    """The groups in which the two differ."""
    return [
        name
        for name, columns in GROUPS.items()
        if any(getattr(survivor, column) != getattr(merged, column) for column in columns)
    ]


def _table() -> Table:
    table = Organization.__table__
    assert isinstance(table, Table)
    return table


def _refuse(wish: MergeWish, viewer: Viewer) -> None:
    survivor, merged = wish.survivor, wish.merged
    if not viewer.is_staff:
        raise NotAllowed(_("統合できるのは、事務局の担当者です。"))
    if survivor is merged:
        raise DomainError(_("同じ登録です。別の登録を選んでください。"))
    asked = ((survivor, wish.survivor_version), (merged, wish.merged_version))
    for row, version in asked:
        if version is not None and version != row.version:
            raise Conflict(
                _("開いている間に、どちらかの登録が変わりました。内容を見直してください。"),
                version=row.version,
            )
    for guard in current_app.extensions.get("musubi_merge_guards", ()):
        guard(survivor, merged)


def _chosen(wish: MergeWish) -> dict[str, Any]:
    """The values that the survivor takes over, by column."""
    return {
        column: getattr(wish.merged, column)
        for name in GROUPS
        if name in wish.from_merged
        for column in GROUPS[name]
        if not (column == "referred_by_id" and wish.merged.referred_by_id == wish.survivor.id)
    }


def _set_values(survivor: Organization, values: dict[str, Any], mover: Mover) -> dict[str, Change]:
    before = {name: getattr(survivor, name) for name in (*values, *FOLDED)}
    changes = apply(survivor, values)
    if changes:
        refresh_search(survivor)
    db.session.flush()
    mover.fields(before, {name: getattr(survivor, name) for name in before})
    return changes


def _keep_number(survivor: Organization, number: str | None, mover: Mover, *, today: date) -> None:
    """The number that is no longer any record's own leads to the survivor."""
    fields = mover.steps[-1]
    lost = {number, fields["before"].get("corporate_number")} - {survivor.corporate_number, None}
    for one in sorted(str(found) for found in lost):
        row = FormerNumber(
            organization_id=survivor.id, number=one, since=today, note=_("統合した登録の番号")
        )
        db.session.add(row)
        db.session.flush()
        table = FormerNumber.__table__
        assert isinstance(table, Table)
        mover.add(table, {"id": row.id, "public_id": row.public_id})


def _log(
    survivor: Organization, merge: Merge, changes: Mapping[str, Change], viewer: Viewer
) -> None:
    moved = [f"{table} {count}" for table, count in what_moved(merge).items()]
    named = f"{merge.merged_name} ({merge.merged_number})"
    record(
        actor=viewer,
        action="organization.merged",
        subject=f"organization:{survivor.public_id}",
        changes={**changes, "merged": (None, named), "moved": (None, moved)},
    )
    record(
        actor=viewer,
        action="organization.absorbed",
        subject=f"organization:{merge.merged_public_id}",
        changes={"survivor": (None, f"{survivor.name} ({survivor.number})")},
    )
