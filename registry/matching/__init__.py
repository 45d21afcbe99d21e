"""The matching engine: needs and seeds in, ranked and explained suggestions out.

Pure: values in, values out; no Flask, no database. At a Python prompt:

>>> from registry.matching import Lexicon, Text, build_index, prepare
>>> plating = prepare(Text("S1", "めっき加工", "小物部品に金メッキをします。", "表面処理"))
>>> index = build_index([plating], Lexicon())
>>> found = index.suggest(prepare(Text("N1", "鍍金を頼みたい", "試作品の部品です。")))
>>> [(s.ref, [(r.need_term, r.seed_term, r.link) for r in s.reasons]) for s in found]
[('S1', [('鍍金', 'めっき', 'same'), ('部品', '部品', 'same')])]

With `Lexicon(open_dictionary(folder))` words meet across languages, with
`prepare(text, open_encoder())` texts meet by meaning. See docs/matching.md.
"""

from registry.matching.batch import Given, cores, suggest_all
from registry.matching.dictionary import (
    Dictionary,
    DictionarySourceMissing,
    build_dictionary,
    open_dictionary,
)
from registry.matching.explain import Missing, Reason, Suggestion
from registry.matching.files import (
    BadFile,
    TextFile,
    read_texts,
    split_keywords,
    write_suggestions,
)
from registry.matching.glossary import Glossary
from registry.matching.index import Index, Keep, build_index, prepare
from registry.matching.keywords import Findability, assess, propose_keywords
from registry.matching.learn import RECIPE_WEIGHTS, Weights, rerank
from registry.matching.lexicon import Lexicon
from registry.matching.links import LINKS
from registry.matching.meaning import Encoder, Passages, open_encoder
from registry.matching.segment import Item
from registry.matching.store import Stored, discard, is_whole, open_indexes, write_indexes
from registry.matching.store import current as current_generation
from registry.matching.terms import tokenise
from registry.matching.texts import RECIPE, Span, StaleTerms, Terms, Text, Token

__all__ = [
    "LINKS",
    "RECIPE",
    "RECIPE_WEIGHTS",
    "BadFile",
    "Dictionary",
    "DictionarySourceMissing",
    "Encoder",
    "Findability",
    "Given",
    "Glossary",
    "Index",
    "Item",
    "Keep",
    "Lexicon",
    "Missing",
    "Passages",
    "Reason",
    "Span",
    "StaleTerms",
    "Stored",
    "Suggestion",
    "Terms",
    "Text",
    "TextFile",
    "Token",
    "Weights",
    "assess",
    "build_dictionary",
    "build_index",
    "cores",
    "current_generation",
    "discard",
    "is_whole",
    "open_dictionary",
    "open_encoder",
    "open_indexes",
    "prepare",
    "propose_keywords",
    "read_texts",
    "rerank",
    "split_keywords",
    "suggest_all",
    "tokenise",
    "write_indexes",
    "write_suggestions",
]
