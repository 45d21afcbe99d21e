"""What the words of a program keep, by whatever way they come: page, table or interface."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.common.codelists import divisions, municipality
from registry.common.errors import DomainError
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.programs import choices
from registry.programs.kinds import ProgramState
from registry.programs.life import NEEDED
from registry.programs.models import Program

LENGTHS: Mapping[str, int] = {
    "title": 160,
    "title_en": 200,
    "subtitle": 80,
    "summary": 100,
    "summary_en": 400,
    "content": 500,
    "content_en": 2000,
    "audience": 500,
    "purpose": 500,
    "repayment": 120,
    "costs": 500,
    "how_to_apply": 500,
    "season": 120,
    "documents": 500,
    "website": 200,
    "contact": 500,
    "legal_basis": 200,
    "number": 40,
    "source": 200,
}
"""Characters at most; 概要 and 内容 as GIF DS-451-4 has them. What is stored longer may stay."""

LISTS: Mapping[str, str] = {"stages": "stage", "troubles": "trouble", "service_kinds": "service"}
"""Column → the code list of registry/data that it keeps codes of."""
MOST_INDUSTRIES = 3


def check(values: Mapping[str, Any], program: Program | None = None) -> None:
    """Raise DomainError at the column that cannot be stored. `values` may be some of the columns."""
    if "title" in values and not values["title"].strip():
        raise DomainError(_("制度の名前を入力してください。"), field="title")
    _check_lengths(values, program)
    _check_codes(values, program)
    _check_origin(values, program)
    _check_owner(values.get("operator_organization_id"), program)
    for first, last, field in (
        (values.get("started") or None, values.get("ended") or None, "ended"),
        (values.get("published_from"), values.get("published_to"), "published_to"),
    ):
        if first and last and last < first:
            raise DomainError(_("終わりの日を、始まりの日より後にしてください。"), field=field)
    if program is None or program.state is ProgramState.DRAFT:
        return
    for name in NEEDED:
        if getattr(program, name) and name in values and not values[name]:
            raise DomainError(_("公開している制度では、空にできません。"), field=name)


def _check_lengths(values: Mapping[str, Any], program: Program | None) -> None:
    for name, most in LENGTHS.items():
        text = values.get(name) or ""
        if len(text) > most and (program is None or getattr(program, name) != text):
            raise DomainError(_("%(max)d 文字までにしてください。", max=most), field=name)


def _check_codes(values: Mapping[str, Any], program: Program | None) -> None:
    known = {name: set(choices.codes(listed)) for name, listed in LISTS.items()}
    known["industries"] = {row.code for row in divisions()}
    for name, codes in known.items():
        kept = set(getattr(program, name)) if program is not None else set()
        if strange := [code for code in values.get(name) or () if code not in codes | kept]:
            raise DomainError(_("「%(code)s」は一覧にありません。", code=strange[0]), field=name)
    if len(values.get("industries") or ()) > MOST_INDUSTRIES:
        raise DomainError(_("%(most)s つまで選べます。", most=MOST_INDUSTRIES), field="industries")
    for code in values.get("areas") or ():
        if municipality(code) is None:
            raise DomainError(
                _("「%(name)s」という市区町村を 1 つに決められません。", name=code), field="areas"
            )


def _check_origin(values: Mapping[str, Any], program: Program | None) -> None:
    origin = values.get("origin_id")
    if origin and program is not None and (origin == program.id or _descends(origin, program.id)):
        raise DomainError(_("元の制度に、この制度自身や後の制度は選べません。"), field="origin")
    if bool(origin) and values.get("change_kind") is None:
        raise DomainError(_("元の制度からの変更の区分を選んでください。"), field="change_kind")


def _check_owner(owner_id: int | None, program: Program | None) -> None:
    if owner_id is None or (program is not None and program.operator_organization_id == owner_id):
        return
    owner = db.session.get(Organization, owner_id)
    if owner is None or owner.state is OrganizationState.ARCHIVED:
        raise DomainError(_("登録を終えた企業・団体は選べません。"), field="operator_name")


def _descends(origin: int, number: int) -> bool:
    """Whether a program came, over any number of steps, out of the one of that row number."""
    seen: set[int] = set()
    found: int | None = origin
    while found is not None and found not in seen:
        seen.add(found)
        found = db.session.scalar(select(Program.origin_id).where(Program.id == found))
        if found == number:
            return True
    return False
