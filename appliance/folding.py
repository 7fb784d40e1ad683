"""Text as it is compared where neither case nor accents matter."""

import unicodedata


def plain(text: str) -> str:
    """Lower case, without accents: ``Rescisão`` → ``rescisao``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
