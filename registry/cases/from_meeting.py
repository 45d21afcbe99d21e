"""What a case begins with when it comes of a meeting at a fair."""

from typing import Any

from flask_babel import gettext as _

from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.events.meetings import get_meeting


def words_of_meeting(public_id: str, viewer: Viewer) -> dict[str, Any]:
    """Title, parties and program of the form, by field; nothing for an unknown meeting."""
    if not public_id:
        return {}
    try:
        meeting = get_meeting(public_id, viewer)
    except NotFound:
        return {}
    program = meeting.edition.event.program
    both = _("%(host)sと%(guest)sの商談", host=meeting.host.name, guest=meeting.guest.name)
    return {
        "title": (meeting.subject or both)[:120],
        "organizations": [meeting.host.public_id, meeting.guest.public_id],
        "program": program.public_id if program else "",
    }
