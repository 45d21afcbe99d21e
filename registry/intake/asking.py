"""From the form of an enquiry to the command; what it can choose from; whom it is addressed to."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.accounts.queries import get_user
from registry.common.errors import DomainError, NotFound
from registry.common.viewer import Viewer
from registry.encounters.participants import require
from registry.encounters.queries import program_of
from registry.encounters.recording import program_choices
from registry.encounters.topics import code_of, topic_choices, topics, word_of
from registry.intake.forms import QuestionForm, VisitorQuestionForm
from registry.intake.models import EnquiryKind, RoutingRule
from registry.intake.routing import RuleWish, handlers
from registry.intake.service import Ask
from registry.listings.models import Listing, ListingState
from registry.listings.queries import get_listing, is_redacted, owner_line
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization, own_organization
from registry.web.i18n import locale, pick


@dataclass(frozen=True)
class Addressee:
    """Whom a request goes to: an organization, by itself or by way of a listing. `words` is its
    name, or the blind line where the viewer may not know it."""

    words: str
    organization: Organization | None = None
    listing: Listing | None = None


def addressee_of(to: str, listing_id: str, viewer: Viewer) -> Addressee | None:
    """The addressee that an address names; None for the office. Raises NotFound for a listing or
    an organization that the viewer does not see."""
    if listing_id:
        listing = get_listing(listing_id[:36], viewer)
        if listing.state is not ListingState.PUBLISHED or is_redacted(listing, viewer):
            raise NotFound
        return Addressee(owner_line(listing, viewer), listing.organization, listing)
    if to:
        organization = get_organization(to[:36], viewer)
        if not organization.is_approved:
            raise NotFound
        return Addressee(pick(organization.name, organization.name_en), organization)
    return None


def prepare(form: QuestionForm) -> None:
    """Set the choices of topic and program."""
    form.offer(topics=topic_choices(topics()), programs=program_choices())


def command_of(form: QuestionForm, viewer: Viewer) -> Ask:
    """What the form says. Of a signed-in person the account tells name and address."""
    to = addressee_of(form.to.data or "", form.listing.data or "", viewer)
    user = get_user(viewer.public_id) if viewer.is_signed_in else None
    return Ask(
        kind=EnquiryKind.REQUEST if to else EnquiryKind.QUESTION,
        subject=form.subject.data or "",
        text=form.text.data or "",
        locale=locale(),
        topic=word_of(form.topic.data or ""),
        program=program_of(form.program.data) if form.program.data else None,
        listing=to.listing if to else None,
        addressee=to.organization if to else None,
        **_person(form, user, viewer),
    )


def _person(form: QuestionForm, user: User | None, viewer: Viewer) -> dict[str, Any]:
    if user is not None:
        return {
            "name": user.name,
            "email": user.email,
            "user": user,
            "organization": own_organization(viewer),
            "organization_name": viewer.organization_name or "",
        }
    if not isinstance(form, VisitorQuestionForm):
        raise NotFound
    names = ("name", "email", "organization_name", "phone")
    return {name: form[name].data or "" for name in names}


def handler_choices(current: User | None = None) -> list[tuple[str, str]]:
    """(public id, name) of who may be given an enquiry."""
    people = handlers()
    if current and current not in people:
        people.append(current)
    return [(user.public_id, user.name) for user in people]


def handler_of(public_id: str) -> User | None:
    """The person chosen, or None."""
    return next((user for user in handlers() if user.public_id == public_id), None)


def organization_meant(text: str, viewer: Viewer) -> Organization | None:
    """The one organization that a typed name means. Raises DomainError when it is unclear."""
    if not text.strip():
        return None
    found = require([], text, viewer, field="organization_name")
    if len(found) != 1:
        raise DomainError(_("企業・団体は 1 つだけ書いてください。"), field="organization_name")
    return found[0]


def rule_wish(form: Any) -> RuleWish:
    """What the form of a rule says."""
    return RuleWish(
        program=program_of(form.program.data) if form.program.data else None,
        topic=word_of(form.topic.data or ""),
        kind=form.kind.data,
        desk=form.desk.data or "",
        handler=handler_of(form.handler.data or ""),
        days=form.days.data,
        position=form.position.data,
    )


def rule_stored(rule: RoutingRule) -> dict[str, Any]:
    """A rule as its form shows it."""
    return {
        "position": rule.position,
        "program": rule.program.public_id if rule.program else "",
        "topic": code_of(rule.topic),
        "kind": rule.kind,
        "desk": rule.desk,
        "handler": rule.handler.public_id if rule.handler else "",
        "days": rule.days,
        "version": rule.version,
    }
