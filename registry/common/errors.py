"""Errors of the domain: refused by a rule, not by the machine."""

from dataclasses import dataclass


class DomainError(Exception):
    """A rule refuses the wish. `message` tells a person, in their language, what to do next.

    `field` names the form field the message belongs to; without it the message is the whole form's.
    """

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """The row is absent, or hidden from this viewer: both look the same."""

    def __init__(self, message: object = "") -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """The viewer sees the row and may not do this to it."""


@dataclass(frozen=True)
class ConflictField:
    """One field of a record that somebody else changed meanwhile.

    `typed` is what the person wrote, in words; None takes it from the form as it was sent. Free
    words (`is_text`) may be joined on the conflict page, so that neither text is lost.
    """

    name: str
    label: object
    stored: str
    typed: str | None = None
    is_text: bool = False


class Conflict(DomainError):
    """The record was changed after the person opened it; both texts are to be shown.

    `version` is the stored version, `fields` the stored texts by form field name.
    """

    def __init__(
        self, message: object, *, version: int, fields: tuple[ConflictField, ...] = ()
    ) -> None:
        super().__init__(message)
        self.version = version
        self.fields = fields
