"""The table of support programs (支援制度) in the headers of GIF DS-451-4 行政サービス・制度."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from registry.common.errors import DomainError
from registry.common.folding import fold
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.batch import Batch
from registry.exchange.columns import Context, Kind
from registry.exchange.filters import program_filter
from registry.exchange.kinds import condition_cells
from registry.exchange.kinds.condition_cells import ConditionCell
from registry.exchange.kinds.program_columns import COLUMNS
from registry.exchange.plain import text_of
from registry.exchange.references import resolve_organizations, resolve_policy_codes
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict
from registry.places.sight import seen_of
from registry.programs import writing
from registry.programs.condition_service import add_condition, remove_condition
from registry.programs.life import way
from registry.programs.models import Program, ProgramState, Shape
from registry.programs.queries import programs
from registry.programs.writing import ProgramWish


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Make and correct programs."""
    return run_rows(batch, context, RULES)


def _prepare(batch: Batch, context: Context) -> None:
    resolve_policy_codes(batch)
    resolve_organizations(batch, context.viewer, "operator_organization")
    if batch.has("keywords"):
        batch.values["keywords"] = [
            list(value) if isinstance(value, (list, tuple)) else value
            for value in batch.values["keywords"]
        ]


def _find(batch: Batch, place: int, _context: Context) -> Program | None:
    """By id, by key; without either by the title, folded, where exactly one has it."""
    if public_id := text_of(batch, "id", place):
        row = db.session.scalar(select(Program).where(Program.public_id == public_id))
        if row is not None:
            return row
    if wanted := text_of(batch, "key", place):
        return db.session.scalar(select(Program).where(Program.key == wanted))
    title = fold(text_of(batch, "title", place))
    found = [
        row
        for row in db.session.scalars(select(Program).where(Program.search_text.contains(title)))
        if fold(row.title) == title
    ]
    return found[0] if len(found) == 1 else None


def stored(row: Program) -> dict[str, Any]:
    """What is stored of a program, by column."""
    return {
        **{key: getattr(row, key) for key in KEYS},
        "keywords": list(row.keywords or []),
        "conditions": condition_cells.of(row.conditions),
    }


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The room's columns of what a row gives."""
    values = {key: value for key, value in given.items() if key in KEYS and key != "state"}
    for key in ("policy_code", "operator_organization"):
        if key in values:
            row = values.pop(key)
            values[f"{key}_id"] = row.id if row else None
    return values


def _create(given: Mapping[str, Any], context: Context) -> Program:
    """A draft, written, with its conditions; then on to its state, by the steps of its life."""
    values = {"shape": Shape.ENROLMENT, **_values(given)}
    row = writing.create_program(ProgramWish(values), viewer=context.viewer)
    _write_conditions(row, given.get("conditions") or (), context)
    _move(row, given.get("state") or row.state, context)
    return row


def _change(
    row: Program, wanted: Mapping[str, Any], changed: Mapping[str, Any], context: Context
) -> None:
    if "key" in changed:
        raise DomainError(_("キーは変えられません。"), field="key")
    if values := _values(changed):
        wish = ProgramWish(values, tuple(row.tags))
        writing.change_program(row, wish, version=None, viewer=context.viewer)
    if "conditions" in changed:
        _write_conditions(row, wanted["conditions"], context)
    if "state" in changed:
        _move(row, wanted["state"], context)


def _move(row: Program, state: ProgramState, context: Context) -> None:
    if state is not row.state and not way(row.state, state):
        raise DomainError(_("いまの状態からは、この変更はできません。"), field="state")
    for step in way(row.state, state):
        try:
            writing.set_state(row, step, viewer=context.viewer)
        except DomainError as refusal:
            raise DomainError(refusal.message, field="state") from refusal


def _write_conditions(row: Program, wanted: Sequence[ConditionCell], context: Context) -> None:
    """Put these conditions in place: those that stand first in the same order stay."""
    found = condition_cells.of(row.conditions)
    same = 0
    while same < min(len(found), len(wanted)) and found[same] == wanted[same]:
        same += 1
    try:
        for place in range(len(found) - 1, same - 1, -1):
            remove_condition(row, place, viewer=context.viewer)
        for cell in wanted[same:]:
            limits = json.loads(cell.limits)
            add_condition(
                row, cell.kind, limits, rule=cell.rule, rule_en=cell.rule_en, viewer=context.viewer
            )
            db.session.refresh(row, ["conditions"])
    except DomainError as refusal:
        raise DomainError(refusal.message, field="conditions") from refusal


def _identity(batch: Batch, place: int) -> Any:
    return (
        text_of(batch, "id", place)
        or text_of(batch, "key", place)
        or fold(text_of(batch, "title", place))
    )


APART = ("id", "conditions")
KEYS = tuple(column.key for column in COLUMNS if column.key not in APART)
LISTS = ("keywords", "areas", "industries", "stages", "troubles", "service_kinds")
AMOUNTS = ("benefit_max_yen", "rate_max_percent", "loan_max_yen", "interest_max_percent")
RULES = Rules(
    find=_find,
    stored=stored,
    create=_create,
    change=_change,
    label=lambda batch, place: batch.text("title", place),
    prepare=_prepare,
    fields={"operator_name": "operator_organization", "name": "title"},
    relations=("conditions",),
    empties={
        **dict.fromkeys((*AMOUNTS, "policy_code", "operator_organization")),
        **{key: [] for key in LISTS},
        "conditions": (),
    },
    identity=_identity,
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The programs on screen, in the order of the policy tree."""
    return programs(program_filter(asked), viewer)


def values(found: Sequence[Program], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each; an operator whom the viewer may not see is left out."""
    runs = (row.operator_organization_id for row in found if row.operator_organization_id)
    seen = seen_of(runs, viewer)
    return [
        {
            "id": row.public_id,
            **stored(row),
            "operator_organization": row.operator_organization
            if row.operator_organization_id in seen
            else None,
        }
        for row in found
    ]


KIND = Kind(
    code="programs",
    title=lambda: str(_l("支援制度")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("programs", "conditions", "calls", "program_tags"),
    list_endpoint="programs.index",
    page_endpoint="programs.show",
    reads_permission="programs.read",
)
