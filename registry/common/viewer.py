"""Who is looking: the value by which queries are scoped and services decide."""

from dataclasses import dataclass

from registry.common.roles import STAFF, Role, may


@dataclass(frozen=True)
class Viewer:
    """The person (or the command line) behind a request, without any database object.

    `user_id` and `organization_id` are row numbers for scoping; `public_id` names the actor in the
    audit log. `program_ids` are the programs an operator runs.
    """

    role: Role = Role.VISITOR
    user_id: int | None = None
    public_id: str = "visitor"
    name: str = ""
    organization_id: int | None = None
    organization_name: str | None = None
    manages_organization: bool = False
    program_ids: frozenset[int] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def may(self, permission: str) -> bool:
        """Whether the viewer's role has the permission."""
        return may(self.role, permission)

    def belongs_to(self, organization_id: int) -> bool:
        """Whether the viewer is a member of that organization."""
        return self.organization_id is not None and self.organization_id == organization_id


VISITOR = Viewer()
SYSTEM = Viewer(role=Role.ADMINISTRATOR, public_id="system", name="system")
"""The actor of commands and of the worker."""
