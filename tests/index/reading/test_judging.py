"""What a reader found is believed when it is writing, and repaired when that can be exact."""

import pytest

from appliance.index.reading import judging

PLAIN = (
    "A multa por atraso na devolução de um livro da biblioteca é de um real e cinquenta centavos "
    "por dia útil, e quem perde o livro paga o preço de um novo, com o prazo de dez dias."
)


def shifted(text: str, by: int) -> str:
    """Each small letter taken for another, as a broken map to Unicode does."""
    return "".join(chr((ord(c) - 97 + by) % 26 + 97) if "a" <= c <= "z" else c for c in text)


def mistaken(text: str) -> str:
    """UTF-8 that somebody read as Windows' own encoding."""
    return "".join(
        bytes((byte,)).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "Art. 27. A multa é de R$ 1,50 por dia útil.",
        "日本語の文書です。図書館の本を返すのが遅れた場合は、一日につき罰金を支払います。",
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
        "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון.",
        "1 | 2 | 3,50 | 4.000,00 | 12/12/2026",
        "\uf0b7 um\n\uf0b7 dois\n\uf0b7 três",
    ],
)
def test_writing_is_writing(text: str) -> None:
    assert judging.fault(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft "
        "und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.",
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni "
        "obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.",
        "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on "
        "annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.",
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.",
        "Genir pawb yn rhydd ac yn gydradd â'i gilydd mewn urddas a hawliau. Fe'u cynysgaeddir.",
        "Parafuso M6x20 ZN DIN 933 | PC-10245 | UN | 12,50\nPorca sext. M8 | PC-10312 | CX | 4,20",
    ],
)
def test_other_languages_and_lists_of_parts_are_writing_too(text: str) -> None:
    assert judging.fault(text) == ""


@pytest.mark.parametrize("by", [1, 3, 7, 13, 21])
def test_letters_taken_for_others_are_garbled(by: int) -> None:
    assert judging.fault(shifted(PLAIN, by)) == "garbled"


def test_codes_of_a_font_taken_for_letters_are_garbled() -> None:
    assert (
        judging.fault("".join(chr(ord(c) - 29) if ord(c) > 60 else c for c in PLAIN)) == "garbled"
    )


def test_a_page_of_which_a_part_is_in_a_lying_font_is_garbled() -> None:
    assert judging.fault(PLAIN * 3 + shifted(PLAIN, 7) * 2) == "garbled"


def test_characters_without_a_meaning_are_garbled() -> None:
    assert judging.fault("\ufffd\ufffd\ue001\ue002 a") == "garbled"
    assert judging.fault('"7+%-') == "garbled"
    assert judging.fault("palavra " + "\ue012" * 3) == "garbled"


def test_nothing_is_no_text() -> None:
    assert judging.fault(" \n ") == "no_text"


def test_single_letters_are_fragmented_and_enumerations_are_not() -> None:
    assert judging.fault("o p r a z o d e e n t r e g a é d e d e z d i a s") == "fragmented"
    assert not judging.is_fragmented("a) e b) de I a V")


def test_a_line_without_spaces_is_glued_and_an_address_is_not() -> None:
    assert judging.is_glued("prazodeentregadosdocumentosnasecretaria")
    assert not judging.is_glued("https://www.escola.example/secretaria/documentos")
    assert not judging.is_glued("a secretaria recebe os documentos")
    assert not judging.is_glued("prazo..............................12")


def test_a_page_whose_words_are_all_glued_is_glued() -> None:
    assert judging.fault(PLAIN.replace(" ", "").replace(",", ", ") * 2) == "glued"


@pytest.mark.parametrize(
    "text",
    [
        "a matrícula não é automática",
        "“direção” – 5 € à vista…",
        "Às 10 h, não há pão",
        "1ª via, nº 5",
    ],
)
def test_mojibake_is_undone_exactly(text: str) -> None:
    assert judging.has_mojibake(mistaken(text)) or text.isascii()
    assert judging.repaired(mistaken(text)) == text


def test_mojibake_made_twice_is_undone_twice() -> None:
    assert judging.repaired(mistaken(mistaken("matrícula não"))) == "matrícula não"


def test_what_was_right_stays_beside_what_was_repaired() -> None:
    assert judging.repaired("direção, " + mistaken("direção")) == "direção, direção"


def test_mojibake_that_lost_a_byte_is_not_guessed() -> None:
    assert judging.repaired("matr\u00c3\u00ad\u00c3cula") is None


def test_bytes_that_pdfium_made_a_hyphen_and_a_space_are_known_by_their_words() -> None:
    tidied = "A matr\u00c3-cula \u00c3 parte, \u00c3 s quartas e \u00c3 quela hora, n\u00c3\u00a3o"

    assert judging.repaired(tidied) == "A matrícula à parte, às quartas e àquela hora, não"


def test_capitals_with_a_tilde_are_no_mojibake() -> None:
    assert not judging.has_mojibake("SÃO PAULO, NÃO, CÂMARA")
