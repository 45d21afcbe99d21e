"""Who gets an enquiry: rules that the office keeps as rows, tried in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.common.errors import Conflict, DomainError, NotFound
from registry.common.roles import STAFF, Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.intake.models import Enquiry, EnquiryKind, RoutingRule
from registry.programs.models import Program

DAYS = 5
"""Business days until an answer is due where no rule says otherwise."""


@dataclass(frozen=True)
class RuleWish:
    """A rule as the office wants it; conditions left empty fit everything."""

    program: Program | None
    topic: str
    kind: EnquiryKind | None
    desk: str
    handler: User | None
    days: int
    position: int

    def values(self) -> dict[str, Any]:
        """Column values."""
        return {
            "program_id": self.program.id if self.program else None,
            "topic": self.topic,
            "kind": self.kind,
            "desk": self.desk.strip(),
            "handler_id": self.handler.id if self.handler else None,
            "days": self.days,
            "position": self.position,
        }


def rules() -> list[RoutingRule]:
    """All rules, in the order in which they are tried; those switched off stand last."""
    order = (RoutingRule.is_active.desc(), RoutingRule.position, RoutingRule.id)
    return list(db.session.scalars(select(RoutingRule).order_by(*order)))


def get_rule(public_id: str) -> RoutingRule:
    """The rule of that id. Raises NotFound."""
    row = db.session.scalar(select(RoutingRule).where(RoutingRule.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def next_position() -> int:
    """The place after the last rule."""
    return (db.session.scalar(select(func.max(RoutingRule.position))) or 0) + 1


def first_fitting(enquiry: Enquiry, among: Sequence[RoutingRule]) -> RoutingRule | None:
    """The first rule in force whose conditions all fit, or None."""
    return next((rule for rule in among if rule.is_active and _fits(rule, enquiry)), None)


def _fits(rule: RoutingRule, enquiry: Enquiry) -> bool:
    return (
        rule.program_id in (None, enquiry.program_id)
        and rule.topic in ("", enquiry.topic)
        and rule.kind in (None, enquiry.kind)
    )


def handlers() -> list[User]:
    """Who may be given an enquiry: active staff and operators of programs, by name."""
    roles = STAFF | {Role.OPERATOR}
    statement = select(User).where(User.role.in_(roles), User.active)
    return list(db.session.scalars(statement.order_by(User.name, User.id)))


def save_rule(
    rule: RoutingRule | None, wish: RuleWish, *, version: int | None = None, viewer: Viewer
) -> RoutingRule:
    """Make a rule, or write it anew. Raises DomainError when it leads nowhere, Conflict when
    somebody else was faster."""
    if not wish.desk.strip() and wish.handler is None:
        raise DomainError(_("窓口か担当のどちらかを決めてください。"), field="desk")
    if rule is not None and version is not None and version != rule.version:
        raise Conflict(
            _("この規則は、開いてからの間に、ほかの人が変更しました。"),
            version=rule.version,
            fields=(),
        )
    if rule is None:
        rule = RoutingRule(**wish.values())
        db.session.add(rule)
        db.session.flush()
        changes: Any = {name: (None, value) for name, value in wish.values().items() if value}
    else:
        changes = apply(rule, wish.values())
        db.session.flush()
    if changes:
        _log(rule, "rule.changed", viewer, changes)
    return rule


def switch_rule(rule: RoutingRule, *, viewer: Viewer) -> bool:
    """Take a rule out of force, or put it back. Return whether it is in force now."""
    changes = apply(rule, {"is_active": not rule.is_active})
    _log(rule, "rule.changed", viewer, changes)
    return rule.is_active


def _log(rule: RoutingRule, action: str, viewer: Viewer, changes: Any) -> None:
    record(actor=viewer, action=action, subject=f"rule:{rule.public_id}", changes=changes)
