"""Pages of the other directions: programs and partners for an organization or a listing, and a free
question."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from registry.common.errors import NotFound
from registry.listings.models import Listing
from registry.listings.queries import get_listing
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization
from registry.suggestions import asking
from registry.suggestions.asking import Direction
from registry.suggestions.partners import alike, complements
from registry.suggestions.support import (
    Help,
    programs_for_listing,
    programs_for_organization,
)
from registry.web.access import allow, viewer
from registry.web.paging import paginate_list

bp = Blueprint("directions", __name__)
PAGE_SIZE = 10
SHOWN_BESIDE = 3
"""So many programs stand on the page of a listing or an organization."""

DIRECTIONS = {
    Direction.SEEDS: _l("シーズ（できること・持っているもの）"),
    Direction.NEEDS: _l("ニーズ（困りごと・求めているもの）"),
    Direction.PROGRAMS: _l("支援制度"),
    Direction.ORGANIZATIONS: _l("企業・団体"),
}


@bp.get("/suggestions/ask")
@allow("suggestions.decide")
def ask() -> str:
    """Seeds, needs, programs or organizations for a text; nothing of it is kept."""
    question = asking.question_in(request.args)
    return render_template(
        "suggestions/ask.html",
        question=question,
        answers=asking.answer(question, viewer()),
        directions=DIRECTIONS,
        longest=asking.LONGEST,
    )


@bp.get("/listings/<public_id>/programs")
@allow("suggestions.read")
def listing_programs(public_id: str) -> str:
    """Programs that may help with a listing; for its owner and staff."""
    listing = get_listing(public_id, viewer())
    _refuse_stranger(listing.organization_id)
    helps = programs_for_listing(listing, viewer())
    return render_template(
        "suggestions/programs.html",
        page=paginate_list(helps, size=PAGE_SIZE),
        listing=listing,
        organization=listing.organization,
    )


@bp.get("/organizations/<public_id>/programs")
@allow("suggestions.read")
def organization_programs(public_id: str) -> str:
    """Programs that may help an organization; for its members and staff."""
    organization = get_organization(public_id, viewer())
    _refuse_stranger(organization.id)
    helps = programs_for_organization(organization, viewer())
    return render_template(
        "suggestions/programs.html",
        page=paginate_list(helps, size=PAGE_SIZE),
        listing=None,
        organization=organization,
    )


@bp.get("/organizations/<public_id>/partners")
@allow("suggestions.read")
def partners(public_id: str) -> str:
    """Organizations that complement or resemble one; for its members and staff."""
    organization = get_organization(public_id, viewer())
    _refuse_stranger(organization.id)
    return render_template(
        "suggestions/partners.html",
        organization=organization,
        complements=complements(organization, viewer()),
        page=paginate_list(alike(organization, viewer()), size=PAGE_SIZE),
    )


def _refuse_stranger(organization_id: int) -> None:
    """Suggestions about somebody else's records look absent."""
    if not (viewer().is_staff or viewer().belongs_to(organization_id)):
        raise NotFound


@bp.app_context_processor
def offered() -> dict[str, Callable[..., Any]]:
    """For pages of other rooms: the first programs for a listing or an organization."""

    def for_listing(listing: Listing) -> list[Help]:
        return programs_for_listing(listing, viewer(), limit=SHOWN_BESIDE)

    def for_organization(organization: Organization) -> list[Help]:
        return programs_for_organization(organization, viewer(), limit=SHOWN_BESIDE)

    return {
        "programs_for_listing": for_listing,
        "programs_for_organization": for_organization,
    }
