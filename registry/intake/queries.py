"""Reading enquiries: who sees which."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.intake.models import Enquiry, EnquiryKind, EnquiryState
from registry.listings.queries import owner_line
from registry.programs.models import Program
from registry.web.i18n import pick

OPEN = (EnquiryState.RECEIVED, EnquiryState.ROUTED)


@dataclass(frozen=True)
class EnquiryFilter:
    """What the list is narrowed by; `waiting` keeps those that nobody answered."""

    text: str = ""
    state: EnquiryState | None = None
    waiting: bool = True
    kind: EnquiryKind | None = None
    program: str = ""
    topic: str = ""
    mine: bool = False
    late_on: date | None = None


def visible_to(viewer: Viewer) -> Select[Enquiry]:
    """The enquiries a viewer may read: staff all that reached the office; an operator those of his
    programs or given to him; everybody those that he sent, and those addressed to his organization.
    Unverified ones are seen by nobody."""
    reached = select(Enquiry).where(Enquiry.state != EnquiryState.UNVERIFIED)
    if viewer.is_staff:
        return reached
    if not viewer.is_signed_in:
        return reached.where(Enquiry.id < 0)
    own = [Enquiry.user_id == viewer.user_id]
    if viewer.organization_id is not None:
        own.append(Enquiry.addressee_id == viewer.organization_id)
    if viewer.role is Role.OPERATOR:
        own.append(Enquiry.handler_id == viewer.user_id)
        own.append(Enquiry.program_id.in_(viewer.program_ids))
    return reached.where(or_(*own))


def get_enquiry(public_id: str, viewer: Viewer) -> Enquiry:
    """The enquiry of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Enquiry.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def may_answer(enquiry: Enquiry, viewer: Viewer) -> bool:
    """Staff, who it was given to, operators of its program, and members of the one addressed."""
    if viewer.is_staff or (enquiry.addressee_id and viewer.belongs_to(enquiry.addressee_id)):
        return True
    is_handler = enquiry.handler_id is not None and enquiry.handler_id == viewer.user_id
    return viewer.role is Role.OPERATOR and (is_handler or enquiry.program_id in viewer.program_ids)


def addressee_words(enquiry: Enquiry, viewer: Viewer) -> str:
    """Whom it is addressed to, as the viewer may know it: a name, or the blind line; empty for the
    office."""
    if enquiry.listing is not None:
        return owner_line(enquiry.listing, viewer)
    one = enquiry.addressee
    return pick(one.name, one.name_en) if one else ""


def enquiries(wanted: EnquiryFilter, viewer: Viewer) -> Select[Enquiry]:
    """The visible enquiries that fit; those waiting by their due day, else the newest first."""
    statement = visible_to(viewer)
    if wanted.state:
        statement = statement.where(Enquiry.state == wanted.state)
    elif wanted.waiting:
        statement = statement.where(Enquiry.state.in_(OPEN))
    if wanted.kind:
        statement = statement.where(Enquiry.kind == wanted.kind)
    if wanted.program:
        statement = statement.where(
            Enquiry.program_id.in_(select(Program.id).where(Program.public_id == wanted.program))
        )
    if wanted.topic:
        statement = statement.where(Enquiry.topic == wanted.topic)
    if wanted.mine:
        statement = statement.where(Enquiry.handler_id == viewer.user_id)
    if wanted.late_on:
        statement = statement.where(Enquiry.due_on < wanted.late_on, Enquiry.state.in_(OPEN))
    for term in search_terms(wanted.text):
        statement = statement.where(Enquiry.search_text.contains(term, autoescape=True))
    if wanted.waiting and not wanted.state:
        return statement.order_by(Enquiry.due_on, Enquiry.id)
    return statement.order_by(Enquiry.number.desc(), Enquiry.id.desc())


def state_counts(viewer: Viewer) -> dict[EnquiryState, int]:
    """How many visible enquiries stand in each state."""
    statement = visible_to(viewer).with_only_columns(Enquiry.state, func.count())
    found = db.session.execute(statement.group_by(Enquiry.state)).all()
    return dict(found)  # type: ignore[arg-type]


def sent_by(viewer: Viewer) -> list[Enquiry]:
    """What the viewer asked himself, the newest first."""
    statement = visible_to(viewer).where(Enquiry.user_id == viewer.user_id)
    return list(db.session.scalars(statement.order_by(Enquiry.number.desc()).limit(100)))


def addressed_to(viewer: Viewer) -> list[Enquiry]:
    """What the viewer's organization was asked, the newest first."""
    if viewer.organization_id is None:
        return []
    statement = visible_to(viewer).where(Enquiry.addressee_id == viewer.organization_id)
    return list(db.session.scalars(statement.order_by(Enquiry.number.desc()).limit(100)))
