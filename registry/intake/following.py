"""What an enquiry or a survey's answer goes on as: an encounter or the draft of a need; and back."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import record
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Channel, Encounter, EncounterKind
from registry.encounters.service import RecordEncounter, delete_encounter, record_encounter
from registry.intake.models import Became, Enquiry, GoesOn, SurveyCopy
from registry.listings.content import TITLE_MAX, Content
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.listings.service import close_listing, create_listing
from registry.office.settings import office
from registry.organizations.models import ConsentWay, Organization
from registry.organizations.profile import Word
from registry.programs.models import Program


@dataclass(frozen=True)
class Told:
    """What was told, whoever told it how: the same for an enquiry and a survey's answer."""

    row: Enquiry | SurveyCopy
    reference: str
    organization: Organization | None
    name: str
    on: date
    subject: str
    text: str
    topic: str = ""
    program: Program | None = None


def becomes_encounter(told: Told, *, today: date, viewer: Viewer) -> Encounter:
    """Write it down as a consultation by mail. Raises DomainError when it went on already."""
    _refuse_again(told.row)
    encounter = record_encounter(
        RecordEncounter(
            kind=EncounterKind.MAIL,
            held_on=min(told.on, today),
            subject=told.subject[:200],
            result=told.text[:4000],
            organizations=(told.organization,) if told.organization else (),
            program=told.program,
            channel=Channel.WEB,
            topics=(told.topic,) if told.topic else (),
            source=told.reference,
        ),
        today=today,
        viewer=viewer,
    )
    went_on(told.row, Became.ENCOUNTER, encounter.public_id, viewer=viewer)
    return encounter


def becomes_need(told: Told, *, today: date, viewer: Viewer) -> Listing:
    """Begin the draft of a need for the organization that told it, with its word noted (代行入力);
    the office completes and publishes it. Raises DomainError without a registered organization."""
    _refuse_again(told.row)
    if told.organization is None:
        raise DomainError(_("先に、登録された企業・団体を「振り分け」の画面で選んでください。"))
    content = Content(
        category=Category.TECHNOLOGY,
        title=told.subject[:TITLE_MAX],
        visibility=Visibility.STAFF,
        valid_until=today + timedelta(days=office().listing_days),
        description=told.text[:2000],
    )
    word = Word(
        about=_("%(reference)s の内容をニーズとして登録すること", reference=told.reference),
        given_by=told.name[:80] or _("回答者"),
        way=ConsentWay.LINK,
        given_on=min(told.on, today),
        evidence=told.reference,
    )
    listing = create_listing(
        content,
        kind=ListingKind.NEED,
        organization=told.organization,
        viewer=viewer,
        today=today,
        consent=word,
    )
    went_on(told.row, Became.NEED, listing.public_id, viewer=viewer)
    return listing


def went_on(row: GoesOn, became: Became, public_id: str, *, viewer: Viewer) -> None:
    """Note what it went on as. Raises DomainError when it did already."""
    _refuse_again(row)
    row.became, row.became_id = became, public_id
    db.session.flush()
    _log(row, "went_on", viewer, {"became": (None, f"{became.value}:{public_id}")})


def take_back(row: GoesOn, *, viewer: Viewer) -> None:
    """Undo: the encounter is deleted, the draft closed; a case only loses the tie to it.

    Raises DomainError when the need is published by now, or there is nothing to take back.
    """
    if row.became is None:
        raise DomainError(_("取り消すものがありません。"))
    reason = _("受付から作ったものを取り消した")
    if row.became is Became.ENCOUNTER:
        found = db.session.scalar(select(Encounter).where(Encounter.public_id == row.became_id))
        if found is not None:
            delete_encounter(found, reason=reason, viewer=viewer)
    if row.became is Became.NEED:
        listing = db.session.scalar(select(Listing).where(Listing.public_id == row.became_id))
        if listing is not None and listing.state is not ListingState.CLOSED:
            if listing.state is not ListingState.DRAFT:
                raise DomainError(
                    _("ニーズはもう下書きではありません。案件の画面で終えてください。")
                )
            close_listing(listing, reason=reason, viewer=viewer)
    before = f"{row.became.value}:{row.became_id}"
    row.became, row.became_id = None, ""
    db.session.flush()
    _log(row, "undone", viewer, {"became": (before, None)})


def _refuse_again(row: GoesOn) -> None:
    if row.became is not None:
        raise DomainError(_("すでに記録にしました。先にそれを取り消してください。"))


def _log(row: GoesOn, verb: str, viewer: Viewer, changes: dict[str, tuple[object, object]]) -> None:
    thing = "enquiry" if isinstance(row, Enquiry) else "survey"
    public_id = row.public_id  # type: ignore[attr-defined]
    record(actor=viewer, action=f"{thing}.{verb}", subject=f"{thing}:{public_id}", changes=changes)
