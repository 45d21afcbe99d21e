"""Which organization of the registry a row of a file is: the one seam to the identity rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, func, select

from registry.db import db
from registry.exchange.batch import CLEAR, Batch
from registry.organizations.identity import Facts, Verdict
from registry.organizations.identity_words import reason_words, verdict_label
from registry.organizations.known import register_of_all
from registry.organizations.models import Contact, Organization

CHUNK = 5000
PROFILE = ("kind", "name", "kana", "name_en", "corporate_number", "industry", "capital_yen",
           "employees", "municipality", "address", "website", "summary", "summary_en",
           "source", "illustrative")  # fmt: skip
"""The columns that a row sets on a record."""

MOST_ASKED = 500
"""Records whose contacts one query asks for."""

Contacts = dict[int, list[Contact]]
"""Contacts by the row number of their organization."""
Candidates = list[tuple[str, str, str, str]]


@dataclass
class Known:
    """By the row's place: the record it is, and the records it may be (id, name, reasons, verdict)."""

    rows: dict[int, Row[Any]] = field(default_factory=dict)
    candidates: dict[int, Candidates] = field(default_factory=dict)
    by_public_id: dict[str, Row[Any]] = field(default_factory=dict)

    _contacts: Contacts = field(default_factory=dict)

    def contacts_of(self, number: int) -> list[Contact]:
        """The contacts of the record with that row number; those of all records known are read at
        once."""
        if number not in self._contacts:
            unread = {row.id for row in self.rows.values()} | {number}
            self._contacts |= contacts_by_owner(unread - self._contacts.keys())
        return self._contacts[number]


def contacts_by_owner(organization_ids: Iterable[int]) -> Contacts:
    """The contacts of organizations by their row numbers, each one's in the order of their making."""
    wanted = sorted(organization_ids)
    found: Contacts = {number: [] for number in wanted}
    for start in range(0, len(wanted), MOST_ASKED):
        statement = select(Contact).where(
            Contact.organization_id.in_(wanted[start : start + MOST_ASKED])
        )
        for contact in db.session.scalars(statement.order_by(Contact.id)):
            found[contact.organization_id].append(contact)
    return found


def find_known(batch: Batch, places: Sequence[int]) -> Known:
    """Look up the rows at those places: by public id, by corporate number, by a record that says
    all the row says, then by the rules of identity."""
    known = Known()
    if not db.session.scalar(select(func.count()).select_from(Organization)):
        return known
    left = _by_column(batch, places, "id", Organization.public_id, known)
    left = _by_column(batch, left, "corporate_number", Organization.corporate_number, known)
    left = _by_all_it_says(batch, left, known)
    if left:
        _by_identity(batch, left, known)
    return known


def _rows_where(column: Any, wanted: Iterable[Any]) -> list[Row[Any]]:
    """The stored columns of the records whose column is among the wanted."""
    values = sorted(set(wanted))
    found: list[Row[Any]] = []
    for start in range(0, len(values), CHUNK):
        statement = select(*_STORED).where(column.in_(values[start : start + CHUNK]))
        found.extend(db.session.execute(statement).all())
    return found


_STORED = [
    Organization.id,
    Organization.public_id,
    Organization.version,
    Organization.state,
    *(getattr(Organization, key) for key in PROFILE),
]


def _by_column(
    batch: Batch, places: Sequence[int], key: str, column: Any, known: Known
) -> list[int]:
    """Take the rows whose value names a record; return the rest."""
    if not batch.has(key):
        return list(places)
    values = batch.values[key]
    wanted = {values[place] for place in places if isinstance(values[place], str)}
    found = {getattr(row, column.key): row for row in _rows_where(column, wanted)}
    left = []
    for place in places:
        row = found.get(values[place]) if isinstance(values[place], str) else None
        if row is None:
            left.append(place)
        else:
            known.rows[place] = row
    return left


def _by_all_it_says(batch: Batch, places: Sequence[int], known: Known) -> list[int]:
    """Take the rows for which exactly one record of that name holds every value of the row: a file
    that was imported before. Return the rest."""
    by_name: dict[str, list[Row[Any]]] = {}
    names = batch.values["name"]
    for row in _rows_where(Organization.name, {names[place] for place in places}):
        by_name.setdefault(row.name, []).append(row)
    keys = [key for key in PROFILE if batch.has(key)]
    left = []
    for place in places:
        same = [
            row
            for row in by_name.get(names[place], ())
            if all(_says(row, key, batch.values[key][place]) for key in keys)
        ]
        if len(same) == 1:
            known.rows[place] = same[0]
        else:
            left.append(place)
    return left


def _says(row: Row[Any], key: str, value: Any) -> bool:
    return value is None or value is CLEAR or getattr(row, key) == value


def _by_identity(batch: Batch, places: Sequence[int], known: Known) -> None:
    """Ask the rules of identity: exactly one sure record is taken, others are shown."""
    register = register_of_all()
    matches = register.find_many([_facts(batch, place) for place in places])
    ids = {match.ref for found in matches for match in found}
    rows = {row.id: row for row in _rows_where(Organization.id, ids)}
    known.by_public_id.update((row.public_id, row) for row in rows.values())
    for place, found in zip(places, matches, strict=True):
        sure = [match for match in found if match.verdict is Verdict.SAME]
        if len(sure) == 1 and sure[0].ref in rows:
            known.rows[place] = rows[sure[0].ref]
        elif found:
            known.candidates[place] = [
                (
                    rows[match.ref].public_id,
                    rows[match.ref].name,
                    str(_("、")).join(map(str, reason_words(match.reasons))),
                    str(verdict_label(match.verdict)),
                )
                for match in found
                if match.ref in rows
            ]


def _facts(batch: Batch, place: int) -> Facts:
    def text(key: str) -> str:
        value = batch.get(key, place)
        return value if isinstance(value, str) else ""

    return Facts(
        name=text("name"),
        name_en=text("name_en"),
        kana=text("kana"),
        corporate_number=text("corporate_number") or None,
        municipality=text("municipality"),
        address=text("address"),
        website=text("website"),
        emails=(text("contact_email"),) if text("contact_email") else (),
        phones=(text("contact_phone"),) if text("contact_phone") else (),
    )
