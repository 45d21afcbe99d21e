"""Verification (検証): comments of the committee and notes of hearings and visits, by code and year.

Evaluators and staff write; a writer changes his own words while they are not published; staff
publish, withdraw and answer. Published remarks are read by all.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed, NotFound
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.codes import Code, parse_code
from registry.policy.models import PolicyCode, Remark, RemarkKind


@dataclass(frozen=True)
class RemarkWords:
    """What a remark says: of which fiscal year, of what sort, when it was held, and its words."""

    fiscal_year: int
    kind: RemarkKind
    held_on: date | None
    body: str


@dataclass(frozen=True)
class RemarkFilter:
    """What a list of remarks is narrowed to; empty means all. `state`: published, open, unanswered."""

    year: int | None = None
    kind: RemarkKind | None = None
    state: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.year or self.kind or self.state)


def visible_to(viewer: Viewer) -> Select[Remark]:
    """Statement of the remarks a viewer may read, newest year first: published ones, one's own,
    and for staff and evaluators all."""
    statement = (
        select(Remark)
        .options(joinedload(Remark.policy_code), joinedload(Remark.author))
        .order_by(Remark.fiscal_year.desc(), Remark.held_on.desc().nulls_last(), Remark.id)
    )
    if viewer.may("policy.remark"):
        return statement
    return statement.where(Remark.published)


def remarks(wanted: RemarkFilter, viewer: Viewer) -> Select[Remark]:
    """Statement of the remarks that fit, for paging."""
    statement = visible_to(viewer)
    if wanted.year:
        statement = statement.where(Remark.fiscal_year == wanted.year)
    if wanted.kind:
        statement = statement.where(Remark.kind == wanted.kind)
    if wanted.state == "published":
        statement = statement.where(Remark.published)
    elif wanted.state == "open":
        statement = statement.where(~Remark.published)
    elif wanted.state == "unanswered":
        statement = statement.where(Remark.feedback == "")
    return statement


def remarks_on(code: Code, viewer: Viewer) -> list[Remark]:
    """The remarks on a code, in any plan, and on all below it."""
    return [row for row in db.session.scalars(visible_to(viewer)) if _code(row).is_within(code)]


def published_of(year: FiscalYear) -> list[Remark]:
    """The published remarks of a fiscal year, by code."""
    statement = (
        select(Remark)
        .where(Remark.published, Remark.fiscal_year == year.year)
        .options(joinedload(Remark.policy_code))
    )
    return sorted(db.session.scalars(statement), key=lambda row: (_code(row), row.id))


def get_remark(public_id: str, viewer: Viewer) -> Remark:
    """One remark. Raises NotFound when absent or hidden."""
    row = db.session.scalar(visible_to(viewer).where(Remark.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def may_write(row: Remark, viewer: Viewer) -> bool:
    """Staff always; an evaluator his own, until it is published."""
    own = row.author_id is not None and row.author_id == viewer.user_id
    return viewer.is_staff or (viewer.may("policy.remark") and own and not row.published)


def write_remark(row: PolicyCode, words: RemarkWords, *, today: date, viewer: Viewer) -> Remark:
    """Note a remark on a code; it is not public yet."""
    _check(words, today)
    remark = Remark(
        policy_code_id=row.id,
        fiscal_year=words.fiscal_year,
        kind=words.kind,
        held_on=words.held_on,
        body=words.body,
        author_id=viewer.user_id,
    )
    db.session.add(remark)
    db.session.flush()
    changes: dict[str, Change] = {"body": (None, words.body), "year": (None, words.fiscal_year)}
    record(actor=viewer, action="remark.added", subject=_name(remark), changes=changes)
    return remark


def edit_remark(
    row: Remark, words: RemarkWords, *, version: int, today: date, viewer: Viewer
) -> Remark:
    """Change the words of a remark. Raises NotAllowed, Conflict."""
    _may(row, viewer)
    _check(words, today)
    if version != row.version:
        raise Conflict(
            _("この記録は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(ConflictField("body", _("内容"), row.body),),
        )
    values = {
        "fiscal_year": words.fiscal_year,
        "kind": words.kind,
        "held_on": words.held_on,
        "body": words.body,
    }
    if changes := apply(row, values):
        record(actor=viewer, action="remark.changed", subject=_name(row), changes=changes)
    db.session.flush()
    return row


def answer_remark(row: Remark, *, feedback: str, version: int, viewer: Viewer) -> Remark:
    """Say how the office took it up (反映)."""
    _staff(viewer)
    if version != row.version:
        raise Conflict(
            _("この記録は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(ConflictField("feedback", _("反映"), row.feedback),),
        )
    if changes := apply(row, {"feedback": feedback}):
        record(actor=viewer, action="remark.answered", subject=_name(row), changes=changes)
    db.session.flush()
    return row


def publish_remark(row: Remark, *, published: bool, viewer: Viewer) -> Remark:
    """Show a remark to all, or withdraw it."""
    _staff(viewer)
    if changes := apply(row, {"published": published}):
        action = "remark.published" if published else "remark.withdrawn"
        record(actor=viewer, action=action, subject=_name(row), changes=changes)
    db.session.flush()
    return row


def delete_remark(row: Remark, *, viewer: Viewer) -> None:
    """Take a remark away; its words stay in the log. A published one is withdrawn first."""
    _may(row, viewer)
    if row.published:
        raise DomainError(_("公開している意見は消せません。先に公開をやめてください。"))
    changes: dict[str, Change] = {"body": (row.body, None)}
    record(actor=viewer, action="remark.deleted", subject=_name(row), changes=changes)
    db.session.delete(row)
    db.session.flush()


def _check(words: RemarkWords, today: date) -> None:
    if words.held_on and words.held_on > today:
        raise DomainError(_("先の日付は記録できません。"), field="held_on")
    if words.fiscal_year > FiscalYear.of(today).year:
        raise DomainError(_("まだ始まっていない年度です。"), field="fiscal_year")


def _may(row: Remark, viewer: Viewer) -> None:
    if not may_write(row, viewer):
        raise NotAllowed(_("公開したもの、ほかの人が書いたものは、事務局だけが直せます。"))


def _staff(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise NotAllowed(_("事務局だけができます。"))


def _code(row: Remark) -> Code:
    return parse_code(row.policy_code.code)


def _name(row: Remark) -> str:
    return f"remark:{row.public_id}"
