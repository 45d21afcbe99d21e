"""Exhibitors (出展者) of an edition: added, applied for, cancelled, in joint booths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.events import mails
from registry.events.locking import lock
from registry.events.models import Edition, EditionState, EventKind, Exhibit, JointBooth
from registry.events.queries import is_taking, may_run, visible_to
from registry.events.writing import refuse_others
from registry.organizations.models import Organization

MOST_BOOTHS = 500
"""More booths of one exhibitor are a mistake."""
WITH_BOOTHS = (EventKind.EXHIBITION, EventKind.MEETING_DAY, EventKind.FESTIVAL)
"""Kinds of event at which organizations exhibit and may apply to."""


@dataclass(frozen=True)
class ExhibitWords:
    """What is written about an exhibit. In a joint booth its own `booths` are 0."""

    booths: int = 1
    label: str = ""
    theme: str = ""
    supported: bool = False
    joint_booth: JointBooth | None = None

    def values(self) -> dict[str, object]:
        """Column values."""
        return {
            "booths": 0 if self.joint_booth else self.booths,
            "label": self.label.strip(),
            "theme": self.theme.strip(),
            "supported": self.supported,
            "joint_booth_id": self.joint_booth.id if self.joint_booth else None,
        }


def add_exhibitors(
    edition: Edition, organizations: Sequence[Organization], words: ExhibitWords, *, viewer: Viewer
) -> list[Exhibit]:
    """Add one or several organizations with the same words; one that was cancelled or applied is
    in again. Raises DomainError when one exhibits already or none is named."""
    refuse_others(edition.event, viewer)
    lock(edition)
    _check(edition, words)
    if not organizations:
        raise DomainError(_("出展する企業・団体を選んでください。"), field="organization_names")
    added = []
    for organization in organizations:
        exhibit = _exhibit_of(edition, organization) or Exhibit(
            edition_id=edition.id, organization_id=organization.id, cancelled=True
        )
        if not exhibit.cancelled and not exhibit.requested:
            raise DomainError(
                _("「%(name)s」は、もう出展者に入っています。", name=organization.name),
                field="organization_names",
            )
        apply(exhibit, {**words.values(), "cancelled": False, "requested": False})
        exhibit.cancel_reason = ""
        db.session.add(exhibit)
        db.session.flush()
        changes: dict[str, Change] = {"organization": (None, organization.public_id)}
        changes |= {n: (None, v) for n, v in words.values().items() if v not in (None, "", False)}
        _log(exhibit, "exhibit.added", viewer, changes)
        added.append(exhibit)
    return added


def change_exhibit(
    exhibit: Exhibit, words: ExhibitWords, *, version: int | None, viewer: Viewer
) -> None:
    """Correct an exhibit. Raises Conflict when somebody changed it after `version`."""
    refuse_others(exhibit.edition.event, viewer)
    lock(exhibit)
    if version is not None and version != exhibit.version:
        raise Conflict(
            _("この出展の記録は、開いてからの間に、ほかの人が変更しました。"),
            version=exhibit.version,
            fields=(
                ConflictField("booths", _("ブースの数"), str(exhibit.booths)),
                ConflictField("label", _("小間番号"), exhibit.label),
                ConflictField("theme", _("出展の内容"), exhibit.theme),
            ),
        )
    _check(exhibit.edition, words)
    changes = apply(exhibit, words.values())
    db.session.flush()
    if changes:
        _log(exhibit, "exhibit.changed", viewer, changes)


def apply_to_exhibit(
    edition: Edition,
    organization: Organization,
    *,
    booths: int,
    theme: str,
    today: date,
    viewer: Viewer,
) -> Exhibit:
    """A member applies for its organization; whoever runs the event answers.

    Raises DomainError when the edition takes none or the organization is in already.
    """
    if not viewer.belongs_to(organization.id):
        raise NotAllowed(_("申し込めるのは、自分の企業・団体だけです。"))
    lock(edition)
    if not takes_exhibitors(edition, today):
        raise DomainError(_("この開催回は、出展の申込を受け付けていません。"))
    words = ExhibitWords(booths=booths, theme=theme)
    _check(edition, words)
    exhibit = _exhibit_of(edition, organization) or Exhibit(
        edition_id=edition.id, organization_id=organization.id, cancelled=True
    )
    if not exhibit.cancelled:
        raise DomainError(_("出展は、もう申し込んでいます。"))
    apply(exhibit, {**words.values(), "cancelled": False, "requested": True})
    exhibit.cancel_reason = ""
    db.session.add(exhibit)
    db.session.flush()
    changes = {"organization": (None, organization.public_id), "theme": (None, exhibit.theme)}
    _log(exhibit, "exhibit.requested", viewer, changes)
    return exhibit


def accept(exhibit: Exhibit, *, viewer: Viewer) -> None:
    """Answer an application: the organization exhibits."""
    refuse_others(exhibit.edition.event, viewer)
    lock(exhibit)
    if not exhibit.requested or exhibit.cancelled:
        raise DomainError(_("この申込には、もう答えています。"))
    exhibit.requested = False
    db.session.flush()
    _log(exhibit, "exhibit.accepted", viewer, {"requested": (True, False)})
    mails.tell_exhibit(exhibit, accepted=True)


def cancel(exhibit: Exhibit, *, reason: str = "", viewer: Viewer) -> None:
    """Take an exhibit out of the edition, or decline an application (then a reason is asked for).

    A member takes its own back while the edition is not over. Raises DomainError.
    """
    runs = may_run(exhibit.edition.event, viewer)
    if not runs and not viewer.belongs_to(exhibit.organization_id):
        raise NotAllowed(_("取り消せるのは、自分の企業・団体の出展だけです。"))
    lock(exhibit)
    if exhibit.cancelled:
        raise DomainError(_("この出展は、もう取り消されています。"))
    if not runs and exhibit.edition.state not in (EditionState.OPEN, EditionState.CLOSED):
        raise DomainError(_("取り消すときは、主催者に連絡してください。"))
    declined = exhibit.requested and runs
    if declined and not reason.strip():
        raise DomainError(_("お断りする理由を入力してください。"), field="reason")
    exhibit.cancelled, exhibit.cancel_reason = True, reason.strip()
    db.session.flush()
    _log(exhibit, "exhibit.cancelled", viewer, {"cancelled": (False, True)})
    if declined:
        mails.tell_exhibit(exhibit, accepted=False)


def restore(exhibit: Exhibit, *, viewer: Viewer) -> None:
    """Take the cancellation back; an application waits for its answer again."""
    refuse_others(exhibit.edition.event, viewer)
    lock(exhibit)
    if not exhibit.cancelled:
        raise DomainError(_("この出展は取り消されていません。"))
    exhibit.cancelled, exhibit.cancel_reason = False, ""
    db.session.flush()
    _log(exhibit, "exhibit.restored", viewer, {"cancelled": (True, False)})


def make_joint_booth(
    edition: Edition,
    *,
    name: str,
    booths: int,
    leader: Organization | None,
    members: Sequence[Organization],
    viewer: Viewer,
) -> JointBooth:
    """A booth that several share; its members exhibit in it from now on, those who had booths of
    their own give them up. Raises DomainError for fewer than two members or a used name."""
    refuse_others(edition.event, viewer)
    lock(edition)
    _refuse_booths(booths)
    together = dict.fromkeys([*members, *([leader] if leader else [])])
    if len(together) < 2:
        raise DomainError(
            _("共同出展には、2 つ以上の企業・団体が必要です。"), field="organization_names"
        )
    used = func.count(JointBooth.id)
    same = select(used).where(JointBooth.edition_id == edition.id, JointBooth.name == name.strip())
    if db.session.scalar(same):
        raise DomainError(_("同じ名前の共同出展が、もうあります。"), field="name")
    booth = JointBooth(
        edition_id=edition.id,
        name=name.strip(),
        leader_id=leader.id if leader else None,
        booths=booths,
    )
    db.session.add(booth)
    db.session.flush()
    for organization in members:
        exhibit = _exhibit_of(edition, organization) or Exhibit(
            edition_id=edition.id, organization_id=organization.id
        )
        apply(exhibit, {"booths": 0, "cancelled": False, "requested": False})
        exhibit.joint_booth_id = booth.id
        db.session.add(exhibit)
    db.session.flush()
    changes = {"name": (None, booth.name), "booths": (None, booths)}
    subject = f"edition:{edition.public_id}"
    record(actor=viewer, action="joint_booth.made", subject=subject, changes=changes)
    return booth


def joint_booths_of(edition: Edition) -> list[JointBooth]:
    """The joint booths of an edition, in the order of their making."""
    found = select(JointBooth).where(JointBooth.edition_id == edition.id).order_by(JointBooth.id)
    return list(db.session.scalars(found))


def takes_exhibitors(edition: Edition, today: date) -> bool:
    """Whether members may apply to exhibit now."""
    event = edition.event
    return event.kind in WITH_BOOTHS and not event.is_external and is_taking(edition, today)


def get_exhibit(public_id: str, viewer: Viewer) -> Exhibit:
    """The exhibit of that id: the viewer's own organization's, or at an event he runs.

    Raises NotFound.
    """
    found = db.session.scalar(select(Exhibit).where(Exhibit.public_id == public_id))
    if found is None:
        raise NotFound
    own = viewer.belongs_to(found.organization_id)
    if not own and not may_run(found.edition.event, viewer):
        raise NotFound
    if db.session.scalar(visible_to(viewer).where(Edition.id == found.edition_id)) is None:
        raise NotFound
    return found


def _exhibit_of(edition: Edition, organization: Organization) -> Exhibit | None:
    return db.session.scalar(
        select(Exhibit).where(
            Exhibit.edition_id == edition.id, Exhibit.organization_id == organization.id
        )
    )


def _check(edition: Edition, words: ExhibitWords) -> None:
    if words.joint_booth is not None and words.joint_booth.edition_id != edition.id:
        raise NotFound
    _refuse_booths(words.booths)


def _refuse_booths(booths: int) -> None:
    if not 0 <= booths <= MOST_BOOTHS:
        raise DomainError(
            _("ブースの数は 0 から %(most)s までにしてください。", most=MOST_BOOTHS),
            field="booths",
        )


def _log(exhibit: Exhibit, action: str, viewer: Viewer, changes: Mapping[str, Change]) -> None:
    record(actor=viewer, action=action, subject=f"exhibit:{exhibit.public_id}", changes=changes)
