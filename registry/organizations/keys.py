"""The keys kept of organizations in the database, and candidates found by them."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, Select, delete, event, func, insert, or_, select

from registry.db import db
from registry.organizations.identity import Keys, keys_of
from registry.organizations.identity.register import blocks_of
from registry.organizations.identity_models import IdentityCheck, IdentityKey
from registry.organizations.known import facts_by_id
from registry.organizations.models import Contact, FormerNumber, Organization

MOST = 2000
"""So many candidates are looked at for one record; crowded keys are cut off here."""
UNCHECKED = 300
"""So many records without fresh keys are looked at directly; the worker makes the keys."""


def stored_blocks(keys: Keys) -> list[str]:
    """The keys kept of a record: those two of one organization share, and both ends of its name,
    one of which a slip of the pen leaves whole."""
    return sorted({block[:300] for block in (*blocks_of(keys), *_ends(keys))})


def _ends(keys: Keys) -> Iterator[str]:
    name = keys.name.loose if keys.name else ""
    if len(name) >= 3:
        # A name of one letter more or less has ends of the same lengths or of one more.
        for length in {len(name) // 2, (len(name) + 1) // 2}:
            yield f"h{name[:length]}"
            yield f"t{name[-length:]}"


def refresh_keys(ids: Collection[int], *, checked: bool = False) -> dict[int, Keys]:
    """Write the keys of these organizations anew; returns them by row number.

    `checked` says that their pairs are made as well; without it the worker still makes them.
    """
    found = {ref: keys_of(facts) for ref, facts in facts_by_id(ids).items()}
    forget_keys(found)
    rows = [
        {"organization_id": ref, "block": block}
        for ref, keys in found.items()
        for block in stored_blocks(keys)
    ]
    if rows:
        db.session.execute(insert(IdentityKey), rows)
    if found and checked:
        versions = db.session.execute(
            select(Organization.id, Organization.version).where(Organization.id.in_(found))
        )
        checks = [{"organization_id": ref, "version": version} for ref, version in versions]
        db.session.execute(insert(IdentityCheck), checks)
    return found


def forget_keys(ids: Collection[int]) -> None:
    """Drop what is kept of these organizations; the worker makes it anew."""
    for table in (IdentityKey, IdentityCheck):
        db.session.execute(
            delete(table)
            .where(table.organization_id.in_(list(ids)))
            .execution_options(synchronize_session=False)
        )


def unchecked() -> Select[int]:
    """Statement of the row numbers whose keys are missing or older than the record."""
    return (
        select(Organization.id)
        .outerjoin(IdentityCheck, IdentityCheck.organization_id == Organization.id)
        .where(
            or_(
                IdentityCheck.organization_id.is_(None),
                IdentityCheck.version != Organization.version,
            )
        )
        .order_by(Organization.id.desc())
    )


def count_unchecked() -> int:
    """How many organizations wait for their keys."""
    return (
        db.session.scalar(select(func.count()).select_from(unchecked().order_by(None).subquery()))
        or 0
    )


def candidates(keys: Keys, visible: Select[Organization]) -> list[Organization]:
    """Records of the statement that share a key with these, or have no fresh keys yet."""
    blocks = stored_blocks(keys)
    sharing = (
        select(IdentityKey.organization_id)
        .where(IdentityKey.block.in_(blocks))
        .group_by(IdentityKey.organization_id)
        .order_by(func.count().desc(), IdentityKey.organization_id)
        .limit(MOST)
    )
    ids = set(db.session.scalars(sharing)) | set(db.session.scalars(unchecked().limit(UNCHECKED)))
    found: list[Organization] = []
    for part in parts(sorted(ids)):
        found += db.session.scalars(visible.where(Organization.id.in_(part)))
    return found


def parts(ids: list[int], size: int = 500) -> Iterable[list[int]]:
    """A long list in pieces that a statement can take."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


@event.listens_for(Contact, "after_insert")
@event.listens_for(Contact, "after_update")
@event.listens_for(Contact, "after_delete")
@event.listens_for(FormerNumber, "after_insert")
@event.listens_for(FormerNumber, "after_update")
@event.listens_for(FormerNumber, "after_delete")
def _ask_for_keys(_mapper: object, connection: Connection, row: Contact | FormerNumber) -> None:
    """A contact or a number changed: the organization's keys are no longer fresh."""
    connection.execute(
        delete(IdentityCheck).where(IdentityCheck.organization_id == row.organization_id)
    )
