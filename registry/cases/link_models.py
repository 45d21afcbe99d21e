"""Further links of a party: those of its reminders."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.cases.models import Party
from registry.db import Base, now


class PartyLink(Base):
    """A link that a reminder carried, as a hash; it opens what the first one opens and dies with it."""

    __tablename__ = "party_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)

    party: Mapped[Party] = relationship()
