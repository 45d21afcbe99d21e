"""The policy tree of a plan: 政策 → 施策 → 基本戦略."""

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class PolicyCode(Base):
    """One node of the tree, like 3-3-1. Joined on the code, never on the title, which varies."""

    __tablename__ = "policy_codes"
    __table_args__ = (UniqueConstraint("plan", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(16), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
