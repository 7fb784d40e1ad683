"""Small sets for the fits: passages with questions, and a shelf that holds them."""

from collections.abc import Sequence

from appliance.cli.questions import PassageLine, QueryLine, Questions


def asked(pairs: Sequence[tuple[str, str, str]]) -> Questions:
    """A set of (title, passage, question), each passage the right one for its question."""
    return Questions(
        corpus=[
            PassageLine(id=f"p{n}", title=title, text=text)
            for n, (title, text, _) in enumerate(pairs)
        ],
        queries=[QueryLine(id=f"q{n}", text=text) for n, (_, _, text) in enumerate(pairs)],
        relevant={f"q{n}": frozenset({f"p{n}"}) for n in range(len(pairs))},
    )


SCHOOL = asked(
    [
        (
            "Biblioteca",
            "A multa por atraso na devolução é de R$ 1,50 por dia.",
            "Qual é a multa por atraso na devolução?",
        ),
        (
            "Secretaria",
            "A secretaria atende de segunda a sexta, das 7h30 às 17h.",
            "Quando atende a secretaria?",
        ),
        (
            "Uniforme",
            "O uso do uniforme é obrigatório em todas as aulas.",
            "O uniforme é obrigatório nas aulas?",
        ),
        (
            "Transporte",
            "O transporte escolar é contratado diretamente pela família.",
            "Quem contrata o transporte escolar?",
        ),
        (
            "Cantina",
            "A cantina não vende refrigerantes nem frituras aos alunos.",
            "A cantina vende refrigerantes?",
        ),
        (
            "Saúde",
            "Medicamentos só são dados com receita médica e autorização.",
            "Quando são dados medicamentos?",
        ),
    ]
)
