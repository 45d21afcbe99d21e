"""Pages of the cases room: the list, one case, opening and editing it."""

import uuid
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import service
from registry.cases.blindness import listings_of
from registry.cases.check_in_queries import check_ins_of
from registry.cases.files import files_of_case, is_withheld
from registry.cases.forms import CaseEditForm, NoteForm, OpenForm, ProjectForm
from registry.cases.from_meeting import words_of_meeting
from registry.cases.labels import (
    answer_label,
    check_in_label,
    close_label,
    rung_label,
    side_label,
    stage_label,
)
from registry.cases.listing_models import further_of, removed_of
from registry.cases.models import Case, Side, Stage
from registry.cases.presenting import effort_of, ladder_items, score_parts, stage_items
from registry.cases.queries import (
    CaseFilter,
    cases,
    counts_by_stage,
    get_case,
    open_case_of_pair,
    own_party,
    party_of,
)
from registry.cases.removed import removed_just_now
from registry.cases.sight import most_disclosed, sight_of
from registry.cases.timeline import KINDS, timeline
from registry.common import calendar
from registry.common.errors import NotFound
from registry.encounters.participants import require
from registry.encounters.queries import program_of, user_of
from registry.encounters.recording import (
    coordinator_choices,
    program_choices,
    show_participants,
)
from registry.listings.queries import get_listing
from registry.office.settings import office
from registry.organizations.labels import way_label
from registry.suggestions.models import DecisionKind
from registry.suggestions.service import decide
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("cases", __name__)


def address_of(case: Case) -> str:
    """The address of a case's page."""
    return url_for("cases.show", public_id=case.public_id)


@bp.get("/cases")
@allow("cases.read")
def index() -> str:
    """All cases for staff, with filters; their own for members."""
    wanted = _filter()
    return render_template(
        "cases/index.html" if viewer().is_staff else "cases/own.html",
        page=paginate(cases(wanted, viewer())),
        wanted=wanted,
        state=request.args.get("state", "open"),
        counts=counts_by_stage(viewer()) if viewer().is_staff else {},
        stages=[(stage.value, stage_label(stage)) for stage in Stage],
        coordinators=coordinator_choices() if viewer().is_staff else [],
        programs=program_choices() if viewer().is_staff else [],
        stale_days=office().stale_days,
        stage_label=stage_label,
        close_label=close_label,
        answer_label=answer_label,
        own_party=own_party,
        sight_of=sight_of,
    )


@bp.route("/cases/open", methods=["GET", "POST"], endpoint="open")
@allow("cases.work")
def open_pair() -> ResponseReturnValue:
    """Open a case of a need and a seed: an accepted suggestion, or a pair found by hand."""
    form = OpenForm(need=request.args.get("need", ""), seed=request.args.get("seed", ""))
    form.offer(programs=program_choices(), coordinators=coordinator_choices())
    if "coordinator" not in request.form:
        form.coordinator.data = viewer().public_id
    response = submit(
        form, lambda: _open(form), then=address_of, message=_("マッチングを始めました。")
    )
    if response:
        return response
    need = get_listing((form.need.data or "")[:36], viewer())
    seed = get_listing((form.seed.data or "")[:36], viewer())
    if existing := open_case_of_pair(need.id, seed.id):
        flash(str(service.OpenPair(existing).message), "error")
        return redirect(address_of(existing), 303)
    return render_template("cases/open.html", form=form, need=need, seed=seed)


@bp.route("/cases/new", methods=["GET", "POST"])
@allow("cases.work")
def create() -> ResponseReturnValue:
    """Open a case without a need and a seed: a project of several parties."""
    form = ProjectForm(**words_of_meeting(request.args.get("meeting", "")[:36], viewer()))
    form.offer(programs=program_choices(), coordinators=coordinator_choices())
    if request.method == "GET":
        form.coordinator.data = viewer().public_id
    response = submit(
        form, lambda: _open_project(form), then=address_of, message=_("マッチングを始めました。")
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("cases/create.html", form=form)


@bp.get("/cases/<public_id>")
@allow("cases.read")
def show(public_id: str) -> str:
    """One case: for staff the whole record, for a party what is disclosed to it."""
    case = get_case(public_id, viewer())
    if not viewer().is_staff:
        return _as_party(case)
    show_only = request.args.get("show", "all")
    return render_template(
        "cases/show.html",
        case=case,
        stages=stage_items(case, calendar.today()),
        ladder=ladder_items(case),
        moments=timeline(case, show_only if show_only in KINDS else "all"),
        show_only=show_only,
        effort=effort_of(case),
        parts=score_parts(case),
        note_form=NoteForm(formdata=None),
        removed=removed_just_now(case),
        checks=check_ins_of(case),
        check_in_label=check_in_label,
        rung_label=rung_label,
        files=files_of_case(case, viewer()),
        is_withheld=is_withheld,
        listings_of=listings_of,
        further=further_of(case),
        taken_out=removed_of(case),
        disclosed=lambda party: most_disclosed(case, party),
        new_key=lambda: str(uuid.uuid4()),
        stage_label=stage_label,
        close_label=close_label,
        side_label=side_label,
        answer_label=answer_label,
        way_label=way_label,
    )


@bp.get("/cases/<public_id>/as-seen/<party_id>")
@allow("cases.work")
def as_seen(public_id: str, party_id: str) -> str:
    """The page that a party sees, for staff to check before it is asked."""
    case = get_case(public_id, viewer())
    return render_template(
        "cases/as_seen.html",
        sight=sight_of(case, party_of(case, party_id), as_if_asked=True),
        stages=stage_items(case, calendar.today()),
    )


@bp.route("/cases/<public_id>/edit", methods=["GET", "POST"])
@allow("cases.work")
def edit(public_id: str) -> ResponseReturnValue:
    """Change a case's title, program, coordinator and what the sides read before consent."""
    case = get_case(public_id, viewer())
    form = CaseEditForm(
        data={
            "title": case.title,
            "blind_summary_need": case.blind_summary_need,
            "blind_summary_seed": case.blind_summary_seed,
            "program": case.program.public_id if case.program else "",
            "coordinator": case.coordinator.public_id if case.coordinator else "",
            "version": case.version,
        }
    )
    form.offer(
        programs=program_choices(case.program), coordinators=coordinator_choices(case.coordinator)
    )
    response = submit(
        form,
        lambda: service.edit_case(case, _edited(form), version=form.version.data, viewer=viewer()),
        then=lambda _result: address_of(case),
        message=_("変更しました。"),
    )
    return response or render_template("cases/edit.html", form=form, case=case)


def _as_party(case: Case) -> str:
    party = own_party(case, viewer())
    if party is None:
        raise NotFound
    return render_template(
        "cases/as_party.html",
        sight=sight_of(case, party),
        stages=stage_items(case, calendar.today()),
        today=calendar.today(),
        files=files_of_case(case, viewer()),
        form=PlainForm(),
    )


def _open(form: OpenForm) -> Case:
    need = get_listing(form.need.data or "", viewer())
    seed = get_listing(form.seed.data or "", viewer())
    score = _score(form.score.data or "")
    today = calendar.today()
    case = service.open_case(
        need,
        seed,
        program=program_of(form.program.data) if form.program.data else None,
        coordinator=user_of(form.coordinator.data) if form.coordinator.data else None,
        score=score,
        title=form.title.data or "",
        today=today,
        viewer=viewer(),
    )
    decide(need, seed, kind=DecisionKind.ACCEPTED, score=score, today=today, viewer=viewer())
    return case


def _open_project(form: ProjectForm) -> Case:
    rows = require(form.organizations.data or [], form.organization_names.data or "", viewer())
    return service.open_project(
        form.title.data or "",
        tuple(service.PartyWish(row, Side.OTHER) for row in rows),
        program=program_of(form.program.data) if form.program.data else None,
        coordinator=user_of(form.coordinator.data) if form.coordinator.data else None,
        today=calendar.today(),
        viewer=viewer(),
    )


def _edited(form: CaseEditForm) -> service.EditCase:
    return service.EditCase(
        title=form.title.data or "",
        program=program_of(form.program.data) if form.program.data else None,
        coordinator=user_of(form.coordinator.data) if form.coordinator.data else None,
        blind_summary_need=form.blind_summary_need.data or "",
        blind_summary_seed=form.blind_summary_seed.data or "",
    )


def _filter() -> CaseFilter:
    args, known = request.args, {stage.value for stage in Stage}
    stale = calendar.today() - timedelta(days=office().stale_days) if args.get("stale") else None
    return CaseFilter(
        stage=Stage(args["stage"]) if args.get("stage") in known else None,
        coordinator=args.get("coordinator", "")[:36],
        program=args.get("program", "")[:36],
        moved_before=stale,
        is_open={"closed": False, "all": None}.get(args.get("state", "open"), True),
        text=args.get("q", "")[:200],
    )


def _score(text: str) -> float | None:
    """The score that the suggestion had; none for a pair found by hand."""
    try:
        score = float(text)
    except ValueError:
        return None
    return score if 0 <= score <= 100 else None
