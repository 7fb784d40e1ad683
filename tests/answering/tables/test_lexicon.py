"""The words that questions about tables are made of."""

import pytest

from appliance.answering.tables import lexicon
from appliance.index.keywords import fold
from appliance.index.roots import root
from appliance.records import LANGUAGES


def operations(text: str) -> set[str]:
    """The operations whose words stand in a text."""
    folded = fold(text)
    return {name for name, pattern in lexicon.OPERATIONS.items() if pattern.search(folded)}


def comparisons(text: str) -> list[str]:
    """The comparisons in a text where a number is written §n."""
    return [name for name, pattern in lexicon.COMPARISONS if pattern.search(fold(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("quantas despesas", {"count"}),
        ("how many students", {"count"}),
        ("¿cuántas ventas", {"count"}),
        ("a soma do valor", {"sum"}),
        ("total price", {"sum"}),
        ("o preço médio", {"average"}),
        ("el promedio", {"average"}),
        ("a maior nota", {"greatest"}),
        ("o maior número de alunos", {"most", "count"}),
        ("el mayor número de alumnos", {"most", "count"}),
        ("the cheapest one", {"least"}),
        ("a mais recente", {"latest", "most"}),
        ("the oldest case", {"earliest"}),
        ("clientes diferentes", {"different"}),
        ("qual o prazo de entrega", set()),
        ("somente o primo da Sumara", set()),
    ],
)
def test_an_operation_is_known_by_its_words_in_any_language(text: str, names: set[str]) -> None:
    assert operations(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("acima de §n", ["above"]),
        ("maior do que §n", ["above"]),
        ("mais de §n", ["above"]),
        ("more than §n", ["above"]),
        ("por encima de §n", ["above"]),
        ("menos de §n", ["below"]),
        ("fewer than §n", ["below"]),
        ("menor que §n", ["below"]),
        ("pelo menos §n", ["from"]),
        ("at least §n", ["from"]),
        ("a partir de §n", ["from"]),
        ("até §n", ["to"]),
        ("hasta §n", ["to"]),
        ("cerca de §n", []),
        ("§n", []),
    ],
)
def test_a_comparison_stands_right_before_its_number(text: str, names: list[str]) -> None:
    assert comparisons(text) == names


@pytest.mark.parametrize(
    "text", ["entre §n e §n", "between §n and §n", "de §n a §n", "de §n até §n"]
)
def test_two_numbers_may_be_the_ends_of_one_range(text: str) -> None:
    assert lexicon.BETWEEN.search(fold(text))


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("quanto gastamos", "gastamos"),
        ("quanto foi pago", "pago"),
        ("how much did we spend", "spend"),
        ("cuanto hemos gastado", "gastado"),
        ("cuanto vendimos", "vendimos"),
    ],
)
def test_money_that_went_or_came_is_asked_by_a_verb(text: str, verb: str) -> None:
    found = lexicon.SPENDING.search(text)

    assert found is not None
    assert found["verb"] == verb


def test_what_costs_and_what_is_spent_are_not_one() -> None:
    assert lexicon.COSTING.search("quanto custa o aluguel")
    assert not lexicon.SPENDING.search("quanto custa o aluguel")


@pytest.mark.parametrize(
    "word", ["aluno", "processo", "despesa", "cliente", "preco", "price", "telefono", "nascimento"]
)
def test_a_thing_is_known_by_its_other_names_and_by_its_own(word: str) -> None:
    others = lexicon.ALIKE[root(word)]

    assert root(word) in others
    assert all(root(word) in lexicon.ALIKE[other] for other in others)


def test_a_column_of_what_is_paid_is_not_one_of_payments() -> None:
    assert root("pagamento") not in lexicon.ALIKE[root("pago")]


def test_a_word_is_not_yes_and_no_at_once() -> None:
    assert lexicon.YES.isdisjoint(lexicon.NO)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_negation_is_never_passed_over(language) -> None:
    assert lexicon.FILLERS[language].isdisjoint(lexicon.NEGATIONS[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["hoje", "ontem", "today", "hoy", "ayer", "ou", "or", "exceto"])
def test_a_word_that_changes_what_is_asked_is_never_passed_over(language, word: str) -> None:
    assert word not in lexicon.FILLERS[language]


def test_words_are_kept_as_questions_are_read() -> None:
    for words in (*lexicon.NEGATIONS.values(), lexicon.NEEDY, lexicon.LINKS, lexicon.JOINTS):
        assert {fold(word) for word in words} == words


@pytest.mark.parametrize("word", ["primeiro", "terceira", "segundas", "primera", "third"])
def test_an_ordinal_is_no_amount(word: str) -> None:
    assert lexicon.ORDINALS.fullmatch(word)


@pytest.mark.parametrize("word", ["tres", "dois", "seis", "nove"])
def test_a_number_written_out_is_an_amount(word: str) -> None:
    assert not lexicon.ORDINALS.fullmatch(word)
