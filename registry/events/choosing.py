"""Finding the one organization that a field of a form means."""

from typing import Any

from flask_babel import gettext as _

from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.organizations.models import Organization
from registry.organizations.queries import own_organization
from registry.programs.applicants import fitting


def one(form: Any, field: str, viewer: Viewer) -> Organization:
    """The organization meant by the field `<field>_name` and the ticked one of `<field>`.

    Raises DomainError at the name when nobody or several fit.
    """
    name = (form[f"{field}_name"].data or "").strip()
    fits = fitting(name, viewer)
    ticked = [row for row in fits if row.public_id == form[field].data]
    if ticked or len(fits) == 1:
        return (ticked or fits)[0]
    words = (
        _("「%(name)s」に当てはまる企業・団体が複数あります。下から選んでください。", name=name)
        if fits
        else _("「%(name)s」に当てはまる企業・団体がありません。", name=name)
    )
    raise DomainError(words, field=f"{field}_name")


def one_if_named(form: Any, field: str, viewer: Viewer) -> Organization | None:
    """The same for a field that may stay empty."""
    return one(form, field, viewer) if (form[f"{field}_name"].data or "").strip() else None


def offer(form: Any, field: str, viewer: Viewer) -> None:
    """Offer the organizations that the typed name may mean, when they are several."""
    fits = fitting(form[f"{field}_name"].data or "", viewer)
    form[field].choices = [(row.public_id, row.name) for row in fits] if len(fits) > 1 else []


def own(viewer: Viewer) -> Organization:
    """The organization that the viewer speaks for. Raises NotAllowed without an approved one."""
    found = own_organization(viewer)
    if found is None or not found.is_approved:
        raise NotAllowed(_("申し込めるのは、登録が承認された企業・団体の会員です。"))
    return found
