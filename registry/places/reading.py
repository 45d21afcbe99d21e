"""What forms and addresses of the places' pages say, as values; and pages of one button."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.common import calendar
from registry.common.calendar import DateProblem, parse_date, to_tokyo
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import now
from registry.organizations.models import Organization
from registry.organizations.queries import own_organization
from registry.places.forms import OrganizationFields, PlaceForm
from registry.places.models import Place, PlaceKind
from registry.places.queries import PlaceFilter
from registry.places.service import PlaceRecord
from registry.programs.applicants import require
from registry.programs.models import Program
from registry.programs.queries import programs_of
from registry.web.forms import EditForm
from registry.web.i18n import pick
from registry.web.submit import submit

COPIED = ("name", "name_en", "kind", "use", "capacity", "description", "description_en", "address",
          "floor", "area_m2", "fee", "monthly_yen", "open_from", "open_until", "open_weekends",
          "opened_on", "country", "municipality")  # fmt: skip


def filter_of(args: Mapping[str, str]) -> PlaceFilter:
    """As the list of places reads its address."""
    kind = args.get("kind")
    return PlaceFilter(
        text=args.get("q", "").strip()[:200],
        kind=PlaceKind(kind) if kind in {member.value for member in PlaceKind} else None,
        program=args.get("program", "")[:36],
        where=args.get("where", "")[:5],
        free=args.get("free") == "y",
    )


def this_moment() -> datetime:
    """Now in UTC, on the registry's own day: a registry set to another day books on that day."""
    at = to_tokyo(now())
    return datetime.combine(calendar.today(), at.timetz()).astimezone(UTC)


def day_asked(text: str) -> tuple[Any, str]:
    """The day an address asks for in any spelling (today without one), and what is wrong with it."""
    today = calendar.today()
    if not text.strip():
        return today, ""
    try:
        return parse_date(text[:40]), ""
    except DateProblem:
        return today, str(_("日付として読めません。例：2026年11月25日、令和8年11月25日"))


def organization_of(form: OrganizationFields, viewer: Viewer) -> Organization:
    """The organization meant: a member's own, else the one named. Raises DomainError."""
    if viewer.role is Role.MEMBER:
        found = own_organization(viewer)
        if found is None:
            raise DomainError(_("企業・団体の登録が済んでから使えます。"))
        return found
    return require(form.organization.data or "", form.organization_name.data or "", viewer)


def record_of(form: PlaceForm, viewer: Viewer, place: Place | None = None) -> PlaceRecord:
    """What a form says of a place; what it does not ask stays as it is, or as in the facility."""
    values = {name: getattr(place, name) for name in COPIED} if place else {}
    values |= {name: form[name].data for name in COPIED if name in form}
    values = {
        name: "" if value is None and name in TEXTS else value for name, value in values.items()
    }
    program = program_of(form.program.data or "", viewer) if "program" in form else None
    owner = place.organization if place else None
    if "organization_name" in form:
        typed = (form.organization_name.data or "").strip()
        owner = require(form.organization.data or "", typed, viewer) if typed else None
    if "program" not in form and place is not None:
        program = place.program
    return PlaceRecord(**values, program=program, organization=owner)


TEXTS = frozenset({"name", "name_en", "description", "description_en", "address", "floor", "fee",
                   "country", "municipality"})  # fmt: skip


def stored(place: Place) -> dict[str, Any]:
    """What is stored of a place, by the fields of the form."""
    return {
        **{name: getattr(place, name) for name in COPIED},
        "program": place.program.public_id if place.program else "",
        "organization_name": place.organization.name if place.organization else "",
        "organization": place.organization.public_id if place.organization else "",
        "version": place.version,
    }


def program_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The programs whose places the viewer may keep: all for staff, with none before them."""
    found = [(row.public_id, pick(row.title, row.title_en)) for row in programs_of(viewer)]
    return [("", _("なし")), *found] if viewer.is_staff else found


def program_of(public_id: str, viewer: Viewer) -> Program | None:
    """The program chosen, of those the viewer may keep; None for none."""
    return next((row for row in programs_of(viewer) if row.public_id == public_id), None)


def press(action: Callable[[int], object], *, then: str, message: str) -> Response:
    """Carry out a button that is a page of its own; a refusal is shown where one came from."""
    form = EditForm()
    response = submit(
        form, lambda: action(form.version.data or 0), then=lambda _done: then, message=message
    )
    if response:
        return response
    for text in [*form.form_errors, *(e for field in form for e in field.errors)]:
        flash(str(text), "error")
    return redirect(then, 303)
