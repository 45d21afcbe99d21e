"""Reading the outbox."""

from sqlalchemy import Select, func, select

from registry.common.errors import NotFound
from registry.db import db
from registry.notifications.models import Delivery, Message


def messages(*, state: Delivery | None = None, address: str = "") -> Select[Message]:
    """Statement of the messages, newest first, for paging."""
    statement = select(Message).order_by(Message.created_at.desc(), Message.id.desc())
    if state:
        statement = statement.where(Message.state == state)
    if address:
        statement = statement.where(Message.to_address.contains(address, autoescape=True))
    return statement


def get_message(public_id: str) -> Message:
    """The message of that id. Raises NotFound."""
    message = db.session.scalar(select(Message).where(Message.public_id == public_id))
    if message is None:
        raise NotFound
    return message


def counts() -> dict[str, int]:
    """How many messages are in each state, by its value; states without any are 0."""
    found: dict[Delivery, int] = {
        row.state: row.number
        for row in db.session.execute(
            select(Message.state, func.count().label("number")).group_by(Message.state)
        )
    }
    return {state.value: found.get(state, 0) for state in Delivery}


def count_failed() -> int:
    """How many messages were given up."""
    return counts()[Delivery.FAILED.value]
