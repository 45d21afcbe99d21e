"""Whether two organizations may become one, as far as matches go: not while both stand in one."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.cases.models import Case, Party
from registry.common.errors import DomainError
from registry.db import db
from registry.organizations.models import Organization


def refuse_two_sides_of_one_case(first: Organization, second: Organization) -> None:
    """Raise DomainError naming a match in which both organizations take part: merged, one side of
    it would vanish."""
    both = (
        select(Party.case_id)
        .where(Party.organization_id.in_((first.id, second.id)))
        .group_by(Party.case_id)
        .having(func.count() > 1)
    )
    case = db.session.scalar(select(Case).where(Case.id.in_(both)).order_by(Case.number).limit(1))
    if case is not None:
        raise DomainError(
            _(
                "統合できません。マッチング %(label)s で、二つの登録が相手どうしになっています。"
                "同じ企業・団体なら、先にそのマッチングの当事者を直してください。",
                label=case.reference,
            )
        )
