"""Finding the organizations that took part: ids that were ticked, and names that were typed."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.common.folding import fold_name
from registry.common.viewer import Viewer
from registry.encounters.queries import organizations_by_ids, organizations_named
from registry.organizations.models import Organization

SEPARATORS = re.compile(r"[、,，;；\n]+")
FIELD = "organization_names"


@dataclass(frozen=True)
class Participants:
    """Who was chosen, and whom the typed names could also mean."""

    chosen: tuple[Organization, ...]
    offered: tuple[Organization, ...]
    problem: str = ""


def find(public_ids: list[str], names: str, viewer: Viewer) -> Participants:
    """Read ticked ids and typed names (separated by 、).

    A name that fits exactly one organization chooses it; one that fits several offers them, unless
    one of those is ticked already.
    """
    chosen = {row.id: row for row in organizations_by_ids(public_ids, viewer)}
    offered: dict[int, Organization] = {}
    problem = ""
    for name in filter(None, (part.strip() for part in SEPARATORS.split(names))):
        fits = _fitting(name, viewer)
        if len(fits) == 1:
            chosen.setdefault(fits[0].id, fits[0])
        elif not fits:
            problem = _("「%(name)s」に当てはまる企業・団体がありません。", name=name)
        elif not any(row.id in chosen for row in fits):
            offered.update((row.id, row) for row in fits)
            problem = _(
                "「%(name)s」に当てはまる企業・団体が複数あります。下から選んでください。",
                name=name,
            )
    return Participants(tuple(chosen.values()), tuple(offered.values()), problem)


def require(
    public_ids: list[str], names: str, viewer: Viewer, *, field: str = FIELD
) -> list[Organization]:
    """The organizations meant, by number. Raises DomainError at the field when one is unclear."""
    found = find(public_ids, names, viewer)
    if found.problem:
        raise DomainError(found.problem, field=field)
    return sorted(found.chosen, key=lambda row: row.number)


def _fitting(name: str, viewer: Viewer) -> list[Organization]:
    """Those whose name holds the text; the one whose whole name it is comes alone."""
    fits = organizations_named(name, viewer)
    same = [row for row in fits if row.name_key == fold_name(name)]
    return same if len(same) == 1 else fits
