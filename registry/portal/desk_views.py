"""Pages of the staff that gather rooms: the desk, search, an organization's record, style guide."""

from datetime import timedelta

from flask import render_template, request

from registry.common import calendar
from registry.common.folding import search_terms
from registry.common.identifiers import format_corporate_number
from registry.listings import labels as listing_labels
from registry.office.settings import office
from registry.organizations import labels as organization_labels
from registry.organizations.queries import get_organization
from registry.portal import desk as desk_page
from registry.portal import desk_queries
from registry.portal.agenda import agenda_of
from registry.portal.desk_queries import Scope
from registry.portal.gallery import CHART, GalleryForm, SamplePage
from registry.portal.record import record_of
from registry.portal.search import LONGEST
from registry.portal.search import search as search_rooms
from registry.portal.views import bp
from registry.portal.words import words
from registry.web.access import allow, viewer


@bp.get("/desk")
@allow("desk.use")
def desk() -> str:
    """The day's work: what waits for the viewer, or for the whole office."""
    today, mine = calendar.today(), request.args.get("view") != "all"
    settings = office()
    scope, other = (Scope(viewer(), today, settings, mine=m) for m in (mine, not mine))
    found = desk_queries.counts(scope)
    groups = desk_page.lay_out(scope, found)
    totals = {mine: sum(found.values()), not mine: sum(desk_queries.counts(other).values())}
    return render_template(
        "portal/desk.html",
        groups=groups,
        counts=desk_page.order(groups),
        totals=totals,
        mine=mine,
        agenda=agenda_of(scope),
        tomorrow=today + timedelta(days=1),
    )


@bp.get("/search")
@allow("search.all")
def search() -> str:
    """Search across all rooms."""
    query = request.args.get("q", "").strip()
    too_long = len(query) > LONGEST
    found = [] if too_long else search_rooms(query, viewer())
    return render_template(
        "portal/search.html",
        query=query[: LONGEST * 2],
        too_long=too_long,
        longest=LONGEST,
        found=found,
        total=sum(group.total for group in found),
        terms=[] if too_long else search_terms(query),
    )


@bp.get("/organizations/<public_id>/record")
@allow("organizations.record")
def organization_record(public_id: str) -> str:
    """Everything the office holds about one organization, on one page to print."""
    organization = get_organization(public_id, viewer())
    return render_template(
        "portal/organization_record.html",
        record=record_of(organization, viewer()),
        labels=organization_labels,
        listing_labels=listing_labels,
        words=words(),
        format_corporate_number=format_corporate_number,
    )


@bp.get("/gallery")
@allow("desk.use")
def gallery() -> str:
    """Every component in every state, for those who build pages."""
    form = GalleryForm(data={"title": "長" * 61})
    form.validate()
    return render_template("components/gallery.html", form=form, page=SamplePage(), svg=CHART)


__all__ = ["bp"]
