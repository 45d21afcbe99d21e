"""The arithmetic of the hash chain: values in, digests out."""

import hashlib
import json
from datetime import UTC, datetime

FIRST = "0" * 64
"""The hash before the first entry."""


def digest_value(before: str | None, after: str | None, salt: str) -> str:
    """Salted SHA-256 of a field's two texts; without the salt nobody can guess short values."""
    return _sha256([salt, before, after])


def entry_hash(
    *,
    previous: str,
    position: int,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    digests: dict[str, str],
) -> str:
    """SHA-256 over an entry and the hash of the one before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _sha256([previous, position, moment, actor, action, subject, sorted(digests.items())])


def _sha256(parts: list[object]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
