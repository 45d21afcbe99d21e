"""Figures of an edition (来場者・報道など): what others counted, with source and estimate."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.events.locking import lock
from registry.events.models import Edition, EditionFigure, FigureKind
from registry.events.queries import may_run
from registry.events.writing import refuse_others
from registry.web.i18n import number

MOST = Decimal(10) ** 15


@dataclass(frozen=True)
class FigureWords:
    """A figure as it is written: `as_of` is the month of an estimate ("2016-12")."""

    kind: FigureKind
    value: Decimal
    approximate: bool = False
    as_of: str = ""
    note: str = ""
    source: str = ""

    def values(self) -> dict[str, object]:
        """Column values."""
        texts = {name: getattr(self, name).strip() for name in ("as_of", "note", "source")}
        return {
            "kind": self.kind,
            "value": self.value,
            "approximate": self.approximate,
            **texts,
        }


def write_figure(edition: Edition, words: FigureWords, *, viewer: Viewer) -> EditionFigure:
    """A new figure. Raises DomainError where one of that kind stands."""
    refuse_others(edition.event, viewer)
    lock(edition)
    _check(words)
    _refuse_second(edition, words.kind)
    figure = EditionFigure(edition_id=edition.id, **words.values())
    db.session.add(figure)
    db.session.flush()
    _log(figure, "figure.written", viewer, {n: (None, v) for n, v in words.values().items() if v})
    return figure


def correct_figure(
    figure: EditionFigure, words: FigureWords, *, version: int | None, viewer: Viewer
) -> None:
    """Correct a figure; the log keeps what it was. Raises Conflict when somebody was faster."""
    refuse_others(figure.edition.event, viewer)
    lock(figure)
    if version is not None and version != figure.version:
        raise Conflict(
            _("この数値は、開いてからの間に、ほかの人が変更しました。"),
            version=figure.version,
            fields=(
                ConflictField("value", _("値"), number(figure.value)),
                ConflictField("source", _("出典"), figure.source),
            ),
        )
    _check(words)
    if words.kind is not figure.kind:
        _refuse_second(figure.edition, words.kind)
    changes = apply(figure, words.values())
    db.session.flush()
    if changes:
        _log(figure, "figure.corrected", viewer, changes)


def remove_figure(figure: EditionFigure, *, reason: str, viewer: Viewer) -> None:
    """Delete a wrong figure; the log keeps what it was. Raises DomainError without reason."""
    refuse_others(figure.edition.event, viewer)
    if not reason.strip():
        raise DomainError(_("消す理由を入力してください。"), field="reason")
    changes: dict[str, Change] = {
        "reason": (None, reason.strip()),
        "kind": (figure.kind, None),
        "value": (figure.value, None),
        "source": (figure.source or None, None),
    }
    _log(figure, "figure.deleted", viewer, changes)
    db.session.delete(figure)
    db.session.flush()


def get_figure(public_id: str, viewer: Viewer) -> EditionFigure:
    """The figure of that id, at an event that the viewer runs. Raises NotFound."""
    found = db.session.scalar(select(EditionFigure).where(EditionFigure.public_id == public_id))
    if found is None or not may_run(found.edition.event, viewer):
        raise NotFound
    return found


def _check(words: FigureWords) -> None:
    if not 0 <= words.value <= MOST:
        raise DomainError(_("値は 0 以上の数にしてください。"), field="value")
    if words.as_of and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", words.as_of):
        raise DomainError(_("月として読めません。例：2016年12月"), field="as_of")


def _refuse_second(edition: Edition, kind: FigureKind) -> None:
    same = select(EditionFigure.id).where(
        EditionFigure.edition_id == edition.id, EditionFigure.kind == kind
    )
    if db.session.scalar(same) is not None:
        raise DomainError(
            _("この種類の数値は、もう記録されています。そちらを直してください。"), field="kind"
        )


def _log(figure: EditionFigure, action: str, viewer: Viewer, changes: Mapping[str, Change]) -> None:
    record(actor=viewer, action=action, subject=f"figure:{figure.public_id}", changes=changes)
