"""Plain text is read in the encoding it was written in."""

import pytest

from appliance.index.reading import encodings

WORDS = "Avaliação e frequência: não há exceção."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"],
)
def test_portuguese_survives_in_every_usual_encoding(encoding: str) -> None:
    assert encodings.decode(WORDS.encode(encoding)) == WORDS


def test_windows_quotes_and_the_euro_are_not_lost() -> None:
    assert encodings.decode("“R$ 5” – € 1".encode("cp1252")) == "“R$ 5” – € 1"


def test_utf_8_wins_over_a_wrong_declaration() -> None:
    assert encodings.decode(WORDS.encode(), declared="iso-8859-1") == WORDS


def test_a_declaration_is_believed_where_utf_8_fails() -> None:
    assert encodings.decode("Привет".encode("koi8-r"), declared="koi8-r") == "Привет"


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    assert encodings.decode("“olá”".encode("cp1252"), declared="ISO-8859-1") == "“olá”"


def test_japanese_with_escapes_is_read_as_declared() -> None:
    data = "日本語".encode("iso-2022-jp")

    assert encodings.decode(data, declared="iso-2022-jp") == "日本語"


@pytest.mark.parametrize(
    "declared", ["punycode", "unicode_escape", "zip", "hex", "no-such", "idna"]
)
def test_an_encoding_that_nobody_writes_in_is_not_used(declared: str) -> None:
    assert encodings.decode("é".encode("cp1252"), declared=declared) == "é"


def test_a_declaration_that_cannot_decode_is_not_used() -> None:
    assert encodings.decode(b"\xff\xe1", declared="shift_jis") == "ÿá"


@pytest.mark.parametrize("data", [bytes(range(256)), b"abc\x00def", b"\x01\x02\x03\x04" * 20])
def test_binary_is_no_text(data: bytes) -> None:
    assert encodings.decode(data) is None


def test_a_stray_control_character_does_not_make_text_binary() -> None:
    text = "linha de texto com bastante conteúdo, e mais um pouco para encher.\x02" * 3

    assert encodings.decode(text.encode()) == text


def test_nothing_is_an_empty_text() -> None:
    assert encodings.decode(b"") == ""
