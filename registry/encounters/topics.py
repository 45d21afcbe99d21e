"""The office's own list of words for what a consultation is about (相談の項目)."""

import re
from collections.abc import Iterable
from zlib import crc32

from flask_babel import gettext as _

from registry.audit.service import record
from registry.common.errors import DomainError
from registry.common.resources import read_rows
from registry.common.viewer import Viewer
from registry.db import db
from registry.office.models import Setting
from registry.web.i18n import pick

SETTING = "encounter_topics"
LONGEST = 40
MOST = 60


def topics() -> dict[str, str]:
    """Word → its English, in the office's order; the shipped list until the office writes one."""
    stored = db.session.get(Setting, SETTING)
    rows = stored.value if stored and isinstance(stored.value, list) else None
    if rows is None:
        return {row["ja"]: row["en"] for row in read_rows("encounter_topics.csv")}
    return {str(ja): str(en) for ja, en in rows}


def topic_choices(kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(code, word in the page's language), with words of a record that left the list since."""
    known = topics()
    gone = [word for word in kept if word not in known]
    return [(code_of(word), pick(word, english)) for word, english in known.items()] + [
        (word, word) for word in gone
    ]


def code_of(word: str) -> str:
    """What stands for a word in forms and addresses: the same in every language."""
    return f"t{crc32(word.encode()):08x}" if word in topics() else word


def word_of(value: str) -> str:
    """The word of a code; any other value is the word itself."""
    return next((word for word in topics() if value == code_of(word)), value)


def topic_words(words: Iterable[str]) -> list[str]:
    """Stored words in the page's language."""
    known = topics()
    return [pick(word, known.get(word)) for word in words]


def as_text(words: dict[str, str]) -> str:
    """The list as its form shows it: one word a line, its English after a stroke."""
    return "\n".join(f"{ja} / {en}" if en else ja for ja, en in words.items())


def change_topics(text: str, *, viewer: Viewer) -> dict[str, str]:
    """Store the list that was typed; records keep the words that they have.

    Raises DomainError for an empty list, a word twice, or one that is too long.
    """
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        ja, _slash, en = (part.strip() for part in re.sub(r"／", "/", line).partition("/"))
        if not ja or len(ja) > LONGEST or len(en) > LONGEST:
            raise DomainError(
                _(
                    "「%(line)s」を %(most)s 文字までにしてください。",
                    line=line[:LONGEST],
                    most=LONGEST,
                ),
                field="words",
            )
        if ja in found:
            raise DomainError(_("「%(word)s」が二つあります。", word=ja), field="words")
        found[ja] = en
    if not 1 <= len(found) <= MOST:
        raise DomainError(
            _("1 から %(most)s までの言葉を書いてください。", most=MOST), field="words"
        )
    before = as_text(topics())
    db.session.merge(Setting(name=SETTING, value=[[ja, en] for ja, en in found.items()]))
    db.session.flush()
    changes = {"words": (before, as_text(found))}
    record(actor=viewer, action="encounter.words", subject="office", changes=changes)
    return found
