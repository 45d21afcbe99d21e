"""Reading what the room mailed."""

import re

from sqlalchemy import select

from registry.db import db
from registry.notifications.models import Message


def mails_to(address: str) -> list[Message]:
    """Mails to an address, oldest first."""
    statement = select(Message).where(Message.to_address == address).order_by(Message.id)
    return list(db.session.scalars(statement))


def link_to(address: str) -> str:
    """The path of the newest link mailed to an address."""
    for message in reversed(mails_to(address)):
        if found := re.search(r"https?://[^/\s]+(/join/\S+)", message.body):
            return found[1]
    raise AssertionError(f"no link was mailed to {address}")
