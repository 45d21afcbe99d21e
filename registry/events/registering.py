"""Registrations (参加申込): so many people of an organization, within the capacity, then waiting.

Every decision is taken with the edition's row locked, so that two at once never exceed it. Whoever
waits moves up as soon as the whole group fits, the longest waiting first.
"""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.events import mails
from registry.events.locking import lock
from registry.events.models import Edition, EditionState, Registration, RegistrationState
from registry.events.queries import is_taking, may_run, visible_to
from registry.organizations.models import Organization

MOST_PEOPLE = 200
"""People of one organization at one edition."""
HOLDING = (RegistrationState.REGISTERED, RegistrationState.ATTENDED, RegistrationState.ABSENT)
"""Registrations that keep their places."""


def register(
    edition: Edition,
    organization: Organization,
    *,
    people: int,
    note: str = "",
    today: date,
    viewer: Viewer,
) -> Registration:
    """Register so many people of an organization; over the capacity they wait.

    A member registers its own organization while the edition takes registrations; those who run it
    also later. Raises DomainError when it is closed or the organization is registered already.
    """
    runs = may_run(edition.event, viewer)
    if not runs and not viewer.belongs_to(organization.id):
        raise NotAllowed(_("申し込めるのは、自分の企業・団体だけです。"))
    lock(edition)
    _refuse_closed(edition, runs=runs, today=today)
    if not 1 <= people <= MOST_PEOPLE:
        raise DomainError(
            _("人数は 1 から %(most)s までにしてください。", most=MOST_PEOPLE), field="people"
        )
    if _standing_of(edition, organization):
        raise DomainError(
            _(
                "「%(name)s」はもう申し込んでいます。人数を変えるときは、取り消してから申し込んでください。",
                name=organization.name,
            )
        )
    registration = Registration(
        edition_id=edition.id,
        organization_id=organization.id,
        people=people,
        state=RegistrationState.REGISTERED if fits(edition, people) else RegistrationState.WAITING,
        note=note.strip(),
        registered_by_id=viewer.user_id,
    )
    if edition.state is EditionState.HELD:
        registration.state = RegistrationState.ATTENDED
    db.session.add(registration)
    db.session.flush()
    _log(registration, "registration.made", viewer, None)
    mails.tell_registered(registration)
    return registration


def cancel(registration: Registration, *, today: date, viewer: Viewer) -> None:
    """Take a registration back; those who wait move up. Raises DomainError once it was marked."""
    edition = registration.edition
    runs = may_run(edition.event, viewer)
    if not runs and not viewer.belongs_to(registration.organization_id):
        raise NotAllowed(_("取り消せるのは、自分の企業・団体の申込だけです。"))
    lock(edition)
    db.session.refresh(registration)
    if registration.state not in (RegistrationState.REGISTERED, RegistrationState.WAITING):
        raise DomainError(_("この申込は、もう取り消せません。"))
    if not runs and edition.ends_on < today:
        raise DomainError(_("終わったイベントの申込は取り消せません。"))
    was, registration.state = registration.state, RegistrationState.CANCELLED
    db.session.flush()
    _log(registration, "registration.cancelled", viewer, was)
    mails.tell_cancelled(registration)
    move_up(edition, viewer=viewer)


def mark(
    edition: Edition,
    public_ids: Sequence[str],
    state: RegistrationState,
    *,
    today: date,
    viewer: Viewer,
) -> int:
    """Say of registrations who came and who did not, or take that back; returns how many changed.

    Raises DomainError before the edition begins, NotAllowed for those who do not run it.
    """
    if not may_run(edition.event, viewer):
        raise NotAllowed(_("このイベントの記録を書けるのは、制度の担当と事務局です。"))
    if state not in HOLDING:
        raise DomainError(_("参加か欠席かを選んでください。"))
    if edition.starts_on > today:
        raise DomainError(_("参加・欠席を記録できるのは、始まりの日からです。"))
    if not public_ids:
        raise DomainError(_("記録する申込を選んでください。"))
    lock(edition)
    chosen = db.session.scalars(
        select(Registration).where(
            Registration.edition_id == edition.id,
            Registration.public_id.in_(list(public_ids)[:500]),
            Registration.state.in_(HOLDING),
            Registration.state != state,
        )
    ).all()
    for registration in chosen:
        was, registration.state = registration.state, state
        _log(registration, "registration.marked", viewer, was)
    db.session.flush()
    return len(chosen)


def move_up(edition: Edition, *, viewer: Viewer) -> list[Registration]:
    """Give free places to those who wait, as long as the whole group fits; the edition is locked
    by whoever calls. Returns those who moved up; they are told by mail."""
    waiting = db.session.scalars(
        select(Registration)
        .where(
            Registration.edition_id == edition.id,
            Registration.state == RegistrationState.WAITING,
        )
        .order_by(Registration.created_at, Registration.id)
    ).all()
    moved = []
    for registration in waiting:
        if fits(edition, registration.people):
            registration.state = RegistrationState.REGISTERED
            db.session.flush()
            _log(registration, "registration.moved_up", viewer, RegistrationState.WAITING)
            mails.tell_moved_up(registration)
            moved.append(registration)
    return moved


def fits(edition: Edition, people: int) -> bool:
    """Whether so many more people find a place."""
    return edition.capacity is None or taken(edition) + people <= edition.capacity


def taken(edition: Edition) -> int:
    """Places taken: registered people, those who came and those who did not."""
    number = db.session.scalar(
        select(func.coalesce(func.sum(Registration.people), 0)).where(
            Registration.edition_id == edition.id, Registration.state.in_(HOLDING)
        )
    )
    return int(number or 0)


def standing(edition: Edition) -> list[Registration]:
    """Registrations that stand or wait, the oldest first."""
    kept = (RegistrationState.REGISTERED, RegistrationState.WAITING)
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.edition_id == edition.id, Registration.state.in_(kept))
            .options(joinedload(Registration.organization))
            .order_by(Registration.created_at, Registration.id)
        )
    )


def get_registration(public_id: str, viewer: Viewer) -> Registration:
    """The registration of that id: the viewer's own organization's, or of an event he runs.

    Raises NotFound.
    """
    found = db.session.scalar(select(Registration).where(Registration.public_id == public_id))
    if found is None:
        raise NotFound
    own = viewer.belongs_to(found.organization_id)
    if not own and not may_run(found.edition.event, viewer):
        raise NotFound
    if db.session.scalar(visible_to(viewer).where(Edition.id == found.edition_id)) is None:
        raise NotFound
    return found


def _standing_of(edition: Edition, organization: Organization) -> bool:
    found = select(Registration.id).where(
        Registration.edition_id == edition.id,
        Registration.organization_id == organization.id,
        Registration.state != RegistrationState.CANCELLED,
    )
    return db.session.scalar(found.limit(1)) is not None


def _refuse_closed(edition: Edition, *, runs: bool, today: date) -> None:
    if edition.state in (EditionState.PLANNED, EditionState.CANCELLED):
        raise DomainError(_("この開催回は、申込を受け付けていません。"))
    if not runs and not is_taking(edition, today):
        raise DomainError(_("この開催回の申込は終わりました。主催者に問い合わせてください。"))


def _log(
    registration: Registration, action: str, viewer: Viewer, was: RegistrationState | None
) -> None:
    people = {"people": (None, registration.people)} if was is None else {}
    record(
        actor=viewer,
        action=action,
        subject=f"registration:{registration.public_id}",
        changes={"state": (was, registration.state), **people},
    )
