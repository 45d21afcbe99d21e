"""What may stand in names, readings and addresses: text that reads as it is written."""

import re
import unicodedata
from urllib.parse import urlsplit

from registry.common.hidden import hidden_character
from registry.common.problem import ValueProblem

_SPACES = re.compile(r"[\s\u3000]+")


class NameProblem(ValueProblem):
    """A text that cannot stand. Codes: hidden(character); of websites scheme, host."""


def clean_line(text: str) -> str:
    """Return a text of one line with single spaces.

    Raises NameProblem for bidi controls, zero-width and other invisible characters: by them a
    name can look like another one (Unicode TR36). Marks that choose a kanji's variant stay.
    """
    line = _SPACES.sub(" ", text).strip()
    refuse_hidden(line)
    return line


def refuse_hidden(text: str) -> None:
    """Raise NameProblem when a text holds an invisible or turning character; lines may break."""
    if character := hidden_character(text):
        raise NameProblem("hidden", character=character)


def clean_kana(text: str) -> str:
    """Return a reading in full-width katakana with single spaces: かわさき → カワサキ."""
    line = clean_line(unicodedata.normalize("NFKC", text))
    return "".join(
        chr(ord(letter) + 0x60) if "\u3041" <= letter <= "\u3096" else letter for letter in line
    )


def clean_website(text: str) -> str:
    """Return a web address that may be linked; empty for an empty text.

    https:// is added where no scheme was typed. Raises NameProblem: scheme for anything but http
    and https, host for an address without one or with a user name in it.
    """
    address = clean_line(text)
    if not address:
        return ""
    if "://" not in address and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)", address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NameProblem("host") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise NameProblem("scheme")
    odd = " " in address or "\\" in address or "@" in parts.netloc or port == 0
    if odd or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        raise NameProblem("host")
    return address
