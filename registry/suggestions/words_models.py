"""The office's own wording of kind words (ことばのひな形)."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, Public


class WordsTemplate(Public, Base):
    """The words that the office proposes for one reason, in both languages, where it changed them.

    `key` names the occasion and the reason: "dismissed.precision", "declined.busy".
    """

    __tablename__ = "words_templates"

    key: Mapped[str] = mapped_column(String(48), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
