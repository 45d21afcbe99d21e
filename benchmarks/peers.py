"""Other engines over the same listings: each gives what it needs to build, and a way to ask.

bm25s and tantivy get the engine's terms, SQLite and rapidfuzz the texts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from rapidfuzz import process

from registry.matching import Item, Terms

Ask = Callable[[Item], object]


def raw(terms: Terms) -> str:
    """A listing as one text."""
    text = terms.text
    return f"{text.title} {text.description} {text.field('keywords')}"


def sqlite_trigram(items: Sequence[Item]) -> Ask:
    """SQLite FTS5 with its trigram tokenizer; the need's words of three letters or more, or-ed."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE seeds USING fts5(body, tokenize = 'trigram')")
    base.executemany("INSERT INTO seeds VALUES (?)", ((raw(item.terms),) for item in items))
    base.commit()
    statement = "SELECT rowid FROM seeds WHERE seeds MATCH ? ORDER BY rank LIMIT 10"

    def ask(need: Item) -> object:
        words = {need.terms.text.cut(token.span) for token in need.terms.tokens}
        quoted = ['"' + word.replace('"', "") + '"' for word in words if len(word) >= 3]
        return base.execute(statement, (" OR ".join(quoted),)).fetchall()

    return ask


def rapidfuzz_extract(items: Sequence[Item]) -> Ask:
    """rapidfuzz.process.extract over the whole texts."""
    texts = [raw(item.terms) for item in items]
    return lambda need: process.extract(raw(need.terms), texts, limit=10)


def bm25s_documents(items: Sequence[Item]) -> list[list[str]]:
    """What bm25s is built from: the terms of each listing, as often as they occur."""
    found: list[list[str]] = []
    seen: dict[str, str] = {}
    for item in items:
        terms = item.terms
        places = [term for term, *_ in _tokens(terms)]
        found.append([seen.setdefault(term, term) for term in places])
    return found


def _tokens(terms: Terms) -> Sequence[Any]:
    """The tokens, without keeping them in memory."""
    return Terms.unpack(terms.packed, terms.text).tokens


def bm25s_build(documents: list[list[str]]) -> Any:
    """The index of bm25s with its numba backend."""
    import bm25s  # type: ignore[import-not-found,import-untyped,unused-ignore]  # has no types

    engine = bm25s.BM25(backend="numba")
    engine.index(documents, show_progress=False)
    return engine


def bm25s_ask(engine: Any) -> Ask:
    """Exact terms only; unknown ones are left out before."""

    def ask(need: Item) -> object:
        asked = [[token.term for token in need.terms.tokens if token.term in engine.vocab_dict]]
        return engine.retrieve(asked, k=10, show_progress=False, n_threads=1)

    return ask


def tantivy_asks(items: Sequence[Item]) -> tuple[Ask, Ask]:
    """tantivy: exact terms, and each term within one edit."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(100_000_000)
    for item in items:
        body = " ".join(token[0] for token in _tokens(item.terms))
        writer.add_document(tantivy.Document(body=body))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(queries: list[Any]) -> object:
        clauses = [(tantivy.Occur.Should, query) for query in queries]
        return searcher.search(tantivy.Query.boolean_query(clauses), 10)

    def exact(need: Item) -> object:
        return search([tantivy.Query.term_query(schema, "body", t) for t in need.terms.weights])

    def fuzzy(need: Item) -> object:
        return search(
            [
                tantivy.Query.fuzzy_term_query(
                    schema, "body", term, distance=1, transposition_cost_one=True
                )
                for term in need.terms.weights
            ]
        )

    return exact, fuzzy
