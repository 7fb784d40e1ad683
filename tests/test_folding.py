"""Where neither case nor accents matter, texts are compared folded."""

import pytest

from appliance.folding import plain


@pytest.mark.parametrize(
    ("text", "bare"),
    [("Rescisão", "rescisao"), ("ABC 12", "abc 12"), ("Ñandú", "nandu"), ("ﬁm", "fim"), ("", "")],
)
def test_a_text_is_folded(text: str, bare: str) -> None:
    assert plain(text) == bare
