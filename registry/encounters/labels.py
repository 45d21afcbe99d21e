"""What the kinds, channels and steps of encounters are called on a page."""

from flask_babel import get_locale
from flask_babel import gettext as _

from registry.encounters.models import Channel, Encounter, EncounterKind
from registry.web.i18n import pick


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


def channel_label(channel: Channel) -> str:
    """How the contact came about: 来所 … その他の支援機関から."""
    return {
        Channel.WALK_IN: _("来所"),
        Channel.PHONE: _("電話で"),
        Channel.WEB: _("ウェブから"),
        Channel.MAIL: _("メールで"),
        Channel.OFFICE: _("こちらから"),
        Channel.EVENT: _("イベントで"),
        Channel.CHAMBER: _("商工会議所から"),
        Channel.BANK: _("金融機関から"),
        Channel.OTHER_SUPPORTER: _("ほかの支援機関から"),
    }[channel]


def country_label(code: str) -> str:
    """The country's name in the page's language; the code itself when nobody knows it."""
    return countries().get(code, code)


def countries() -> dict[str, str]:
    """ISO 3166 code → name in the page's language (Unicode CLDR), by name."""
    found = get_locale()
    names = found.territories if found else {}
    real = {code: str(name) for code, name in names.items() if len(code) == 2 and code.isalpha()}
    return dict(sorted(real.items(), key=lambda pair: pair[1]))


def step_label(encounter: Encounter) -> str:
    """The program's own word for the step reached; its key when the program lost it."""
    stages = encounter.program.stage_names if encounter.program else {}
    words = stages.get(encounter.step, {})
    return pick(words.get("ja", encounter.step), words.get("en"))
