"""The list of cases (マッチング) as a file for staff; cases are not taken in from tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from registry.cases.labels import close_label, rung_label, stage_label
from registry.cases.listing_models import CaseListing, listings_in
from registry.cases.models import Case, Outcome
from registry.cases.outcomes import words_of
from registry.cases.queries import cases
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.filters import case_filter
from registry.exchange.kinds.encounter_columns import name_cell
from registry.exchange.verdicts import Verdict
from registry.listings.models import ListingKind

COLUMNS = (
    Column("id", "ID"),
    Column("reference", "番号"),
    Column("title", "件名"),
    Column("stage", "段階", writes=stage_label),
    Column("parties", "企業・団体"),
    Column("roles", "役割"),
    Column("needs", "ニーズ"),
    Column("seeds", "シーズ"),
    Column("program", "支援制度", writes=name_cell),
    Column("coordinator", "担当", writes=name_cell),
    Column("opened_on", "始めた日", cell="date"),
    Column("moved_on", "動いた日", cell="date"),
    Column("next_step", "次の一手"),
    Column("next_due", "期限の日", cell="date"),
    Column("outcomes", "成果", staff_only=True),
    Column("closed_on", "終わった日", cell="date"),
    Column("close_reason", "終わった理由", writes=lambda v: close_label(v) if v else ""),
)


def run(_batch: Batch, _context: Context) -> list[Verdict]:
    """Refuse: a match is made by people."""
    raise DomainError(_("マッチングは表から取り込めません。"))


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The cases on screen, the last moved first."""
    return cases(case_filter(asked), viewer).options(
        selectinload(Case.outcomes),
        joinedload(Case.need),
        joinedload(Case.seed),
        selectinload(Case.further).joinedload(CaseListing.listing),
    )


def values(found: Sequence[Case], viewer: Viewer) -> list[dict[str, Any]]:
    """What staff see of each in the list."""
    return [
        {
            "id": row.public_id,
            "reference": row.reference,
            "parties": [party.organization.name for party in row.parties],
            "roles": [party.role for party in row.parties if party.role],
            "needs": [one.reference for one in listings_in(row, ListingKind.NEED)],
            "seeds": [one.reference for one in listings_in(row, ListingKind.SEED)],
            "outcomes": [f"{one.on.isoformat()} {_told(one)}" for one in row.outcomes],
            **{
                key: getattr(row, key, None)
                for key in (c.key for c in COLUMNS)
                if hasattr(Case, key) and key not in ("id", "reference", "parties", "outcomes")
            },
        }
        for row in found
    ]


def _told(outcome: Outcome) -> str:
    """The rung, with what is known of it."""
    words = words_of(outcome)
    return f"{rung_label(outcome.rung)}（{words}）" if words else rung_label(outcome.rung)


KIND = Kind(
    code="cases",
    title=lambda: str(_l("マッチング")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("cases",),
    list_endpoint="cases.index",
    page_endpoint="cases.show",
    reads_permission="cases.work",
)
