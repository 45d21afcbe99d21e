"""Kind words: what the office tells an owner when his listing was not put forward, and the wording
that it proposes for each reason. Nothing of the other side stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.common.errors import DomainError, NotFound
from registry.common.folding import fold, fold_name
from registry.common.resources import read_rows
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.listings.models import Listing
from registry.notifications.service import enqueue
from registry.organizations.models import Organization
from registry.organizations.queries import addresses_of
from registry.suggestions.models import Decision, DecisionKind, DismissReason
from registry.suggestions.words_models import WordsTemplate

LONGEST = 600
SHORTEST_NAME = 3
"""Folded names shorter than this would hit by chance."""


@dataclass(frozen=True)
class Wording:
    """What is proposed for one reason, in both languages, and whether the office wrote it."""

    key: str
    text: str
    text_en: str
    is_own: bool = False

    def in_language(self, locale: str) -> str:
        """The text in a language; Japanese where there is no English one."""
        return self.text_en if locale == "en" and self.text_en else self.text


@cache
def defaults() -> Mapping[str, Wording]:
    """The wording that ships with the registry, by key, in the order of the reasons."""
    return {
        row["key"]: Wording(row["key"], row["ja"], row["en"]) for row in read_rows("kind_words.csv")
    }


def wordings() -> list[Wording]:
    """The wording in force for every reason."""
    own = {row.key: row for row in db.session.scalars(select(WordsTemplate))}
    return [
        Wording(key, own[key].text, own[key].text_en, is_own=True) if key in own else wording
        for key, wording in defaults().items()
    ]


def wording(key: str) -> Wording:
    """The wording in force for one reason. Raises NotFound for a key that there is not."""
    for one in wordings():
        if one.key == key:
            return one
    raise NotFound


def change(key: str, *, text: str, text_en: str, viewer: Viewer) -> None:
    """Put the office's own wording in force. Raises DomainError at an empty Japanese text."""
    wording(key)
    if not text.strip():
        raise DomainError(_("ことばを入力してください。"), field="text")
    row = db.session.scalar(select(WordsTemplate).where(WordsTemplate.key == key))
    if row is None:
        row = WordsTemplate(key=key)
        db.session.add(row)
    changes = apply(row, {"text": text.strip(), "text_en": text_en.strip()})
    db.session.flush()
    _log(key, "words_template.changed", viewer, changes)


def reset(key: str, *, viewer: Viewer) -> None:
    """Back to the wording that ships with the registry."""
    row = db.session.scalar(select(WordsTemplate).where(WordsTemplate.key == key))
    if row is not None:
        _log(key, "words_template.reset", viewer, {"text": (row.text, defaults()[key].text)})
        db.session.delete(row)


def language_of(organization: Organization) -> str:
    """In which language an organization's people read; Japanese when nobody is known."""
    addresses = addresses_of(organization)
    return addresses[0].locale if addresses else "ja"


def proposed(decision: Decision, locale: str | None = None) -> str:
    """The words that are proposed to the owner of a dismissed seed."""
    reason = decision.reason or DismissReason.OTHER
    found = wording(f"dismissed.{reason.value}")
    return found.in_language(locale or language_of(decision.seed.organization))


def tell(decision: Decision, text: str, *, viewer: Viewer) -> int:
    """Show the words at the owner's listing and send them to its people; returns how many mails.

    Raises DomainError when the pair was not dismissed, the text is empty, or it names the other
    side: its organization, its listing's number or title.
    """
    if decision.kind is not DecisionKind.DISMISSED:
        raise DomainError(_("見送った候補だけ、ことばを伝えられます。"))
    words = text.strip()
    if not words:
        raise DomainError(_("ことばを入力してください。"), field="words")
    refuse_naming(words, decision.need.organization, decision.need)
    before, decision.words, decision.told_at = decision.words, words, now()
    db.session.flush()
    record(
        actor=viewer,
        action="suggestion.told",
        subject=f"decision:{decision.public_id}",
        changes={"words": (before or None, words)},
    )
    return _send(decision.seed, words)


def withdraw(decision: Decision, *, viewer: Viewer) -> None:
    """Take words off the owner's listing; a mail that went stays gone."""
    if decision.words:
        record(
            actor=viewer,
            action="suggestion.words_withdrawn",
            subject=f"decision:{decision.public_id}",
            changes={"words": (decision.words, None)},
        )
        decision.words, decision.told_at = "", None


def told_about(listing: Listing) -> list[Decision]:
    """The words that were told about a listing, the newest first; for its owner and staff."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(
                Decision.seed_id == listing.id,
                Decision.kind == DecisionKind.DISMISSED,
                Decision.words != "",
            )
            .order_by(Decision.decided_at.desc(), Decision.id.desc())
        )
    )


def refuse_naming(text: str, organization: Organization, listing: Listing | None = None) -> None:
    """Raises DomainError when words to one side tell who the other is, or quote its listing."""
    flat, named = fold(text), fold_name(text)
    names = [
        fold_name(name) for name in (organization.name, organization.name_en, organization.kana)
    ]
    quoted = [fold(listing.reference), fold(listing.title)] if listing else []
    if any(len(name) >= SHORTEST_NAME and name in named for name in names) or any(
        len(words) >= SHORTEST_NAME and words in flat for words in quoted
    ):
        raise DomainError(
            _("相手の名称や案件が分かることばが入っています。除いてください。"), field="words"
        )


def _send(seed: Listing, words: str) -> int:
    """The words to each of the owner's people; links and subjects tell no title."""
    addresses = addresses_of(seed.organization)
    for address in addresses:
        with force_locale(address.locale):
            enqueue(
                address=address.address,
                locale=address.locale,
                kind="suggestion.words",
                subject=_("登録された案件についてのご連絡"),
                body=_(
                    "%(name)s 様\n\n案件 %(reference)s について、コーディネーターからのことばです。\n\n"
                    "%(words)s\n\n案件の内容は、サインインしてご覧ください。\n",
                    name=address.name,
                    reference=seed.reference,
                    words=words,
                ),
                about=f"listing:{seed.public_id}",
            )
    return len(addresses)


def _log(
    key: str, action: str, viewer: Viewer, changes: Mapping[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"words_template:{key}", changes=changes)
