"""Kind words after a no: what the office tells the other side, without saying who declined."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.audit.service import record
from registry.cases.labels import decline_reasons
from registry.cases.letters import send_words
from registry.cases.models import Answer, Case, Party, Stage
from registry.cases.service import lock
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.suggestions.words import language_of, refuse_naming, wording

LANGUAGES = ("ja", "en")


def decliners(case: Case, party: Party) -> list[Party]:
    """The other parties that said no."""
    return [other for other in case.parties if other is not party and other.answer is Answer.NO]


def may_be_told(party: Party) -> bool:
    """Whether words about the other side's no are due to a party: it was asked, did not itself
    decline, and names were not told yet."""
    return (
        party.is_asked
        and party.answer is not Answer.NO
        and party.case.stage is Stage.PROPOSED
        and bool(decliners(party.case, party))
    )


def proposed(party: Party, locale: str | None = None) -> str:
    """The words that are proposed, by the reason of the no."""
    reason = _reason_of(decliners(party.case, party)[0])
    return wording(f"declined.{reason}").in_language(locale or language_of(party.organization))


def tell(party: Party, text: str, *, today: date, viewer: Viewer) -> int:
    """Show the words on the party's page and send them to its people; returns how many mails.

    Raises DomainError when nothing is to be told, the text is empty, or it names another party.
    """
    lock(party.case)
    if not may_be_told(party):
        raise DomainError(_("辞退の返事がないので、伝えることばはありません。"))
    words = text.strip()
    if not words:
        raise DomainError(_("ことばを入力してください。"), field="words")
    for other in party.case.parties:
        if other is not party:
            refuse_naming(words, other.organization)
    for listing in (party.case.need, party.case.seed):
        if listing is not None and listing.organization_id != party.organization_id:
            refuse_naming(words, listing.organization, listing)
    before, party.words, party.words_on = party.words, words, today
    db.session.flush()
    record(
        actor=viewer,
        action="party.told",
        subject=f"party:{party.public_id}",
        changes={"words": (before or None, words)},
    )
    return send_words(party)


def _reason_of(decliner: Party) -> str:
    """The code of a no's reason, known by its words in either language; else "other"."""
    for locale in LANGUAGES:
        with force_locale(locale):
            for code, label in decline_reasons():
                if decliner.reason.startswith(str(label)):
                    return code
    return "other"
