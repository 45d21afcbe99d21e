"""What the kinds of encounter are called on a page."""

from flask_babel import gettext as _

from registry.encounters.models import EncounterKind


def kind_label(kind: EncounterKind) -> str:
    """How people met: 相談 … メール."""
    return {
        EncounterKind.CONSULTATION: _("窓口相談"),
        EncounterKind.VISIT: _("訪問"),
        EncounterKind.CALL: _("電話"),
        EncounterKind.MEETING: _("面談"),
        EncounterKind.DISPATCH: _("派遣"),
        EncounterKind.ONLINE: _("オンライン"),
        EncounterKind.MAIL: _("メール"),
    }[kind]
