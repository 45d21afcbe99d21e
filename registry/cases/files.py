"""Files of a case: the office sees all of them, a party what is shared once all agreed."""

from flask_babel import gettext as _

from registry.attachments.models import Attachment
from registry.attachments.places import Place, Sees
from registry.attachments.queries import files_of, removed_files_of
from registry.cases.models import Case
from registry.cases.queries import get_case, own_party
from registry.cases.sight import sight_of
from registry.common.errors import NotFound
from registry.common.viewer import Viewer


def place_of_case(public_id: str, viewer: Viewer) -> Place | None:
    """The files of the case with that id; None when the viewer sees none of them.

    A party sees shared ones on the same terms as contacts: every other party agreed as well, the
    case was introduced and is open.
    """
    try:
        case = get_case(public_id, viewer)
    except NotFound:
        return None
    sees = _sees(case, viewer)
    return _place(case, sees, writes=viewer.is_staff) if sees is not Sees.NOTHING else None


def files_of_case(case: Case, viewer: Viewer) -> tuple[list[Attachment], list[Attachment]]:
    """The files of a case that the viewer sees, and the removed ones that can be put back."""
    place = _place(case, _sees(case, viewer), writes=viewer.is_staff)
    return files_of(place), removed_files_of(place)


def is_withheld(case: Case, files: list[Attachment]) -> bool:
    """Whether files are marked as shared while no party may see them yet, or any more."""
    return any(file.shared for file in files) and not any(
        sight_of(case, party).is_shared for party in case.parties
    )


def _sees(case: Case, viewer: Viewer) -> Sees:
    if viewer.is_staff:
        return Sees.ALL
    own = own_party(case, viewer)
    return Sees.SHARED if own and sight_of(case, own).is_shared else Sees.NOTHING


def _place(case: Case, sees: Sees, *, writes: bool) -> Place:
    return Place(
        subject=f"case:{case.public_id}",
        title=f"{case.reference} {case.title}",
        endpoint="cases.show",
        public_id=case.public_id,
        room=_("マッチング"),
        room_endpoint="cases.index",
        sees=sees,
        writes=writes,
        shared_with=_(
            "全員の承諾がそろい、マッチングが進んでいるあいだ、サインインした当事者が開けます。"
        ),
    )
