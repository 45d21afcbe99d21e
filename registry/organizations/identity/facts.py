"""What is known of an organization, and the keys by which two records are compared."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from registry.common.folding import fold
from registry.organizations.identity.addresses import Lot, read_address
from registry.organizations.identity.firm_names import FirmName, reading_key, split_name
from registry.organizations.identity.romaji import latin_key

FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.co.jp",
        "yahoo.com",
        "ymail.ne.jp",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.jp",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "plala.or.jp",
        "so-net.ne.jp",
        "dion.ne.jp",
        "infoseek.jp",
        "excite.co.jp",
        "proton.me",
        "protonmail.com",
        "gmx.com",
    ]
)
"""Mail domains that many share: they say nothing about whose record it is."""
SHARED_SITES = frozenset(
    [
        "facebook.com",
        "instagram.com",
        "twitter.com",
        "x.com",
        "note.com",
        "ameblo.jp",
        "wixsite.com",
        "jimdofree.com",
        "amebaownd.com",
        "peraichi.com",
        "google.com",
        "sites.google.com",
        "linktr.ee",
        "fc2.com",
    ]
)
_SECOND_LEVEL = frozenset(["co", "or", "ne", "ac", "go", "lg", "ed", "gr", "ad"])
_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, as it was written. Empty means unknown and is never evidence.

    Corporate numbers are 13 digits, `municipality` is the code of the code list.
    """

    name: str = ""
    name_en: str = ""
    kana: str = ""
    corporate_number: str | None = None
    former_numbers: tuple[str, ...] = ()
    invoice_number: str | None = None
    municipality: str = ""
    address: str = ""
    website: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keys:
    """The folded keys of one record."""

    name: FirmName | None
    kana: str
    latin: frozenset[str]
    number: str
    numbers: frozenset[str]
    invoice: str
    city: str
    lot: Lot | None
    domains: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known that two records could share."""
        known = (self.name, self.kana, self.latin, self.numbers, self.invoice)
        return not any((*known, self.lot, self.domains, self.emails, self.phones))


def keys_of(facts: Facts) -> Keys:
    """Fold what is known."""
    name = split_name(facts.name) if facts.name.strip() else None
    kana = reading_key(facts.kana)
    english = split_name(facts.name_en).core if facts.name_en.strip() else ""
    latin = {latin_key(key) for key in (kana, english, name.loose if name else "") if key}
    invoice = (facts.invoice_number or "").removeprefix("T")
    numbers = {facts.corporate_number or "", *facts.former_numbers, invoice} - {""}
    domains = {site_domain(facts.website), *map(mail_domain, facts.emails)} - {""}
    return Keys(
        name=name,
        kana=kana or (name.loose if name and latin_key(name.loose) and not _ascii(name) else ""),
        latin=frozenset(key for key in latin if len(key) > 2),
        number=facts.corporate_number or "",
        numbers=frozenset(numbers),
        invoice=invoice,
        city=facts.municipality,
        lot=read_address(facts.address),
        domains=frozenset(domains),
        emails=frozenset(mail.strip().lower() for mail in facts.emails if "@" in mail),
        phones=frozenset(filter(None, map(phone_key, facts.phones))),
    )


def _ascii(name: FirmName) -> bool:
    return name.loose.isascii()


@lru_cache(maxsize=8192)
def site_domain(website: str) -> str:
    """The domain an organization owns, of its site; "" for shared hosts and unreadable ones."""
    address = website.strip().lower()
    if not address:
        return ""
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    domain = _registered(host)
    return "" if domain in SHARED_SITES or host in SHARED_SITES else domain


@lru_cache(maxsize=8192)
def mail_domain(email: str) -> str:
    """The domain of a mail address; "" for free mail and unreadable ones."""
    domain = _registered(email.strip().lower().rpartition("@")[2]) if "@" in email else ""
    return "" if domain in FREE_MAIL else domain


def _registered(host: str) -> str:
    """example.co.jp of www.sales.example.co.jp: what somebody registered."""
    parts = [part for part in host.split(".") if part]
    if len(parts) < 2:
        return ""
    deep = len(parts) > 2 and parts[-1] == "jp" and parts[-2] in _SECOND_LEVEL
    return ".".join(parts[-3 if deep else -2 :])


@lru_cache(maxsize=8192)
def phone_key(phone: str) -> str:
    """The digits of a telephone number from its 0; "" when there are fewer than nine.

    +81 44 … is 044 …; what follows 内線 or "ext" does not count.
    """
    plain = re.split("内線|ext|\\(内", unicodedata.normalize("NFKC", phone).lower())[0]
    digits = _DIGITS.sub("", plain)
    if plain.lstrip().startswith("+81") or (digits.startswith("81") and len(digits) > 10):
        digits = "0" + digits[2:].removeprefix("0")
    return digits if 9 <= len(digits) <= 11 else ""


def folded_city(code: str) -> str:
    """The code without its ward: records give a city or its ward for the same place."""
    return _city_of(code)


@lru_cache(maxsize=4096)
def _city_of(code: str) -> str:
    from registry.common import codelists

    place = codelists.municipality(code) if code else None
    return place.parent if place and place.kind == "ward" and place.parent else code


def folded(text: str) -> str:
    """A text folded without spaces."""
    return fold(text).replace(" ", "")
