"""Contacts of an organization: personal data, for its own members and staff, by a scope of its own."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, select

from registry.accounts.scopes import Scope
from registry.api.models import Body, ChangedQuery, Moment, Record, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import Text
from registry.api.v1.shared import changed_since
from registry.common.viewer import Viewer
from registry.organizations.contacts import (
    ContactCard,
    add_contact,
    change_contact,
    get_contact,
)
from registry.organizations.models import Contact, Organization
from registry.organizations.queries import get_organization
from registry.organizations.service import refuse_stranger


class ContactBody(Body):
    """A person to reach. An address or a telephone is needed."""

    name: Annotated[str, Text(80, needed=True)] = Field(
        description="氏名 / Name", examples=["見本 花子"]
    )
    kana: Annotated[str, Text(80)] = Field("", description="フリガナ / Reading in kana")
    role: Annotated[str, Text(80)] = Field("", description="部署・役職 / Department and post")
    email: Annotated[str, Text(254)] = Field("", description="メールアドレス / Mail address")
    phone: Annotated[str, Text(40)] = Field("", description="電話 / Telephone")


class ContactRecord(Record):
    """A contact person."""

    id: str = Field(description="公開 ID / Public id")
    name: str
    kana: str
    role: str
    email: str
    phone: str
    updated_at: Moment


def _organization(organization_id: str, viewer: Viewer) -> Organization:
    organization = get_organization(organization_id, viewer)
    refuse_stranger(organization, viewer)
    return organization


def show(row: Contact, _viewer: Viewer) -> ContactRecord:
    """The contact person."""
    names = ("name", "kana", "role", "email", "phone", "updated_at")
    return ContactRecord(id=row.public_id, **{name: getattr(row, name) for name in names})


def find(query: ChangedQuery, viewer: Viewer, organization_id: str) -> Select[Contact]:
    """The organization's contacts, in the order in which they were added."""
    organization = _organization(organization_id, viewer)
    statement = select(Contact).where(Contact.organization_id == organization.id)
    return changed_since(statement.order_by(Contact.id), Contact, query.modified_after)


def get(viewer: Viewer, organization_id: str, contact_id: str) -> Contact:
    """One contact."""
    return get_contact(_organization(organization_id, viewer), contact_id)


def create(body: ContactBody, viewer: Viewer, organization_id: str) -> Contact:
    """Add a contact."""
    organization = _organization(organization_id, viewer)
    return add_contact(organization, ContactCard(**body.model_dump()), viewer=viewer)


def change(row: Contact, body: Any, version: int | None, viewer: Viewer) -> None:
    """Correct what was sent."""
    now = {name: getattr(row, name) for name in ContactBody.model_fields}
    change_contact(row, ContactCard(**{**now, **body.given()}), version=version, viewer=viewer)


contacts = Resource(
    name="contacts",
    path="/organizations/{organization_id}/contacts",
    key="contact_id",
    tag=Tag("contacts", "連絡先 / Contacts"),
    words="連絡先 / contacts",
    record=ContactRecord,
    show=show,
    get=get,
    read=Scope.CONTACTS_READ,
    write=Scope.CONTACTS_WRITE,
)
contacts.lists(ChangedQuery, find)
contacts.gets()
contacts.creates(ContactBody, create)
contacts.changes(patch_of(ContactBody, "ContactPatch"), change)
