"""An organization's numbers: for invoices (T-number), and corporate numbers it took over."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, DomainError, NotFound
from registry.common.identifiers import (
    CorporateKind,
    IdentifierProblem,
    corporate_number_kind,
    parse_corporate_number,
    parse_invoice_number,
)
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import (
    FormerNumber,
    InvoiceStatus,
    Organization,
    OrganizationKind,
)
from registry.organizations.profile import explain
from registry.organizations.queries import organization_by_corporate_number
from registry.organizations.service import refuse_stranger


@dataclass(frozen=True)
class Numbers:
    """What is written: the T-number as typed, what the public list said of it and when, and a
    corporate number that this organization took over."""

    invoice_number: str = ""
    status: InvoiceStatus = InvoiceStatus.UNCHECKED
    checked_on: date | None = None
    former_number: str = ""
    since: date | None = None


def write_numbers(
    organization: Organization,
    numbers: Numbers,
    *,
    version: int | None,
    viewer: Viewer,
    today: date,
) -> None:
    """Set the T-number and add a former number. Staff and the organization's own members may.

    Raises DomainError for numbers that cannot be: a T-number that is not T and the corporate
    number, a date to come, a former number that another record has.
    """
    refuse_stranger(organization, viewer)
    if version is not None and version != organization.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの登録を変更しました。"), version=organization.version
        )
    values = _invoice_values(organization, numbers, today)
    changes: dict[str, Change] = dict(apply(organization, values))
    if numbers.former_number.strip():
        number = _free_number(organization, numbers.former_number)
        organization.former_numbers.append(FormerNumber(number=number, since=numbers.since))
        changes["former_number"] = (None, number)
    if changes:
        _log(organization, changes, viewer)


def drop_former_number(organization: Organization, number: str, *, viewer: Viewer) -> None:
    """Take a former number away. Raises NotFound."""
    refuse_stranger(organization, viewer)
    row = next((row for row in organization.former_numbers if row.number == number), None)
    if row is None:
        raise NotFound
    organization.former_numbers.remove(row)
    _log(organization, {"former_number": (number, None)}, viewer)


def public_invoice_number(organization: Organization) -> str | None:
    """The T-number when anybody may see it: a corporation's. A sole proprietor's leads to a
    person's name and is never shown."""
    number = organization.invoice_number
    corporate = organization.corporate_number
    return number if number and corporate and number == f"T{corporate}" else None


def number_warning(organization: Organization) -> str:
    """What is odd about the corporate number, in a sentence; "" when nothing is."""
    if not organization.corporate_number:
        return ""
    kind = corporate_number_kind(organization.corporate_number)
    is_company = organization.kind is OrganizationKind.COMPANY
    if is_company and kind is CorporateKind.STATE_OR_LOCAL:
        return str(_("この法人番号は、国の機関か地方公共団体のものです。番号を確かめてください。"))
    if is_company and kind is CorporateKind.OTHER:
        return str(
            _("この法人番号は、登記のない団体か外国会社などのものです。番号を確かめてください。")
        )
    return ""


def _invoice_values(organization: Organization, numbers: Numbers, today: date) -> dict[str, object]:
    if not numbers.invoice_number.strip():
        return {
            "invoice_number": None,
            "invoice_status": InvoiceStatus.UNCHECKED,
            "invoice_checked_on": None,
        }
    try:
        number = parse_invoice_number(
            numbers.invoice_number, corporate_number=organization.corporate_number
        )
    except IdentifierProblem as problem:
        raise DomainError(_invoice_problem(problem), field="invoice_number") from problem
    if numbers.status is not InvoiceStatus.UNCHECKED and numbers.checked_on is None:
        raise DomainError(_("確かめた日を入力してください。"), field="checked_on")
    if numbers.checked_on is not None and numbers.checked_on > today:
        raise DomainError(
            _("確かめた日が先の日付です。今日までの日付を入力してください。"), field="checked_on"
        )
    return {
        "invoice_number": number,
        "invoice_status": numbers.status,
        "invoice_checked_on": numbers.checked_on,
    }


def _invoice_problem(problem: IdentifierProblem) -> str:
    sentences: dict[str, str] = {
        "prefix": _("登録番号は T で始まります。例：T4000012090001"),
        "mismatch": _(
            "法人の登録番号は、T のあとが法人番号と同じです。どちらかを確かめてください。"
        ),
        "length": _(
            "登録番号は T と 13 桁の数字です（いま %(length)s 桁）。",
            length=problem.values.get("length", ""),
        ),
        "character": _("登録番号の T のあとは数字だけです。"),
        "empty": _("番号を入力してください。"),
    }
    return sentences[problem.code]


def _free_number(organization: Organization, typed: str) -> str:
    try:
        number = parse_corporate_number(typed)
    except IdentifierProblem as problem:
        raise DomainError(explain(problem), field="former_number") from problem
    holder = organization_by_corporate_number(number)
    if holder is organization:
        raise DomainError(_("この番号は、もうこの登録のものです。"), field="former_number")
    if holder is not None:
        raise DomainError(
            _("この法人番号は、ほかの登録にあります。同じ企業なら、登録を統合してください。"),
            field="former_number",
        )
    return number


def _log(organization: Organization, changes: dict[str, Change], viewer: Viewer) -> None:
    record(
        actor=viewer,
        action="organization.numbers_changed",
        subject=f"organization:{organization.public_id}",
        changes=changes,
    )
    db.session.flush()
