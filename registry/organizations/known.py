"""The organizations as the identity rules see them, and the keys kept of them in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import Row, Select, select

from registry.db import db
from registry.organizations.identity import Facts, Register
from registry.organizations.models import Contact, FormerNumber, Organization

CHUNK = 500
"""So many rows are asked for at once."""


def facts_of(organization: Organization) -> Facts:
    """What is known of one organization, contacts included: for staff's eyes."""
    return facts_by_id([organization.id])[organization.id]


def facts_by_id(ids: Collection[int] | None = None) -> dict[int, Facts]:
    """What is known of these organizations (of all without ids), by row number, in their order."""
    if ids is None:
        return dict(_facts(None))
    found: dict[int, Facts] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        found.update(_facts(ordered[start : start + CHUNK]))
    return found


def register_of_all() -> Register[int]:
    """Every organization in memory, by row number: for comparing many rows at once."""
    register: Register[int] = Register()
    for ref, facts in _facts(None):
        register.add(ref, facts)
    return register


def public_facts(row: Organization) -> Facts:
    """What anybody may know: no contacts, no sole proprietor's numbers and address."""
    return Facts(
        name=row.name,
        name_en=row.name_en,
        kana=row.kana,
        corporate_number=row.corporate_number,
        municipality=row.municipality,
        address=row.address if row.corporate_number else "",
        website=row.website,
    )


def _facts(ids: Collection[int] | None) -> Iterator[tuple[int, Facts]]:
    formers = _several(select(FormerNumber.organization_id, FormerNumber.number), ids)
    contacts = _several(select(Contact.organization_id, Contact.email, Contact.phone), ids)
    statement = select(
        Organization.id,
        Organization.name,
        Organization.name_en,
        Organization.kana,
        Organization.corporate_number,
        Organization.invoice_number,
        Organization.municipality,
        Organization.address,
        Organization.website,
    ).order_by(Organization.id)
    if ids is not None:
        statement = statement.where(Organization.id.in_(ids))
    for row in db.session.execute(statement):
        people = contacts.get(row.id, ())
        yield (
            row.id,
            Facts(
                name=row.name,
                name_en=row.name_en,
                kana=row.kana,
                corporate_number=row.corporate_number,
                former_numbers=tuple(former.number for former in formers.get(row.id, ())),
                invoice_number=row.invoice_number,
                municipality=row.municipality,
                address=row.address,
                website=row.website,
                emails=tuple(person.email for person in people if person.email),
                phones=tuple(person.phone for person in people if person.phone),
            ),
        )


def _several(
    statement: Select[*tuple[object, ...]], ids: Collection[int] | None
) -> dict[int, list[Row[*tuple[object, ...]]]]:
    """Rows by their organization."""
    if ids is not None:
        statement = statement.where(statement.selected_columns.organization_id.in_(ids))
    found = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.organization_id].append(row)
    return found
