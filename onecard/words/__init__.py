"""The sentences people read, in Chinese (the language of record) and English.

One file per room and language: `words/zh/<room>.toml`. A key is the path through the tables, e.g.
`portal.start.title`. `text()` fills `{facts}` in; `explain()` gives a refusal's four sentences.
A missing word is an error in tests and is caught by the house test, never a blank on a screen.
"""

from onecard.words.speech import Explanation, MissingWord, explain, in_one_breath, notice, text
from onecard.words.store import LANGUAGES, all_keys, has, raw

__all__ = [
    "LANGUAGES",
    "Explanation",
    "MissingWord",
    "all_keys",
    "explain",
    "has",
    "in_one_breath",
    "notice",
    "raw",
    "text",
]
