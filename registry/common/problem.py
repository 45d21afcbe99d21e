"""Refusal of a value by a pure rule: a code and the facts, never a sentence."""


class ValueProblem(ValueError):
    """A value that cannot be what it should be.

    `code` names the reason, `values` the facts that a form needs to say it in the reader's
    language. The text of the exception is for logs only.
    """

    def __init__(self, code: str, **values: str | int) -> None:
        facts = " ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(f"{code} {facts}".strip())
        self.code = code
        self.values = values
