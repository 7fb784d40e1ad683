"""What a button is called in the other languages, from what it is called in Portuguese."""

from tests.static.test_words import words

LOCALES = {"pt": "pt-BR", "en": "en-GB", "es": "es-ES"}
_PORTUGUESE = words("pt")


class Speaker:
    """The interface's phrases in a language, looked up by the Portuguese ones."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = words(language)

    def __call__(self, phrase: str, *, of: str = "") -> str:
        """The phrase in this language, among those ``of`` a topic if need be. Raises
        ``LookupError`` for one that nobody says, or that is said in two ways."""
        known = (key for key, one in _PORTUGUESE.items() if one == phrase)
        said = {self._words[key] for key in known if key.startswith(of)}
        if len(said) != 1:
            raise LookupError(f"{phrase!r} in {self.language}: {sorted(said)}")
        return said.pop()
