"""Pages of the encounters room."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.calendar import DateProblem, Month, parse_month
from registry.encounters import service, undoing
from registry.encounters.forms import DeleteForm, EncounterEditForm, EncounterForm
from registry.encounters.labels import kind_label
from registry.encounters.models import Encounter, EncounterKind
from registry.encounters.queries import (
    EncounterFilter,
    encounters,
    get_encounter,
    organizations_by_ids,
    totals,
)
from registry.encounters.recording import (
    command_of,
    coordinator_choices,
    ids_of,
    prepare,
    program_choices,
    show_participants,
    stored,
)
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("encounters", __name__)
DELETED = "deleted_encounter"
"""Where the session keeps the record deleted last, so that it can be taken back."""


@bp.get("/encounters")
@allow("encounters.read")
def index() -> str:
    """All encounters, with filters and their totals."""
    wanted = _filter()
    statement = encounters(wanted, viewer())
    return render_template(
        "encounters/index.html",
        page=paginate(statement),
        totals=totals(statement),
        wanted=wanted,
        kinds=[(kind.value, kind_label(kind)) for kind in EncounterKind],
        coordinators=coordinator_choices(),
        programs=program_choices(),
        kind_label=kind_label,
        deleted=_deleted(),
    )


@bp.route("/encounters/new", methods=["GET", "POST"])
@allow("encounters.record")
def create() -> ResponseReturnValue:
    """Write down a consultation, visit, call, meeting or dispatch."""
    today = calendar.today()
    form = EncounterForm(held_on=today, organizations=_asked_for())
    prepare(form)
    if request.method == "GET":
        form.coordinator.data = viewer().public_id
    response = submit(
        form,
        lambda: service.record_encounter(command_of(form, viewer()), today=today, viewer=viewer()),
        then=_after,
        message=_("記録しました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("encounters/create.html", form=form)


@bp.get("/encounters/<public_id>")
@allow("encounters.read")
def show(public_id: str) -> str:
    """One encounter."""
    return render_template(
        "encounters/show.html",
        encounter=get_encounter(public_id, viewer()),
        form=PlainForm(),
        kind_label=kind_label,
    )


@bp.route("/encounters/<public_id>/edit", methods=["GET", "POST"])
@allow("encounters.record")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct a record."""
    encounter = get_encounter(public_id, viewer())
    form = EncounterEditForm(data=stored(encounter))
    prepare(form, encounter)
    response = submit(
        form,
        lambda: service.edit_encounter(
            encounter,
            command_of(form, viewer()),
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _result: url_for("encounters.show", public_id=public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("encounters/edit.html", form=form, encounter=encounter)


@bp.route("/encounters/<public_id>/delete", methods=["GET", "POST"])
@allow("encounters.record")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a wrong record, with a reason."""
    encounter = get_encounter(public_id, viewer())
    form = DeleteForm()

    def act() -> None:
        session[DELETED] = undoing.kept_of(encounter)
        service.delete_encounter(encounter, reason=form.reason.data or "", viewer=viewer())

    response = submit(
        form,
        act,
        then=lambda _result: url_for("encounters.index", deleted=public_id),
        message=_("記録を消しました。中身は変更の記録に残っています。"),
    )
    return response or render_template(
        "encounters/delete.html", form=form, encounter=encounter, kind_label=kind_label
    )


@bp.post("/encounters/restore")
@allow("encounters.record")
def restore() -> ResponseReturnValue:
    """Take back the deletion just made."""
    kept, form = session.get(DELETED), PlainForm()
    if kept is None:
        flash(_("元に戻せる記録がありません。"), "error")
        return redirect(url_for("encounters.index"), 303)
    response = submit(
        form,
        lambda: undoing.restore_encounter(kept, viewer=viewer()),
        then=lambda found: url_for("encounters.show", public_id=found.public_id),
        message=_("元に戻しました。"),
    )
    session.pop(DELETED, None)
    return response or redirect(url_for("encounters.index"), 303)


@bp.route("/encounters/<public_id>/step-done", methods=["GET", "POST"])
@allow("encounters.record")
def step_done(public_id: str) -> ResponseReturnValue:
    """Mark an encounter's next step as done."""
    encounter = get_encounter(public_id, viewer())
    form = PlainForm()
    response = submit(
        form,
        lambda: service.finish_step(encounter, viewer=viewer()),
        then=lambda _result: url_for("encounters.show", public_id=public_id),
        message=_("次の一手を済みにしました。"),
    )
    return response or render_template("encounters/step_done.html", form=form, encounter=encounter)


def _deleted() -> str:
    """What the record just deleted was about, when this page follows its deletion."""
    kept = session.get(DELETED) or {}
    just_now = kept and request.args.get("deleted") == kept["public_id"]
    return str(kept["subject"]) if just_now else ""


def _after(encounter: Encounter) -> str:
    """To the record, or on to choosing its case when that button was pressed."""
    if request.form.get("next") == "case":
        return url_for("case_encounters.link", public_id=encounter.public_id)
    return url_for("encounters.show", public_id=encounter.public_id)


def _asked_for() -> list[str]:
    """Organizations that the address names: ?organization=<public id>."""
    return ids_of(organizations_by_ids(request.args.getlist("organization")[:10], viewer()))


def _filter() -> EncounterFilter:
    args = request.args
    known = {kind.value for kind in EncounterKind}
    return EncounterFilter(
        kind=EncounterKind(args["kind"]) if args.get("kind") in known else None,
        coordinator=args.get("coordinator", "")[:36],
        program=args.get("program", "")[:36],
        month=_month(args.get("month", "")),
        text=args.get("q", "")[:200],
    )


def _month(text: str) -> Month | None:
    """The month typed, in any spelling; what cannot be read narrows nothing."""
    try:
        return parse_month(text) if text.strip() else None
    except DateProblem:
        return None
