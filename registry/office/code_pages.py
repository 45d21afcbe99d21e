"""Rows of the code list pages: what a search finds, in the list's order."""

from registry.common import codelists
from registry.common.folding import contains_folded


def industry_rows(text: str, locale: str) -> list[list[str]]:
    """Code, name, and the division it belongs to; `text` is looked for in codes and names."""
    rows = []
    for division in codelists.divisions():
        rows.append((division.code, division.name_ja, division.name_en, division.label(locale), ""))
        rows.extend(
            (group.code, group.name_ja, group.name_en, group.label(locale), division.label(locale))
            for group in codelists.industries(division.code)
        )
    return [
        [code, label, within]
        for code, name_ja, name_en, label, within in rows
        if contains_folded(f"{code} {name_ja} {name_en}", text)
    ]


def municipality_rows(text: str, locale: str) -> list[list[str]]:
    """Five-digit code, code with its check digit, full name; prefecture by prefecture."""
    found: list[codelists.Municipality] = []
    for prefecture in codelists.prefectures():
        found.append(prefecture)
        for city in codelists.municipalities(prefecture.code[:2]):
            found.append(city)
            found.extend(codelists.wards(city.code))
    return [
        [place.code, place.code6, place.full_label(locale)]
        for place in found
        if contains_folded(
            f"{place.code} {place.code6} {place.full_label('ja')} {place.full_label('en')}", text
        )
    ]
