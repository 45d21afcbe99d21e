"""Writing many organizations: inserts and updates in bulk, chained into the log, undoable."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from registry.audit.service import record_many
from registry.common import codelists
from registry.common.folding_many import fold_many, fold_names
from registry.db import db, new_public_id, next_number, now
from registry.exchange.batch import CLEAR, Batch
from registry.exchange.columns import Context, Effect
from registry.exchange.organizations_known import PROFILE, Known, contacts_by_owner
from registry.exchange.verdicts import CHANGED, NEW, Verdict
from registry.organizations.contacts import ContactCard, add_contact, change_contact
from registry.organizations.models import (
    Contact,
    Organization,
    OrganizationKind,
    OrganizationState,
)

State = OrganizationState
DEFAULTS: dict[str, Any] = {
    "kind": OrganizationKind.COMPANY,
    "corporate_number": None,
    "capital_yen": None,
    "employees": None,
    "illustrative": False,
}
CONTACT = ("name", "role", "email", "phone")
MAIN_LINE = "代表"
"""The name of a contact that a file gives only a telephone or an address of."""


def write(
    batch: Batch,
    verdicts: list[Verdict],
    known: Known,
    changes: dict[int, dict[str, tuple[Any, Any]]],
    context: Context,
) -> None:
    """Insert the new rows and update the changed ones; their contacts go through the room's
    service. New records are told in the import's own entry of the log, changes in one each."""
    new = [place for place, verdict in enumerate(verdicts) if verdict.verdict == NEW]
    _insert(batch, new, verdicts, context)
    context.progress(len(batch) * 9 // 10, len(batch))
    changed = [
        place
        for place, verdict in enumerate(verdicts)
        if verdict.verdict == CHANGED and changes.get(place)
    ]
    _update(changed, known, changes, context)
    _write_contacts(batch, [*new, *(p for p in known.rows)], verdicts, context)
    context.progress(len(batch), len(batch))


def _insert(batch: Batch, places: list[int], verdicts: list[Verdict], context: Context) -> None:
    if not places:
        return
    everything = len(places) == len(batch)
    columns: dict[str, list[Any]] = {}
    for key in PROFILE:
        default = DEFAULTS.get(key, "")
        found = batch.values.get(key)
        if found is None:
            columns[key] = [default] * len(places)
        else:
            chosen = found if everything else [found[place] for place in places]
            columns[key] = [default if v is None or v is CLEAR else v for v in chosen]
    at, first = now(), next_number(Organization.number)
    states = [
        value if isinstance(value := batch.get("state", place), State) else State.DRAFT
        for place in places
    ]
    ids = [new_public_id() for _place in places]
    keys, texts = search_of(columns)
    columns |= {
        "public_id": ids,
        "number": list(range(first, first + len(places))),
        "name_key": keys,
        "search_text": texts,
        "state": states,
        "submitted_at": [at if s is not State.DRAFT else None for s in states],
        "approved_on": [
            context.today if s in (State.APPROVED, State.ARCHIVED) else None for s in states
        ],
        "archived_on": [context.today if s is State.ARCHIVED else None for s in states],
    }
    same = {
        "industry_revision": codelists.JSIC_REVISION,
        "state_reason": "",
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }
    names = tuple(columns)
    rows = [
        {**dict(zip(names, row, strict=True)), **same}
        for row in zip(*columns.values(), strict=True)
    ]
    db.session.execute(insert(Organization), rows)
    for place, public_id in zip(places, ids, strict=True):
        verdicts[place].public_id = public_id
        context.effects.append(Effect("organizations", public_id, 1))


def search_of(columns: dict[str, list[Any]]) -> tuple[list[str], list[str]]:
    """Name keys and search texts of many records, as `organizations.service.refresh_search` writes
    them one by one."""
    keys = [key[:160] for key in fold_names(columns["name"])]
    words: dict[tuple[str, str], str] = {}
    for industry, place in set(zip(columns["industry"], columns["municipality"], strict=True)):
        words[industry, place] = "\n".join(fold_many(_words(industry, place)))
    folded = [
        fold_many(columns[key]) if any(columns[key]) else [""] * len(keys)
        for key in ("name", "kana", "name_en", "summary", "summary_en")
    ]
    numbers = [number or "" for number in columns["corporate_number"]]
    middle = [
        words[pair] for pair in zip(columns["industry"], columns["municipality"], strict=True)
    ]
    texts = [
        "\n".join(filter(None, parts))
        for parts in zip(*folded[:3], numbers, middle, *folded[3:], strict=True)
    ]
    return keys, texts


def _words(industry: str, place: str) -> list[str]:
    branch = codelists.industry(industry) if industry else None
    spot = codelists.municipality(place) if place else None
    return [
        *((branch.name_ja, branch.name_en) if branch else ()),
        *((spot.full_label("ja"), spot.full_label("en")) if spot else ()),
    ]


def _update(
    places: list[int],
    known: Known,
    changes: dict[int, dict[str, tuple[Any, Any]]],
    context: Context,
) -> None:
    if not places:
        return
    rows = [known.rows[place] for place in places]
    columns = {
        key: [
            changes[place][key][1] if key in changes[place] else getattr(row, key)
            for place, row in zip(places, rows, strict=True)
        ]
        for key in PROFILE
    }
    keys, texts = search_of(columns)
    columns |= {"name_key": keys, "search_text": texts, "row_id": [row.id for row in rows]}
    at, names = now(), tuple(columns)
    table = db.metadata.tables[Organization.__tablename__]
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values(
            **{
                name: bindparam(f"new_{name}", type_=table.c[name].type)
                for name in names
                if name != "row_id"
            },
            version=table.c.version + 1,
            updated_at=at,
        )
    )
    values = [
        {
            ("row_id" if name == "row_id" else f"new_{name}"): value
            for name, value in zip(names, row, strict=True)
        }
        for row in zip(*columns.values(), strict=True)
    ]
    db.session.connection().execute(statement, values)
    _after_update(rows)
    record_many(
        [
            ("organization.changed", f"organization:{row.public_id}", changes[place])
            for place, row in zip(places, rows, strict=True)
        ],
        actor=context.viewer,
    )
    for place, row in zip(places, rows, strict=True):
        was = {key: before for key, (before, _after) in changes[place].items()}
        context.effects.append(Effect("organizations", row.public_id, row.version + 1, was))


def _after_update(rows: list[Any]) -> None:
    """What is kept of a record beside it is made anew: the keys of identity, rows in memory."""
    from registry.organizations import known as identity

    db.session.expire_all()
    if forget := getattr(identity, "forget_keys", None):
        forget([row.id for row in rows])


def contact_changes(batch: Batch, place: int, row: Any, known: Known) -> list[tuple[str, str, str]]:
    """What the row would change of the organization's contact, in words."""
    card = _card(batch, place)
    if not card:
        return []
    stored = _contact_of(known.contacts_of(row.id), card.get("name", ""))
    found = []
    for part, value in card.items():
        before = getattr(stored, part) if stored else ""
        if value != before:
            found.append((f"contact_{part}", before, value))
    reachable = stored is not None or card.get("email") or card.get("phone")
    return found if reachable else []


def _card(batch: Batch, place: int) -> dict[str, str]:
    """The contact that a row gives."""
    found = {}
    for part in CONTACT:
        value = batch.get(f"contact_{part}", place)
        if isinstance(value, str) and value:
            found[part] = value
    return found


def _contact_of(contacts: Sequence[Contact], name: str) -> Contact | None:
    """Of an organization's contacts the one of that name; without a name its first."""
    return next((contact for contact in contacts if not name or contact.name == name), None)


def _write_contacts(
    batch: Batch, places: list[int], verdicts: list[Verdict], context: Context
) -> None:
    cards = {place: card for place in places if (card := _card(batch, place))}
    by_id: dict[str, list[int]] = defaultdict(list)
    for place in cards:
        by_id[verdicts[place].public_id].append(place)
    ids = sorted(by_id)
    for start in range(0, len(ids), 500):
        found = db.session.scalars(
            select(Organization).where(Organization.public_id.in_(ids[start : start + 500]))
        ).all()
        contacts = contacts_by_owner(organization.id for organization in found)
        for organization in found:
            for place in by_id[organization.public_id]:
                _write_contact(organization, contacts[organization.id], cards[place], context)


def _write_contact(
    organization: Organization, contacts: list[Contact], card: dict[str, str], context: Context
) -> None:
    stored = _contact_of(contacts, card.get("name", ""))
    if stored is None:
        if not card.get("email") and not card.get("phone"):
            return
        made = add_contact(
            organization, ContactCard(**{"name": MAIN_LINE, **card}), viewer=context.viewer
        )
        contacts.append(made)
        context.effects.append(Effect("contacts", made.public_id, made.version))
        return
    was = {part: getattr(stored, part) for part in (*CONTACT, "kana")}
    if all(was[part] == value for part, value in card.items()):
        return
    change_contact(stored, ContactCard(**{**was, **card}), version=None, viewer=context.viewer)
    context.effects.append(Effect("contacts", stored.public_id, stored.version, was))
