"""What a reader found is believed when it is writing, and repaired when that can be exact."""

from appliance.index.reading import judging


def test_writing_is_not_garbage() -> None:
    assert not judging.is_garbage("Art. 27. A multa é de R$ 1,50 por dia útil.")
    assert not judging.is_garbage("日本語の文書です。")
    assert not judging.is_garbage("")
    assert not judging.is_garbage("1 | 2 | 3,50 | 4.000,00 | 12/12/2026")


def test_letters_without_a_meaning_are_garbage() -> None:
    assert judging.is_garbage("\ufffd\ufffd\ue001\ue002 a")
    assert judging.is_garbage('"7+%-')


def test_letters_shifted_through_the_alphabet_are_garbage() -> None:
    plain = "a multa por atraso na devolucao de um livro da biblioteca custa um real por dia " * 5
    shifted = "".join(chr((ord(c) - 97 + 1) % 26 + 97) if c.isalpha() else c for c in plain)

    assert judging.is_garbage(shifted)
    assert not judging.is_garbage(plain)
