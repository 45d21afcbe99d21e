"""The places of a text's terms, for those who cite them."""

from __future__ import annotations

from registry.matching.texts import Span, Terms, Token


class Places:
    """Where each term of a text stands; spans are made of those that are cited."""

    def __init__(self, terms: Terms) -> None:
        """One walk through the text."""
        self._tokens: dict[str, list[Token]] = {}
        for token in terms.tokens:
            self._tokens.setdefault(token[0], []).append(token)

    def first(self, term: str) -> Span:
        """Its first place."""
        return self._tokens[term][0].span

    def __getitem__(self, term: str) -> tuple[Span, ...]:
        """All its places, title first."""
        return tuple(token.span for token in self._tokens[term])
