"""The filters of lists as their addresses say them: the same rows as on screen."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from registry.cases.models import Stage
from registry.cases.queries import CaseFilter
from registry.common import calendar
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.events.models import EventKind
from registry.events.queries import EditionFilter
from registry.listings.models import Category, ListingKind, ListingState, Visibility
from registry.listings.queries import ListingFilter
from registry.office.settings import office
from registry.organizations.models import OrganizationKind, OrganizationState
from registry.organizations.queries import OrganizationFilter
from registry.programs.models import ProgramState, Shape
from registry.programs.queries import ProgramFilter

Word = TypeVar("Word", bound=StrEnum)
Asked = Mapping[str, str]


def one_of(enum: type[Word], text: str | None) -> Word | None:
    """The member of that value, or None."""
    return enum(text) if text in {member.value for member in enum} else None


def organization_filter(asked: Asked, viewer: Viewer) -> OrganizationFilter:
    """As the list of organizations reads its address."""
    return OrganizationFilter(
        text=asked.get("q", "")[:200],
        kind=one_of(OrganizationKind, asked.get("kind")),
        division=asked.get("division", "")[:1],
        place=asked.get("place", "")[:5],
        band=asked.get("size", "")[:8],
        state=one_of(OrganizationState, asked.get("state")),
        referred=viewer.role is Role.PARTNER and asked.get("referred") == "y",
    )


def listing_filter(asked: Asked, viewer: Viewer) -> ListingFilter:
    """As the list of listings reads its address."""
    state = asked.get("state", "")
    return ListingFilter(
        text=asked.get("q", ""),
        kind=one_of(ListingKind, asked.get("kind")),
        category=one_of(Category, asked.get("category")),
        division=asked.get("division", ""),
        place=asked.get("place", ""),
        visibility=one_of(Visibility, asked.get("visibility")),
        state=one_of(ListingState, state) if viewer.is_signed_in else None,
        every_state=state == "all",
        own=bool(asked.get("own")) and viewer.organization_id is not None,
    )


def program_filter(asked: Asked) -> ProgramFilter:
    """As the list of programs reads its address."""
    return ProgramFilter(
        text=asked.get("q", "").strip()[:200],
        policy=asked.get("policy", "").strip()[:20],
        shape=one_of(Shape, asked.get("shape")),
        state=one_of(ProgramState, asked.get("state")),
    )


def edition_filter(asked: Asked) -> EditionFilter:
    """As the list of events reads its address."""
    year = asked.get("year", "")[:4]
    return EditionFilter(
        text=asked.get("q", "").strip()[:200],
        kind=one_of(EventKind, asked.get("kind")),
        program=asked.get("program", "")[:36],
        year=int(year) if year.isascii() and year.isdigit() and int(year) else None,
        open=asked.get("open") == "y",
    )


def case_filter(asked: Asked) -> CaseFilter:
    """As the list of cases reads its address; `stale` keeps those without movement for long."""
    long_ago = calendar.today() - timedelta(days=office().stale_days)
    return CaseFilter(
        stage=one_of(Stage, asked.get("stage")),
        coordinator=asked.get("coordinator", "")[:36],
        program=asked.get("program", "")[:36],
        moved_before=long_ago if asked.get("stale") else None,
        is_open={"closed": False, "all": None}.get(asked.get("state", "open"), True),
        text=asked.get("q", "")[:200],
    )
