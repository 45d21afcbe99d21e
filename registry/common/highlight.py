"""Where a search term stands in a text as it was written, for marking it on the page."""

import re
from functools import lru_cache

from registry.common.folding import (
    DASH_RUN,
    KATAKANA_DASH,
    REPEAT,
    SPACE_AT_CJK,
    fold,
    fold_letters,
    search_terms,
)

# A letter with the marks that belong to it: folding never looks further for one letter.
_CLUSTER = re.compile(
    ".[\u0300-\u036f\u3099-\u309c\uff9e\uff9f\u00ad\u200b-\u200f\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]*",
    re.DOTALL,
)
_EXTRA_SPACE = re.compile(r"(?<=\s)\s+|^\s+|\s+$")

Span = tuple[int, int]


def find_folded(text: str, query: str) -> list[Span]:
    """Return the spans (start, end) of the query's terms in the text, in code points.

    Spans are in order and do not overlap; neighbours that touch are joined. Texts in scripts
    whose letters combine over wider stretches give none.
    """
    key, places = _aligned(text)
    found = sorted(
        (places[match.start()][0], places[match.end() - 1][1])
        for term in search_terms(query)
        for match in re.finditer(re.escape(term), key)
    )
    return _joined(found)


def _joined(spans: list[Span]) -> list[Span]:
    """Return sorted spans with overlapping and touching ones made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _aligned(text: str) -> tuple[str, list[Span]]:
    """Return the folded text with the place in the original of each of its characters."""
    key = ""
    places: list[Span] = []
    for cluster in _CLUSTER.finditer(text):
        folded = _fold_cluster(cluster[0])
        key += folded
        places += [cluster.span()] * len(folded)
    for pattern, kept in ((_EXTRA_SPACE, 0), (SPACE_AT_CJK, 0), (DASH_RUN, 1)):
        key, places = _without(key, places, pattern, kept)
    key = KATAKANA_DASH.sub("ー", re.sub(r"\s", " ", key))
    key = REPEAT.sub(lambda found: found[1] * (1 + len(found[2])), key)
    return (key, places) if key == fold(text) else ("", [])


def _without(
    key: str, places: list[Span], pattern: re.Pattern[str], kept: int
) -> tuple[str, list[Span]]:
    """Return key and places less what the pattern matches, but for its first `kept` characters."""
    gone = {
        position
        for match in pattern.finditer(key)
        for position in range(match.start() + kept, match.end())
    }
    left = [position for position in range(len(key)) if position not in gone]
    return "".join(key[position] for position in left), [places[position] for position in left]


@lru_cache(maxsize=16_384)
def _fold_cluster(cluster: str) -> str:
    return fold_letters(cluster)
