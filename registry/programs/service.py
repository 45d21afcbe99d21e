"""Recording what organizations have in a program, and correcting it."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.programs.labels import RESULTS
from registry.programs.models import Enrolment, EnrolmentResult, Program
from registry.programs.queries import may_operate, twins


@dataclass(frozen=True)
class EnrolmentRecord:
    """What is written about one enrolment. The amount is in yen."""

    organization: Organization
    fiscal_year: FiscalYear | None
    result: EnrolmentResult
    project: str = ""
    role: str = ""
    decided_on: date | None = None
    amount_yen: int | None = None

    def values(self) -> dict[str, object]:
        """The columns of an enrolment."""
        return {
            "organization_id": self.organization.id,
            "fiscal_year": self.fiscal_year.year if self.fiscal_year else None,
            "result": self.result,
            "project": self.project.strip(),
            "role": self.role.strip(),
            "decided_on": self.decided_on,
            "amount_yen": self.amount_yen,
        }


def record_enrolment(
    program: Program, wish: EnrolmentRecord, *, today: date, viewer: Viewer
) -> Enrolment:
    """Write down what an organization has in a program.

    Raises NotAllowed for anybody but staff and the program's operators, DomainError at the field
    that cannot stand.
    """
    refuse_others(program, viewer)
    _check(program, wish, today=today)
    enrolment = Enrolment(program_id=program.id, **wish.values())
    db.session.add(enrolment)
    db.session.flush()
    record(
        actor=viewer,
        action="enrolment.recorded",
        subject=f"enrolment:{enrolment.public_id}",
        changes={name: (None, value) for name, value in _told(wish).items()},
    )
    return enrolment


def change_enrolment(
    enrolment: Enrolment,
    wish: EnrolmentRecord,
    *,
    version: int | None,
    today: date,
    viewer: Viewer,
) -> None:
    """Correct an enrolment. Raises Conflict when somebody changed it after `version`."""
    refuse_others(enrolment.program, viewer)
    db.session.refresh(enrolment, with_for_update=True)
    if version is not None and version != enrolment.version:
        raise _conflict(enrolment)
    _check(enrolment.program, wish, today=today, except_for=enrolment)
    changes = apply(enrolment, wish.values())
    if "organization_id" in changes:
        changes["organization"] = (None, wish.organization.public_id)
        del changes["organization_id"]
    db.session.flush()
    if changes:
        subject = f"enrolment:{enrolment.public_id}"
        record(actor=viewer, action="enrolment.changed", subject=subject, changes=changes)


def delete_enrolment(enrolment: Enrolment, *, reason: str, viewer: Viewer) -> None:
    """Delete a wrong enrolment; the log keeps what stood in it. Raises DomainError without reason."""
    refuse_others(enrolment.program, viewer)
    if not reason.strip():
        raise DomainError(_("消す理由を入力してください。"), field="reason")
    record(
        actor=viewer,
        action="enrolment.deleted",
        subject=f"enrolment:{enrolment.public_id}",
        changes={
            "reason": (None, reason.strip()),
            "program": (enrolment.program.public_id, None),
            "organization": (enrolment.organization.public_id, None),
            "fiscal_year": (enrolment.fiscal_year, None),
            "result": (enrolment.result, None),
            "project": (enrolment.project or None, None),
            "role": (enrolment.role or None, None),
            "decided_on": (enrolment.decided_on, None),
            "amount_yen": (enrolment.amount_yen, None),
        },
    )
    db.session.delete(enrolment)
    db.session.flush()


def refuse_others(program: Program, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer keeps the records of this program."""
    if not may_operate(program, viewer):
        raise NotAllowed(_("この制度の記録を書けるのは、制度の担当と事務局です。"))


def _check(
    program: Program, wish: EnrolmentRecord, *, today: date, except_for: Enrolment | None = None
) -> None:
    year, decided = wish.fiscal_year, wish.decided_on
    if wish.organization.state is OrganizationState.ARCHIVED and (
        except_for is None or except_for.organization_id != wish.organization.id
    ):
        raise DomainError(_("登録を終えた企業・団体は選べません。"), field="organization_name")
    if year and year > FiscalYear.of(today).next:
        raise DomainError(_("年度を、来年度までで入力してください。"), field="fiscal_year")
    if decided and decided > today:
        raise DomainError(_("決定の日を、今日かそれより前にしてください。"), field="decided_on")
    if year and decided and decided not in year and FiscalYear.of(decided).next != year:
        raise DomainError(
            _("決定の日が、年度（%(year)s）と合いません。", year=year.label_western),
            field="decided_on",
        )
    if wish.result is EnrolmentResult.JOINT_PROJECT and not wish.project.strip():
        raise DomainError(_("共同の取組は、名前を入力してください。"), field="project")
    number = year.year if year else None
    same = twins(program, wish.organization, number, wish.project.strip())
    if [row for row in same if row is not except_for]:
        raise DomainError(
            _("同じ企業・団体の同じ年度・同じ事業が、すでに記録されています。"),
            field="organization_name",
        )


def _told(wish: EnrolmentRecord) -> dict[str, object]:
    """The values as the log tells them."""
    values = {name: value for name, value in wish.values().items() if value not in (None, "")}
    del values["organization_id"]
    return {"organization": wish.organization.public_id, **values}


def _conflict(enrolment: Enrolment) -> Conflict:
    year, amount = enrolment.fiscal_year, enrolment.amount_yen
    decided = enrolment.decided_on
    return Conflict(
        _("この記録は、開いてからの間に、ほかの人が変更しました。"),
        version=enrolment.version,
        fields=(
            ConflictField(
                "organization_name", pgettext("one", "企業・団体"), enrolment.organization.name
            ),
            ConflictField("fiscal_year", _("年度"), str(year or "")),
            ConflictField("result", _("結果"), str(RESULTS[enrolment.result])),
            ConflictField("project", _("事業の名前"), enrolment.project),
            ConflictField("role", _("役割"), enrolment.role),
            ConflictField("decided_on", _("決定の日"), decided.isoformat() if decided else ""),
            ConflictField("amount_yen", _("金額"), str(amount if amount is not None else "")),
        ),
    )
