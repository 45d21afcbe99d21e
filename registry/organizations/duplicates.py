"""Records that may be the same organization as the one being entered. Shown, never merged."""

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import select

from registry.common.folding import fold_name
from registry.common.identifiers import is_corporate_number, parse_corporate_number
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to

MOST = 5
NAMES_ALIKE = 90
"""Least likeness of two folded names, of 100, to be shown."""
ADDRESSES_ALIKE = 95


@dataclass(frozen=True)
class Draft:
    """What is known while typing."""

    name: str = ""
    kana: str = ""
    address: str = ""
    corporate_number: str = ""


@dataclass(frozen=True)
class Duplicate:
    """A record that may be meant. `reasons` among number, name, kana, address; `likeness` 0–100."""

    organization: Organization
    reasons: tuple[str, ...]
    likeness: float


def possible_duplicates(draft: Draft, *, viewer: Viewer, except_for: str = "") -> list[Duplicate]:
    """At most five visible records alike in number, folded name, reading or address.

    The most alike come first, equal ones by number. `except_for` is the public id of the record
    being edited.
    """
    number = _number(draft.corporate_number)
    name, kana = fold_name(draft.name)[:160] if draft.name.strip() else "", _plain(draft.kana)
    address = _plain(draft.address)
    if not (number or name or kana or address):
        return []
    rows = db.session.execute(
        visible_to(viewer)
        .with_only_columns(
            Organization.id,
            Organization.corporate_number,
            Organization.name_key,
            Organization.kana,
            Organization.address,
        )
        .where(Organization.public_id != except_for)
        .order_by(None)
        .order_by(Organization.number)
    )
    found: list[tuple[float, int, tuple[str, ...]]] = []
    for row_id, other_number, other_name, other_kana, other_address in rows:
        alike = {
            "number": 100.0 if number and number == other_number else 0.0,
            "name": _likeness(name, other_name, NAMES_ALIKE),
            "kana": _likeness(kana, _plain(other_kana), NAMES_ALIKE),
            "address": _likeness(address, _plain(other_address), ADDRESSES_ALIKE),
        }
        reasons = tuple(reason for reason, likeness in alike.items() if likeness)
        if reasons:
            found.append((sum(alike.values()), row_id, reasons))
    found.sort(key=lambda entry: -entry[0])
    return _with_rows(found[:MOST])


def _with_rows(found: list[tuple[float, int, tuple[str, ...]]]) -> list[Duplicate]:
    ids = [row_id for _sum, row_id, _reasons in found]
    rows = {
        row.id: row
        for row in db.session.scalars(select(Organization).where(Organization.id.in_(ids)))
    }
    return [
        Duplicate(rows[row_id], reasons, total / len(reasons)) for total, row_id, reasons in found
    ]


def _likeness(mine: str, other: str, cutoff: int) -> float:
    """0 below the cutoff or when either is empty."""
    if not mine or not other:
        return 0.0
    return float(fuzz.ratio(mine, other, score_cutoff=cutoff))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "")[:200].split())


def _number(text: str) -> str:
    return parse_corporate_number(text) if is_corporate_number(text) else ""
