"""Settings as rows."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class Setting(Base):
    """One setting that the office changed; those not stored have their default."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[object] = mapped_column(JSON)
