"""The office's glossary (用語集): its entries are the engine's strongest links."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.suggestions.models import GlossaryEntry
from registry.web.i18n import listed


@dataclass(frozen=True)
class Phrases:
    """Phrases that mean the same in this office."""

    japanese: str
    english: str
    synonyms: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The phrases that are filled in."""
        return tuple(p for p in (self.japanese, self.english, *self.synonyms) if p)


def entries() -> list[GlossaryEntry]:
    """All entries, by their Japanese phrase."""
    return list(db.session.scalars(select(GlossaryEntry).order_by(GlossaryEntry.japanese)))


def get_entry(public_id: str) -> GlossaryEntry:
    """The entry of that id. Raises NotFound."""
    entry = db.session.scalar(select(GlossaryEntry).where(GlossaryEntry.public_id == public_id))
    if entry is None:
        raise NotFound
    return entry


def add_entry(phrases: Phrases, *, viewer: Viewer) -> GlossaryEntry:
    """A new entry. Raises DomainError for a phrase that has one, or an entry of one phrase."""
    _check(phrases, other_than=None)
    entry = GlossaryEntry(
        japanese=phrases.japanese, english=phrases.english, synonyms=list(phrases.synonyms)
    )
    db.session.add(entry)
    db.session.flush()
    record(
        actor=viewer,
        action="glossary.added",
        subject=f"glossary:{entry.public_id}",
        changes={"phrases": (None, phrases.all)},
    )
    return entry


def change_entry(
    entry: GlossaryEntry, phrases: Phrases, *, version: int | None, viewer: Viewer
) -> None:
    """Other phrases for an entry. Raises Conflict when it changed meanwhile."""
    if version is not None and version != entry.version:
        raise Conflict(
            _("この用語は、開いたあとにほかの人が変更しました。"),
            version=entry.version,
            fields=(
                ConflictField("japanese", _("日本語"), entry.japanese),
                ConflictField("english", _("英語"), entry.english),
                ConflictField("synonyms", _("同じ意味の語"), listed(entry.synonyms)),
            ),
        )
    _check(phrases, other_than=entry.id)
    changes = apply(
        entry,
        {
            "japanese": phrases.japanese,
            "english": phrases.english,
            "synonyms": list(phrases.synonyms),
        },
    )
    record(
        actor=viewer,
        action="glossary.changed",
        subject=f"glossary:{entry.public_id}",
        changes=changes,
    )


def remove_entry(entry: GlossaryEntry, *, viewer: Viewer) -> None:
    """Take an entry out; the log keeps its phrases."""
    record(
        actor=viewer,
        action="glossary.removed",
        subject=f"glossary:{entry.public_id}",
        changes={"phrases": ([entry.japanese, entry.english, *entry.synonyms], None)},
    )
    db.session.delete(entry)


def _check(phrases: Phrases, *, other_than: int | None) -> None:
    if len(phrases.all) < 2:
        raise DomainError(_("英語か、同じ意味の語を、1 つ以上入力してください。"), field="synonyms")
    twin = db.session.scalar(
        select(GlossaryEntry).where(
            GlossaryEntry.japanese == phrases.japanese, GlossaryEntry.id != (other_than or 0)
        )
    )
    if twin:
        raise DomainError(_("この語はすでに登録されています。"), field="japanese")
