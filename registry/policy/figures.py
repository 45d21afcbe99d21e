"""Targets and readings: recorded once, corrected with a reason, and taken back step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.queries import entries_of
from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.indicators import get_indicator
from registry.policy.models import Indicator, Reading, Target
from registry.policy.periods import Period
from registry.policy.typed import show_figure

Figure = Reading | Target
KINDS: Mapping[str, type[Reading] | type[Target]] = {"reading": Reading, "target": Target}
UNDOABLE = ("reading.corrected", "target.corrected")


@dataclass(frozen=True)
class FigureWords:
    """A figure as it was told."""

    value: Decimal
    approximate: bool = False
    note: str = ""
    source: str = ""


def get_figure(kind: str, public_id: str, viewer: Viewer) -> Figure:
    """A reading or target by its address. Raises NotFound."""
    model: Any = KINDS.get(kind)
    row = db.session.scalar(select(model).where(model.public_id == public_id)) if model else None
    if row is None:
        raise NotFound
    get_indicator(row.indicator.public_id, viewer)
    found: Figure = row
    return found


def kind_of(row: Figure) -> str:
    """ "reading" or "target"."""
    return "reading" if isinstance(row, Reading) else "target"


def readings_of(indicator: Indicator) -> list[Reading]:
    """What was read by hand, the newest period first."""
    statement = select(Reading).where(Reading.indicator_id == indicator.id)
    return list(db.session.scalars(statement.order_by(Reading.fiscal_year.desc(), Reading.period)))


def targets_of(indicator: Indicator) -> list[Target]:
    """The targets, the newest period first."""
    statement = select(Target).where(Target.indicator_id == indicator.id)
    return list(db.session.scalars(statement.order_by(Target.period.desc())))


def record_figure(
    model: type[Reading] | type[Target],
    indicator: Indicator,
    period: Period,
    words: FigureWords,
    *,
    viewer: Viewer,
) -> Figure:
    """Record a reading or target. Refused for a period of another sort or one that has a figure."""
    if period.type is not indicator.period_type:
        raise DomainError(_("期間の種類が、指標と合いません。"), field="period")
    known = select(model).where(model.indicator_id == indicator.id, model.period == period.text)
    if db.session.scalar(known) is not None:
        raise DomainError(
            _("この期間の数値は、もう記録されています。訂正してください。"), field="value"
        )
    row: Figure
    if model is Reading:
        row = Reading(
            indicator=indicator,
            period=period.text,
            fiscal_year=period.fiscal_year.year,
            value=words.value,
            approximate=words.approximate,
            note=words.note,
            source=words.source,
            recorded_by_id=viewer.user_id,
        )
    else:
        row = Target(
            indicator=indicator,
            period=period.text,
            value=words.value,
            approximate=words.approximate,
            source=words.source,
        )
    db.session.add(row)
    db.session.flush()
    kind = kind_of(row)
    changes: dict[str, Change] = {
        "value": (None, show_figure(row.value, approximate=row.approximate)),
        "period": (None, row.period),
    }
    record(actor=viewer, action=f"{kind}.recorded", subject=_name(row), changes=changes)
    return row


def correct_figure(
    row: Figure,
    words: FigureWords,
    *,
    reason: str,
    is_exact_now: bool,
    version: int,
    viewer: Viewer,
) -> Figure:
    """Put another figure in place, with the reason; the log keeps the old one.

    Refused when 約 was lost on the way: an estimate becomes exact only by saying so.
    """
    if version != row.version:
        raise Conflict(
            _("この数値は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(ConflictField("value", _("値"), show_figure(row.value)),),
        )
    if row.approximate and not words.approximate and not is_exact_now:
        raise DomainError(
            _(
                "「約」が外れています。正確な数が分かったときは、「正確な数に改めた」に印を付けてください。"
            ),
            field="approximate",
        )
    values: dict[str, Any] = {
        "value": words.value,
        "approximate": words.approximate,
        "source": words.source,
    }
    if isinstance(row, Reading):
        values["note"] = words.note
    changes = apply(row, values)
    if not changes:
        raise DomainError(_("何も変わっていません。"), field="value")
    changes["reason"] = (None, reason)
    record(actor=viewer, action=f"{kind_of(row)}.corrected", subject=_name(row), changes=changes)
    db.session.flush()
    return row


def undo_figure(row: Figure, *, version: int, viewer: Viewer) -> Figure | None:
    """Take the last step back: the figure before the last correction comes back; one that was never
    corrected is removed, and None returned."""
    if version != row.version:
        raise DomainError(_("この数値は、開いてからの間に、ほかの人が変更しました。"))
    kind, name = kind_of(row), _name(row)
    last = _last_correction(name)
    if last is None:
        changes: dict[str, Change] = {
            "value": (show_figure(row.value, approximate=row.approximate), None)
        }
        record(actor=viewer, action=f"{kind}.removed", subject=name, changes=changes)
        db.session.delete(row)
        db.session.flush()
        return None
    values = {field: _stored(field, text) for field, text in last.items() if field != "reason"}
    back = apply(row, values)
    record(actor=viewer, action=f"{kind}.undone", subject=name, changes=back)
    db.session.flush()
    return row


def _last_correction(subject: str) -> dict[str, str | None] | None:
    """What stood before the last correction that was not yet taken back, by field."""
    undone = 0
    for entry in entries_of(subject):
        if entry.action.endswith(".undone"):
            undone += 1
        elif entry.action in UNDOABLE:
            if not undone:
                return {value.field: value.before for value in entry.values}
            undone -= 1
    return None


def _stored(field: str, text: str | None) -> Any:
    if field == "value":
        return Decimal(text or 0)
    if field == "approximate":
        return text == "True"
    return text or ""


def _name(row: Figure) -> str:
    return f"{kind_of(row)}:{row.public_id}"
