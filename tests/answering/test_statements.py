"""What a text states: words in order, values among them, names, all counted in one list."""

from appliance.answering.statements import content, read
from appliance.index.keywords import stem

RULE = "A bibliotecária Marta Nunes atende por 15 dias, das 7h30 às 17h."


def test_the_content_of_a_text_are_the_stems_of_what_says_something() -> None:
    found = content("A multa por atraso é de R$ 1,50 por dia em março.", "pt")

    assert found == {stem(word, "pt") for word in ("multa", "atraso", "dia")}


def test_numbers_and_money_are_values_and_no_content() -> None:
    assert content("três mil reais e 5 dólares", "pt") == frozenset()


def test_a_value_is_one_term_among_the_words() -> None:
    terms = read("por vinte e cinco dias úteis", "pt").terms

    assert terms == ("#25", stem("dias", "pt"), stem("úteis", "pt"))


def test_values_and_names_know_their_place_among_the_terms() -> None:
    said = read(RULE, "pt")

    for value, place in said.values:
        assert said.terms[place] == f"#{value.key}"
    for name in said.names:
        assert said.terms[name.place] == stem(name.folded, "pt")


def test_names_are_words_with_a_capital_inside_a_sentence() -> None:
    said = read(RULE, "pt")

    assert [(name.folded, name.opening) for name in said.names] == [
        ("marta", False),
        ("nunes", False),
    ]


def test_the_first_word_may_be_a_name_or_not() -> None:
    carla, nunes = read("Carla Nunes atende.", "pt").names
    (students,) = read("Alunos entram.", "pt").names

    assert carla.opening
    assert carla.followed
    assert not nunes.opening
    assert students.opening
    assert not students.followed


def test_a_new_sentence_opens_again_and_a_title_does_not() -> None:
    names = read("O prazo terminou. Alunos esperam o Dr. Silva: Todos entram.", "pt").names

    assert {name.folded: name.opening for name in names} == {
        "alunos": True,
        "dr": False,
        "silva": False,
        "todos": True,
    }


def test_a_name_in_brackets_or_quotes_is_inside_the_sentence() -> None:
    assert all(not n.opening for n in read('Usa o sistema (Sigaa) e "Moodle".', "pt").names[1:])


def test_months_are_dates_and_no_names() -> None:
    assert read("It opens on Monday in March.", "en").names[-1].folded == "monday"


def test_a_word_that_is_a_number_only_perhaps_stays_a_word_with_a_place() -> None:
    said = read("Cada aluno leva um livro.", "pt")

    ((value, place),) = said.values
    assert value.loose
    assert said.terms[place] == stem("livro", "pt")


def test_all_words_are_there_folded() -> None:
    assert {"a", "bibliotecaria", "marta", "as"} <= read(RULE, "pt").words
