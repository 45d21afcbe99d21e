"""A merge undone: the steps backwards. What was changed since stays, and is told."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.organizations.identity_models import Merge
from registry.organizations.identity_words import group_label, table_word
from registry.organizations.keys import refresh_keys
from registry.organizations.merges import later_merge_of, organization_of
from registry.organizations.merging import FOLDED, GROUPS
from registry.organizations.models import Organization
from registry.organizations.moving import Key, Step, at, is_derived, references_to
from registry.organizations.queries import next_organization_number
from registry.organizations.rows_kept import Values, bring_back, keep
from registry.organizations.service import refresh_search


@dataclass
class Undone:
    """What undoing gave back, and what it had to leave, in sentences."""

    organization: Organization
    notes: list[str] = field(default_factory=list)


def undo_merge(merge: Merge, *, viewer: Viewer) -> Undone:
    """Give back the merged record and all that pointed to it, in this transaction.

    Later edits of moved rows and of the survivor's values are kept and told. Raises DomainError
    naming what stands in the way: undone already, a later merge, a number in use elsewhere.
    """
    survivor = _refuse(merge, viewer)
    db.session.flush()
    undoing = _Undoing(merge, survivor)
    undoing.note_additions()
    try:
        for step in reversed(merge.steps):
            undoing.back(step)
        db.session.flush()
    except IntegrityError as error:
        raise DomainError(
            _(
                "統合を取り消せません。統合のあとに加わった記録とぶつかります（%(what)s）。"
                "先にその記録を整理してください。",
                what=table_word(undoing.at_work),
            )
        ) from error
    merge.undone_at, merge.undone_by = now(), viewer.public_id
    db.session.flush()
    db.session.expire_all()
    restored = organization_of(merge.merged_public_id)
    assert restored is not None
    _log(survivor, restored, viewer)
    refresh_keys([survivor.id, restored.id])
    return Undone(restored, undoing.notes)


def _refuse(merge: Merge, viewer: Viewer) -> Organization:
    if not viewer.is_staff:
        raise NotAllowed(_("統合を取り消せるのは、事務局の担当者です。"))
    if merge.undone_at is not None:
        raise DomainError(_("この統合は、もう取り消されています。"))
    survivor = organization_of(merge.survivor_public_id)
    later = later_merge_of(merge)
    if later is not None or survivor is None:
        raise DomainError(
            _(
                "先に、あとから行った「%(name)s」の統合を取り消してください。",
                name=later.merged_name if later else merge.merged_name,
            )
        )
    return survivor


class _Undoing:
    """Goes back over the steps of one merge."""

    def __init__(self, merge: Merge, survivor: Organization) -> None:
        self.merge, self.survivor = merge, survivor
        self.notes: list[str] = []
        self.at_work = Organization.__tablename__
        self._ids: dict[tuple[str, int], int] = {}
        """(table, row number then) → row number now, where the old number was given away."""

    def back(self, step: Step) -> None:
        """Undo one step."""
        table = db.metadata.tables[step.get("table", Organization.__tablename__)]
        self.at_work = table.name
        match step["do"]:
            case "fields":
                self._fields(step)
            case "add":
                self._remove(table, step)
            case "drop":
                self._restore(table, step)
            case "point":
                self._point_back(table, step)

    def note_additions(self) -> None:
        """Say how many rows were added to the survivor since; they stay with it."""
        added = 0
        for column in references_to(db.metadata.tables[Organization.__tablename__]):
            table = column.table
            if isinstance(table, Table) and "created_at" in table.c and not is_derived(table):
                added += (
                    db.session.scalar(
                        select(func.count())
                        .select_from(table)
                        .where(
                            column == self.survivor.id,
                            table.c.created_at > self.merge.merged_at,
                        )
                    )
                    or 0
                )
        if added:
            self.notes.append(
                _(
                    "統合のあとに加わった %(count)s 件の記録は「%(name)s」に残しました。",
                    count=added,
                    name=self.survivor.name,
                )
            )

    def _fields(self, step: Step) -> None:
        table = db.metadata.tables[Organization.__tablename__]
        before, after = bring_back(table, step["before"]), step["after"]
        current = keep({name: getattr(self.survivor, name) for name in after})
        later = [name for name in after if current[name] != after[name] and name not in FOLDED]
        groups = {name for name, columns in GROUPS.items() if set(columns) & set(later)}
        held = {column for name in groups for column in GROUPS[name]}
        self._refuse_taken_number(step)
        for name, value in before.items():
            if name not in held and name not in FOLDED:
                setattr(self.survivor, name, value)
        if held or any(current[name] != after[name] for name in FOLDED):
            refresh_search(self.survivor)
        else:
            for name in FOLDED:
                setattr(self.survivor, name, before[name])
        db.session.flush()
        if groups:
            self.notes.append(
                _(
                    "「%(name)s」の次の値は、統合のあとに変わったので、そのまま残しました：%(fields)s",
                    name=self.survivor.name,
                    fields=_("、").join(group_label(name) for name in GROUPS if name in groups),
                )
            )

    def _refuse_taken_number(self, step: Step) -> None:
        """Both records must get their corporate numbers back."""
        row = next(
            step["row"]
            for step in self.merge.steps
            if step["do"] == "drop"
            and step["table"] == Organization.__tablename__
            and step["row"]["public_id"] == self.merge.merged_public_id
        )
        for number in (row["corporate_number"], step["before"].get("corporate_number")):
            holder = number and db.session.scalar(
                select(Organization).where(
                    Organization.corporate_number == number, Organization.id != self.survivor.id
                )
            )
            if holder:
                raise DomainError(
                    _(
                        "統合を取り消せません。法人番号 %(number)s は、いま「%(name)s」に"
                        "登録されています。先にその番号を確かめてください。",
                        number=number,
                        name=holder.name,
                    )
                )

    def _remove(self, table: Table, step: Step) -> None:
        key = {"id": step["row"]["id"], "public_id": step["row"]["public_id"]}
        db.session.execute(delete(table).where(at(table, key)))

    def _restore(self, table: Table, step: Step) -> None:
        values = bring_back(table, step["row"])
        for column in table.c:
            if values.get(column.name) is not None:
                self._find_target(table, column.name, values)
        taken = "id" in values and db.session.scalar(
            select(table.c.id).where(table.c.id == values["id"])
        )
        if table.name == Organization.__tablename__:
            self._mind_number(table, values)
        if taken:
            old = values.pop("id")
            new = db.session.scalar(insert(table).values(values).returning(table.c.id))
            self._ids[table.name, old] = int(new or 0)
        else:
            db.session.execute(insert(table).values(values))

    def _mind_number(self, table: Table, values: Values) -> None:
        """A running number that was given away meanwhile is replaced by a new one."""
        if db.session.scalar(select(table.c.id).where(table.c.number == values["number"])):
            values["number"] = next_organization_number()
            self.notes.append(_("登録番号は %(number)s に変わりました。", number=values["number"]))

    def _find_target(self, table: Table, name: str, values: Values) -> None:
        """A row that is pointed to may have a new number, or be gone."""
        for key in table.c[name].foreign_keys:
            target = key.column.table
            value = self._ids.get((target.name, values[name]), values[name])
            values[name] = value
            own = table is target and value == values.get("id")
            if own or db.session.scalar(select(key.column).where(key.column == value)) is not None:
                continue
            if not table.c[name].nullable:
                raise DomainError(
                    _(
                        "統合を取り消せません。%(what)sが結びつく記録が、あとから消されています。",
                        what=table_word(table.name),
                    )
                )
            values[name] = None

    def _point_back(self, table: Table, step: Step) -> None:
        key: Key = {
            name: self._ids.get((table.name, value), value) if name == "id" else value
            for name, value in bring_back(table, step["key"]).items()
        }
        if step["name"]:
            key["public_id"] = step["name"]
        column = table.c[step["column"]]
        row = db.session.execute(select(table).where(at(table, key))).first()
        if row is None or row._mapping[column.name] != step["after"]:
            self.notes.append(
                _(
                    "%(what)sのひとつは、統合のあとに移されたか消されたので、そのままです。",
                    what=table_word(table.name),
                )
            )
            return
        values: dict[str, Any] = {column.name: step["before"]}
        self._find_target(table, column.name, values)
        same = {part.name: row._mapping[part.name] for part in table.c if part.onupdate is not None}
        db.session.execute(update(table).where(at(table, key)).values({**values, **same}))


def _log(survivor: Organization, restored: Organization, viewer: Viewer) -> None:
    named = f"{restored.name} ({restored.number})"
    record(
        actor=viewer,
        action="organization.unmerged",
        subject=f"organization:{survivor.public_id}",
        changes={"merged": (named, None)},
    )
    record(
        actor=viewer,
        action="organization.given_back",
        subject=f"organization:{restored.public_id}",
        changes={"survivor": (f"{survivor.name} ({survivor.number})", None)},
    )
