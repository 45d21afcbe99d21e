"""When a mail that nobody waits for may go: in the morning, not in the night."""

from datetime import datetime, time

from registry.common.calendar import TOKYO, now_utc, to_tokyo

OPENING = time(9)


def minute_of_the_day() -> int:
    """How many minutes have passed since midnight in Tokyo."""
    moment = to_tokyo(now_utc())
    return moment.hour * 60 + moment.minute


def morning() -> datetime:
    """Nine o'clock of the present day in Tokyo; past by then, the mail goes at once."""
    return datetime.combine(to_tokyo(now_utc()).date(), OPENING, TOKYO)
