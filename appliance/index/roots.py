"""Light roots of words, the same whatever the language: ``ativos`` and ``Ativo`` are one.

For what is compared with cells and with the names of columns: a few words without a
sentence around them, whose language nobody can tell, in sheets that mix them. Snowball
would join too much there (``venda`` and ``vendido`` are both ``vend``): here only number
and gender go.
"""

from functools import lru_cache

from appliance.index.keywords import fold, words

_PLURALS = (
    *(("coes", "cao"), ("soes", "sao"), ("oes", "ao"), ("aes", "ao"), ("eis", "el")),
    *(("ais", "al"), ("ies", "y"), ("res", "r"), ("zes", "z"), ("ns", "m"), ("ses", "s")),
)


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """The root of one folded word: ``matriculadas`` → ``matriculad``."""
    if len(word) < 4 or word.isdecimal():
        return word
    for ending, single in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending):
            word = word.removesuffix(ending) + single
            break
    else:
        word = word.removesuffix("s") if not word.endswith("ss") else word
    trimmed = word.rstrip("aeoiy")
    return trimmed if len(trimmed) >= 3 else word


def roots(text: str) -> list[str]:
    """The roots of a text's words, in order."""
    return [root(fold(word)) for word in words(text)]


def key(text: str) -> str:
    """What a cell is found by: its roots between spaces."""
    return " ".join(roots(text))
