"""Finding: whose documents, which words, and what still works when a part is down."""

from collections.abc import Sequence
from typing import Literal

import pytest

from appliance.answering import finding
from appliance.errors import Unavailable
from appliance.models import Vectors
from tests.answering.shelf import Shelf

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
DESK = "A secretaria atende de segunda a sexta, das 7h30 às 17h."
UNIFORM = "O uso do uniforme é obrigatório em todas as aulas."


class Unreachable:
    """The runner before it ever answered: not even its stamp is known."""

    @property
    def stamp(self) -> str:
        raise Unavailable("engine_down")

    @property
    def dimensions(self) -> int:
        raise Unavailable("engine_down")

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        raise Unavailable("engine_down")


class Gone(Unreachable):
    """The runner that answered once and is away now."""

    stamp = "words@1"
    dimensions = 256


# --- whose documents ----------------------------------------------------------------


def test_the_passage_that_holds_the_words_comes_first_with_its_place(shelf: Shelf) -> None:
    shelf.put("regimento", FINE, DESK, title="Regimento interno")

    first, *_ = shelf.search("Quando atende a secretaria?").passages

    assert (first.n, first.document.title, first.page, first.text) == (
        1,
        "Regimento interno",
        2,
        DESK,
    )
    assert (first.start, first.end) == (len(FINE) + 1, len(FINE) + 1 + len(DESK))
    assert first.found_by == ("keywords", "meaning")


def test_a_collection_that_is_not_named_is_never_found(shelf: Shelf) -> None:
    shelf.put("aberto", FINE, collection="Alunos")
    shelf.put("fechado", FINE, collection="Diretoria")

    assert shelf.found("multa por atraso", "Alunos") == ["aberto"]
    assert shelf.found("multa por atraso", "Diretoria") == ["fechado"]
    assert set(shelf.found("multa por atraso", "Alunos", "Diretoria")) == {"aberto", "fechado"}


def test_no_collections_find_nothing(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)

    assert shelf.finder.search([], "multa").passages == ()
    assert shelf.finder.search(["no-such-id"], "multa").passages == ()


def test_a_large_collection_of_others_does_not_crowd_out_a_small_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "KEYWORD_MOST", 3)
    monkeypatch.setattr(finding, "MEANING_MOST", 3)
    for number in range(12):
        shelf.put(f"alheio-{number}", FINE, collection="Outra casa")
    shelf.put("meu", "Sobre a multa: " + FINE + " " + DESK, collection="Minha")

    assert shelf.found("multa por atraso na devolução", "Minha") == ["meu"]


@pytest.mark.parametrize("state", ["queued", "reading", "indexing", "failed"])
def test_a_document_that_is_not_ready_is_never_found(shelf: Shelf, state: str) -> None:
    shelf.put("meio-lido", FINE, state=state)

    assert shelf.found("multa por atraso") == []


def test_a_document_is_gone_from_the_moment_its_removal_commits(shelf: Shelf) -> None:
    shelf.put("velho", FINE)
    shelf.put("novo", "A multa por atraso foi abolida.")
    assert set(shelf.found("multa por atraso")) == {"velho", "novo"}

    shelf.remove("velho")

    assert shelf.found("multa por atraso") == ["novo"]
    assert shelf.reopened().found("multa por atraso") == ["novo"]


def test_the_dead_in_a_vector_file_do_not_hide_the_living(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MEANING_MOST", 2)
    monkeypatch.setattr(finding, "_WINDOWS_MOST", 2)
    for number in range(6):
        shelf.put(f"morto-{number}", "gato gato gato", publish=False)
    for number in range(6):
        shelf.put(f"vivo-{number}", "gato cachorro pássaro", publish=False)
    shelf.finder.refresh(shelf.collection())
    for number in range(6):
        shelf.remove(f"morto-{number}")

    assert shelf.embedder
    vector = shelf.embedder.embed(["gato"])[0]
    near = shelf.finder._nearest([shelf.collection()], vector, shelf.embedder.stamp)

    assert len(near) == 2


def test_a_search_gives_no_more_than_its_limit_numbered_from_one(shelf: Shelf) -> None:
    for number in range(6):
        shelf.put(f"d{number}", FINE)

    passages = shelf.search("multa", limit=4).passages

    assert [passage.n for passage in passages] == [1, 2, 3, 4]
    assert [passage.score for passage in passages] == sorted(
        (passage.score for passage in passages), reverse=True
    )


# --- which words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ferias", "As férias são de trinta dias."),
        ("rescisão do contrato", "As rescisões contratuais seguem a lei."),
        ("FÉRIAS", "as ferias coletivas"),
        ("avaliacao", "As avaliações são trimestrais."),
        ("avaliacoes", "A avaliação é trimestral."),
        ("balcao", "Os balcões abrem às oito."),
        ("frequencia", "A frequência mínima é de 75 %."),
        ("disponivel", "Só os disponíveis são emprestados."),
        ("secretaria", "La secretaría atiende por la mañana."),
        ("capitães", "O capitão comanda o navio."),
        ("meeting", "The meetings are public."),
        ("vacaciones", "La vacación anual es de treinta días."),
    ],
)
def test_accents_capitals_and_plurals_do_not_matter(shelf: Shelf, query: str, text: str) -> None:
    blind = shelf.reopened(blind=True)
    blind.put("certo", text)
    blind.put("outro", "Nada disso consta neste papel.")

    assert blind.found(query) == ["certo"]


@pytest.mark.parametrize(
    ("query", "text", "other"),
    [
        (
            "O que diz o art. 5º?",
            "Art. 5º Todos são iguais perante a lei.",
            "Art. 50. Todos são iguais, e 5 vezes mais.",
        ),
        (
            "processo 0001234-56.2023.8.26.0100",
            "Autos nº 0001234-56.2023.8.26.0100 da 1ª Vara.",
            "Autos nº 0001234-56.2023.8.26.0101 da 1ª Vara.",
        ),
        ("00012345620238260100", "Autos nº 0001234-56.2023.8.26.0100.", "Autos nº 2023-0100."),
        ("CPF 123.456.789-09", "Titular: 123.456.789-09.", "Titular: 123.456.789-10."),
        ("cpf 12345678909", "Titular: 123.456.789-09.", "Titular: 987.654.321-00."),
        ("norma NBR-9050/2020", "Segundo a NBR-9050/2020.", "Segundo a NBR-9050/2004."),
    ],
)
def test_an_identifier_is_found_exactly(shelf: Shelf, query: str, text: str, other: str) -> None:
    shelf.put("outro", other, language="pt")
    shelf.put("certo", text, language="pt")

    assert shelf.found(query)[0] == "certo"
    assert shelf.reopened(blind=True).found(query)[0] == "certo"


def test_the_title_and_the_headings_are_searched_too(shelf: Shelf) -> None:
    blind = shelf.reopened(blind=True)
    blind.put("tabela", "R$ 45,00 por prova.", title="Preços da segunda chamada")
    blind.put("outro", "R$ 62,00 por camiseta.", title="Uniformes")

    assert blind.found("quanto custa a segunda chamada")[0] == "tabela"


def test_a_question_looks_into_documents_of_another_language(shelf: Shelf) -> None:
    shelf.put("handbook", "Contracts are renewed in January.", language="en")

    assert shelf.found("renewed contract") == ["handbook"]
    assert shelf.search("contract", language="pt").passages[0].document.id == "handbook"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "?",
        '"',
        '" OR "a"',
        "multa AND NOT atraso",
        "NEAR(multa atraso, 5)",
        "terms:multa",
        "multa*",
        "^multa",
        "(((",
        "'; drop table documents; --",
        "\x00multa\x00",
        "🙂" * 50,
        "o que é que a",
        "multa " * 20_000,
        "a" * 100_000,
        "-" * 10_000,
        "%s {0} ${jndi:ldap://x}",
        "‮multa‏",
    ],
)
def test_no_query_is_syntax_or_an_error(shelf: Shelf, query: str) -> None:
    shelf.put("regimento", FINE)

    found = shelf.search(query)

    assert 0.0 <= found.answerable <= 1.0
    assert len(shelf.database.rows("select id from documents")) == 1


def test_words_that_occur_nowhere_find_nothing_by_keywords(shelf: Shelf) -> None:
    blind = shelf.reopened(blind=True)
    blind.put("regimento", FINE)

    found = blind.search("telescópio quântico")

    assert (found.passages, found.answerable) == ((), 0.0)


def test_a_question_with_its_answer_there_is_likelier_to_be_answerable(shelf: Shelf) -> None:
    shelf.put("regimento", FINE, DESK, UNIFORM)

    held = shelf.search("Qual é a multa por atraso na devolução de livros?").answerable
    not_held = shelf.search("Qual é a velocidade da internet sem fio?").answerable

    assert held > not_held


def test_beyond_a_small_house_only_the_rarest_words_make_candidates(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        shelf.put(f"comum-{number}", "O aluno entrega o relatório à escola.")
    shelf.put("raro", "O aluno entrega o telescópio.")
    monkeypatch.setattr(finding, "_SMALL", 0)
    monkeypatch.setattr(finding, "_RAREST", 1)

    blind = shelf.reopened(blind=True)

    assert blind.found("aluno entrega telescópio à escola") == ["raro"]


# --- what still works ---------------------------------------------------------------


def test_without_an_embedder_keywords_carry_the_search(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)

    (passage,) = shelf.reopened(blind=True).search("multa por atraso").passages

    assert passage.found_by == ("keywords",)


@pytest.mark.parametrize("embedder", [Gone(), Unreachable()])
def test_while_the_runner_is_away_keywords_carry_the_search(
    shelf: Shelf, embedder: Unreachable
) -> None:
    shelf.put("regimento", FINE)
    shelf.put("outro", UNIFORM)

    found = shelf.reopened(embedder).search("multa por atraso")

    assert [passage.document.id for passage in found.passages] == ["regimento"]
    assert found.passages[0].found_by == ("keywords",)
    assert found.answerable > 0


class Moved(Gone):
    """A runner that was given another model meanwhile."""

    stamp = "words@2"

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        from tests.fakes import WordEmbedder

        return -WordEmbedder().embed(texts)


def test_vectors_of_another_model_are_never_compared(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)

    (passage,) = shelf.reopened(Moved()).search("multa por atraso").passages

    assert passage.found_by == ("keywords",)
    assert passage.score > 0


def test_finding_twice_gives_the_same(shelf: Shelf) -> None:
    for number in range(5):
        shelf.put(f"d{number}", FINE, DESK)

    first, second = (shelf.search("multa por atraso").passages for _ in range(2))

    assert first == second


def test_a_passage_names_the_provision_it_stands_in(shelf: Shelf) -> None:
    shelf.put("lei", "Art. 1º Fica criado o fundo.\nArt. 2º O fundo paga bolsas de estudo.")

    assert shelf.search("bolsas de estudo").passages[0].place == "Art. 2º"
