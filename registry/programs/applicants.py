"""Finding the one organization that a form means: an id that was ticked, or a name that was typed."""

from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.common.folding import fold_name
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.queries import find_by_text

FIELD = "organization_name"
OFFERED = 12
"""So many organizations are offered for a name that fits several."""


def fitting(name: str, viewer: Viewer) -> list[Organization]:
    """Visible organizations that a name fits, by kana; one whose whole name it is comes alone."""
    if not name.strip():
        return []
    statement = find_by_text(name, viewer).where(Organization.state != OrganizationState.ARCHIVED)
    fits = list(db.session.scalars(statement.limit(OFFERED)))
    same = [row for row in fits if row.name_key == fold_name(name)]
    return same if len(same) == 1 else fits


def require(public_id: str, name: str, viewer: Viewer) -> Organization:
    """The organization meant: the ticked one, while the typed name still fits it.

    Raises DomainError at the name when it is missing or unclear.
    """
    fits = fitting(name, viewer)
    ticked = [row for row in fits if row.public_id == public_id]
    if ticked or len(fits) == 1:
        return (ticked or fits)[0]
    if not fits:
        raise DomainError(
            _("「%(name)s」に当てはまる企業・団体がありません。", name=name.strip()), field=FIELD
        )
    raise DomainError(
        _(
            "「%(name)s」に当てはまる企業・団体が複数あります。下から選んでください。",
            name=name.strip(),
        ),
        field=FIELD,
    )
