"""Contact persons (連絡先) of an organization. Never on public pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Contact, Organization
from registry.organizations.service import refuse_stranger

MOST = 20


@dataclass(frozen=True)
class ContactCard:
    """What is written about a contact person; an address or a telephone is enough."""

    name: str
    kana: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


def get_contact(organization: Organization, public_id: str) -> Contact:
    """The contact of that id within the organization. Raises NotFound."""
    found = db.session.scalar(
        select(Contact).where(
            Contact.public_id == public_id, Contact.organization_id == organization.id
        )
    )
    if found is None:
        raise NotFound
    return found


def add_contact(organization: Organization, card: ContactCard, *, viewer: Viewer) -> Contact:
    """A new contact person. Raises DomainError when he could not be reached at all."""
    refuse_stranger(organization, viewer)
    _refuse_unreachable(card)
    if len(organization.contacts) >= MOST:
        raise DomainError(
            _(
                "連絡先は %(most)s 人までです。使わなくなった連絡先を削除してから追加してください。",
                most=MOST,
            )
        )
    contact = Contact(organization=organization, **vars(card))
    db.session.add(contact)
    db.session.flush()
    changes = {f"contact_{name}": (None, value) for name, value in vars(card).items() if value}
    _log(organization, "contact.added", viewer, changes)
    return contact


def change_contact(
    contact: Contact, card: ContactCard, *, version: int | None, viewer: Viewer
) -> None:
    """Correct a contact person. Raises Conflict when somebody else was faster."""
    refuse_stranger(contact.organization, viewer)
    _refuse_unreachable(card)
    if version is not None and version != contact.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの連絡先を変更しました。"),
            version=contact.version,
            fields=(
                ConflictField("name", _("氏名"), contact.name),
                ConflictField("kana", _("フリガナ"), contact.kana),
                ConflictField("role", _("部署・役職"), contact.role),
                ConflictField("email", _("メールアドレス"), contact.email),
                ConflictField("phone", _("電話"), contact.phone),
            ),
        )
    changes = {f"contact_{name}": pair for name, pair in apply(contact, vars(card)).items()}
    if changes:
        _log(contact.organization, "contact.changed", viewer, changes)
    db.session.flush()


def remove_contact(contact: Contact, *, viewer: Viewer) -> None:
    """Forget a contact person."""
    refuse_stranger(contact.organization, viewer)
    changes = {
        f"contact_{name}": (getattr(contact, name), None)
        for name in ("name", "kana", "role", "email", "phone")
        if getattr(contact, name)
    }
    _log(contact.organization, "contact.removed", viewer, changes)
    contact.organization.contacts.remove(contact)
    db.session.flush()


def _refuse_unreachable(card: ContactCard) -> None:
    if not card.email and not card.phone:
        raise DomainError(_("メールアドレスか電話の、どちらかを入力してください。"), field="email")


def _log(
    organization: Organization, action: str, viewer: Viewer, changes: Mapping[str, Change]
) -> None:
    record(
        actor=viewer,
        action=action,
        subject=f"organization:{organization.public_id}",
        changes=changes,
    )
