"""Enquiries and requests: received, routed, answered, closed."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.service import Change, apply, record
from registry.common.calendar import add_business_days
from registry.common.errors import DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db, next_number, now
from registry.intake import mails
from registry.intake.models import Enquiry, EnquiryAnswer, EnquiryKind, EnquiryState
from registry.intake.routing import DAYS, first_fitting, rules
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.programs.models import Program

Link = Callable[[str], str]
"""Makes the absolute address of a page from a token or a public id."""


@dataclass(frozen=True)
class Ask:
    """What somebody asks. Of a signed-in person `user` and `organization` are known."""

    kind: EnquiryKind
    name: str
    email: str
    subject: str
    text: str
    phone: str = ""
    organization_name: str = ""
    organization: Organization | None = None
    user: User | None = None
    locale: str = "ja"
    topic: str = ""
    program: Program | None = None
    listing: Listing | None = None
    addressee: Organization | None = None


def ask(command: Ask, *, today: date, viewer: Viewer, link: Link, page: Link) -> Enquiry:
    """Keep an enquiry under the next number. A signed-in person's is received at once; a visitor is
    mailed the link that proves the address, and nobody else hears of it before."""
    addressee = command.listing.organization if command.listing else command.addressee
    enquiry = Enquiry(
        number=next_number(Enquiry.number),
        kind=command.kind,
        state=EnquiryState.UNVERIFIED,
        name=command.name.strip(),
        email=command.email.strip().lower(),
        phone=command.phone.strip(),
        organization_name=command.organization_name.strip(),
        organization=command.organization,
        user=command.user,
        locale=command.locale,
        subject=command.subject.strip(),
        text=command.text.strip(),
        topic=command.topic,
        program=command.program,
        listing=command.listing,
        addressee=addressee,
    )
    db.session.add(enquiry)
    db.session.flush()
    _log(enquiry, "enquiry.received", viewer, {"subject": (None, enquiry.subject)})
    token = secrets.token_urlsafe(32)
    enquiry.token_hash = hash_of(token)
    if command.user is None:
        mails.send_verification(enquiry, link(token))
    else:
        _receive(enquiry, today=today, page=page)
    return enquiry


def hash_of(token: str) -> str:
    """What is kept of a token; long random secrets need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> Enquiry:
    """The enquiry to which a link leads. Raises NotFound."""
    found = db.session.scalar(select(Enquiry).where(Enquiry.token_hash == hash_of(token[:200])))
    if found is None:
        raise NotFound
    return found


def verify(token: str, *, today: date, viewer: Viewer, page: Link) -> Enquiry:
    """The asker pressed the button of the link's page: the enquiry is received. Pressing it again
    changes nothing. Raises NotFound for a dead link."""
    enquiry = by_token(token)
    if enquiry.state is EnquiryState.UNVERIFIED:
        _receive(enquiry, today=today, page=page)
        _log(enquiry, "enquiry.verified", viewer)
    return enquiry


def _receive(enquiry: Enquiry, *, today: date, page: Link) -> None:
    """Give it a day and, by the office's rules, a desk and a handler; tell those concerned."""
    rule = first_fitting(enquiry, rules())
    enquiry.state, enquiry.received_at = EnquiryState.RECEIVED, now()
    enquiry.due_on = add_business_days(today, rule.days if rule else DAYS)
    if rule:
        enquiry.desk, enquiry.handler = rule.desk, rule.handler
    if rule or enquiry.addressee:
        enquiry.state = EnquiryState.ROUTED
    db.session.flush()
    mails.send_receipt(enquiry)
    if enquiry.addressee:
        mails.tell_addressee(enquiry, page(enquiry.public_id))
    if enquiry.handler:
        mails.tell_handler(enquiry, enquiry.handler, page(enquiry.public_id))


def route(
    enquiry: Enquiry,
    *,
    desk: str,
    handler: User | None,
    due_on: date | None,
    organization: Organization | None,
    viewer: Viewer,
    page: Link,
) -> None:
    """Give an enquiry to a desk or a person, by hand. Empty desk and handler put it back among
    those received. `organization` is the registered one that asks. Raises DomainError for one that
    is over."""
    if not enquiry.is_open:
        raise DomainError(_("答えたか終えたものは、振り分けられません。先に戻してください。"))
    is_routed = desk.strip() or handler or enquiry.addressee_id
    before = enquiry.handler
    changes = apply(
        enquiry,
        {
            "desk": desk.strip(),
            "handler_id": handler.id if handler else None,
            "due_on": due_on,
            "organization_id": organization.id if organization else None,
            "state": EnquiryState.ROUTED if is_routed else EnquiryState.RECEIVED,
        },
    )
    db.session.flush()
    if changes:
        _log(enquiry, "enquiry.routed", viewer, changes)
    if handler and handler is not before and handler.id != viewer.user_id:
        mails.tell_handler(enquiry, handler, page(enquiry.public_id))


def answer(enquiry: Enquiry, *, text: str, viewer: Viewer) -> EnquiryAnswer:
    """Answer by mail; a second answer is possible while it is not closed.

    Raises DomainError for an empty text or a closed enquiry.
    """
    if enquiry.state not in (EnquiryState.RECEIVED, EnquiryState.ROUTED, EnquiryState.ANSWERED):
        raise DomainError(_("終えたものには答えられません。先に戻してください。"))
    if not text.strip():
        raise DomainError(_("お答えを入力してください。"), field="text")
    given = EnquiryAnswer(
        enquiry=enquiry,
        text=text.strip(),
        at=now(),
        by_id=viewer.user_id,
        by_addressee=bool(enquiry.addressee_id and viewer.belongs_to(enquiry.addressee_id)),
    )
    db.session.add(given)
    enquiry.state, enquiry.answered_at = EnquiryState.ANSWERED, given.at
    db.session.flush()
    mails.send_answer(enquiry, given.text)
    _log(enquiry, "enquiry.answered", viewer, {"answer": (None, given.text)})
    return given


def close(enquiry: Enquiry, *, reason: str, viewer: Viewer) -> None:
    """End an enquiry. One that nobody answered needs a reason."""
    if enquiry.state is EnquiryState.CLOSED:
        raise DomainError(_("すでに終えています。"))
    if enquiry.answered_at is None and not reason.strip():
        raise DomainError(_("答えずに終えるときは、理由を入力してください。"), field="reason")
    values = {"state": EnquiryState.CLOSED, "closed_at": now(), "close_reason": reason.strip()}
    _log(enquiry, "enquiry.closed", viewer, apply(enquiry, values))
    db.session.flush()


def reopen(enquiry: Enquiry, *, viewer: Viewer) -> None:
    """Take a closing back: it stands where it stood before."""
    if enquiry.state is not EnquiryState.CLOSED:
        raise DomainError(_("終えたものだけを戻せます。"))
    routed = enquiry.desk or enquiry.handler_id or enquiry.addressee_id
    state = EnquiryState.ROUTED if routed else EnquiryState.RECEIVED
    if enquiry.answered_at:
        state = EnquiryState.ANSWERED
    values = {"state": state, "closed_at": None, "close_reason": ""}
    _log(enquiry, "enquiry.reopened", viewer, apply(enquiry, values))
    db.session.flush()


def _log(
    enquiry: Enquiry, action: str, viewer: Viewer, changes: dict[str, Change] | None = None
) -> None:
    record(actor=viewer, action=action, subject=f"enquiry:{enquiry.public_id}", changes=changes)
