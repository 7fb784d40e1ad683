"""Writing: the prompt fits, sentences are checked as they end, a leaving reader stops it."""

import pytest
from msgspec import structs

from appliance.answering import writing
from appliance.answering.draft import Draft
from appliance.answering.events import Checked, Queue, Token
from appliance.answering.prompts import Exchange, Source
from appliance.answering.stopping import Stop
from appliance.answering.writing import MOST_TOKENS, UNBOUND, Bounds, Stopped
from appliance.models import Prompt
from appliance.records import Assistant
from tests.fakes import ScriptedGenerator, ScriptedWriting
from tests.passages import passage

PASSAGE = passage("A multa é de R$ 1,50 por dia. Cada aluno pode levar três livros.")
SOURCES = [Source(n=1, title="Regimento", page=3, text=PASSAGE.text)]
ASSISTANT = Assistant(
    id="a", slug="secretaria", public_id="p", name="Secretaria", language="pt",
    instructions="Seja cordial.", greeting="", suggestions=(), refusal="", contact="", mode=None,
    strictness="balanced", accent="#000000", origins=(), collections=(), created_at="",
)  # fmt: skip


STRICT = structs.replace(ASSISTANT, strictness="strict")


def written(
    generator, *, stop=None, history=(), sources=SOURCES, assistant=ASSISTANT, bounds=UNBOUND
):
    draft = Draft(message="m", conversation="c", mode="generate")
    draft.passages = [PASSAGE]
    told = writing.write(
        draft,
        generator,
        assistant,
        "Qual é a multa?",
        sources=sources,
        history=history,
        person="person:ana",
        stop=stop or Stop(),
        bounds=bounds,
    )
    return draft, told


def test_tokens_come_as_they_are_written_and_sentences_when_they_end():
    said = "A multa é de R$ 1,50 por dia. Cada aluno pode levar três livros."
    draft, told = written(ScriptedGenerator(lambda prompt: said))

    events = list(told)

    assert "".join(e.text for e in events if isinstance(e, Token)) == said
    checked = [e.sentence for e in events if isinstance(e, Checked)]
    assert [one.text for one in checked] == said.replace(". C", ".\nC").split("\n")
    assert all(one.supported for one in checked)
    first = next(i for i, e in enumerate(events) if isinstance(e, Checked))
    assert any(isinstance(e, Token) for e in events[first:]), "checked before the end"
    assert draft.tokens == sum(isinstance(e, Token) for e in events)


def test_an_invented_sentence_is_marked():
    draft, told = written(ScriptedGenerator(lambda prompt: "A multa é de R$ 9,99 por dia."))

    list(told)

    assert [sentence.supported for sentence in draft.sentences] == [False]
    assert draft.sentences[0].reason == "number"
    assert draft.citations == []


@pytest.mark.parametrize("strictness", ["balanced", "helpful"])
def test_who_is_not_strict_tells_an_invented_sentence_with_its_mark(strictness):
    said = "A multa é de R$ 9,99 por dia. Cada aluno pode levar três livros."
    lenient = structs.replace(ASSISTANT, strictness=strictness)
    draft, told = written(ScriptedGenerator(lambda prompt: said), assistant=lenient)

    events = list(told)

    assert "".join(e.text for e in events if isinstance(e, Token)) == said
    assert [sentence.supported for sentence in draft.sentences] == [False, True]
    assert draft.withheld == 0


def test_a_strict_assistant_tells_no_word_before_its_sentence_was_checked():
    said = "A multa é de R$ 1,50 por dia. Cada aluno pode levar três livros."
    draft, told = written(ScriptedGenerator(lambda prompt: said), assistant=STRICT)

    events = list(told)

    assert [type(event) for event in events] == [Token, Checked, Token, Checked]
    assert "".join(e.text for e in events if isinstance(e, Token)).strip() == said
    assert [e.sentence.text for e in events if isinstance(e, Checked)] == [
        "A multa é de R$ 1,50 por dia.",
        "Cada aluno pode levar três livros.",
    ]
    assert draft.tokens > 2, "what the model wrote is counted, not what was told"


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_strict_assistant_withholds_what_is_not_supported_wherever_it_stands(at):
    true = ["A multa é de R$ 1,50 por dia.", "Cada aluno pode levar três livros."]
    said = [*true[:at], "A biblioteca fecha em julho.", *true[at:]]
    generator = ScriptedGenerator(lambda prompt: " ".join(said))
    draft, told = written(generator, assistant=STRICT)

    events = list(told)

    assert [sentence.text for sentence in draft.sentences] == true
    assert all("julho" not in e.text for e in events if isinstance(e, Token))
    assert "julho" not in draft.text
    assert draft.withheld == 1
    for sentence in draft.sentences:
        assert draft.text[sentence.start : sentence.end] == sentence.text


def test_a_strict_assistant_that_only_invents_has_told_nothing():
    generator = ScriptedGenerator(lambda prompt: "A multa é de R$ 9,99. A escola tem piscina.")
    draft, told = written(generator, assistant=STRICT)

    assert list(told) == []
    assert (draft.text, draft.withheld) == ("", 2)


def test_the_model_reads_the_instructions_the_history_the_sources_and_the_question():
    generator = ScriptedGenerator(lambda prompt: "Sim.")
    _, told = written(generator, history=[Exchange(question="Oi?", answer="Olá.")])
    list(told)

    (prompt,) = generator.prompts
    assert prompt.system.endswith("Seja cordial.")
    assert [turn.text for turn in prompt.turns[:2]] == ["Oi?", "Olá."]
    assert prompt.turns[-1].text.startswith("[1] Regimento, p. 3\nA multa")
    assert prompt.turns[-1].text.endswith("Pergunta: Qual é a multa?")


def test_what_does_not_fit_goes_history_first_then_the_weakest_source():
    sources = [Source(n=n, title="T", page=None, text="palavra " * 60) for n in (1, 2, 3)]
    generator = ScriptedGenerator(
        lambda prompt: "Sim.", context=writing.MOST_TOKENS + writing.TEMPLATE_TOKENS + 420
    )
    history = [Exchange(question="palavra " * 50, answer="palavra " * 50)] * 2

    _, told = written(generator, history=history, sources=sources)
    list(told)

    (prompt,) = generator.prompts
    assert [turn.role for turn in prompt.turns] == ["user"]
    assert "[1] T" in prompt.turns[-1].text
    assert "[3] T" not in prompt.turns[-1].text


def test_one_source_always_stays():
    generator = ScriptedGenerator(lambda prompt: "Sim.", context=writing.MOST_TOKENS)
    _, told = written(generator)
    list(told)

    assert "[1] Regimento" in generator.prompts[0].turns[-1].text


def test_a_reader_who_leaves_stops_the_model():
    generator, stop = ScriptedGenerator(lambda prompt: "Uma frase. " * 50), Stop()
    draft, told = written(generator, stop=stop)

    next(event for event in told if isinstance(event, Checked))
    stop.set()
    with pytest.raises(Stopped):
        list(told)

    assert generator.writings[0].closed.is_set()
    assert draft.sentences[0].text == "Uma frase."


class Waiting(ScriptedGenerator):
    """A model with two people in line before it answers."""

    def generate(
        self, prompt: Prompt, sampling, *, person="", assistant="", on_waiting=None
    ) -> ScriptedWriting:
        on_waiting(1, 4000.0)
        on_waiting(0, 2000.0)
        return super().generate(prompt, sampling, person=person)


def test_the_place_in_the_line_is_told_before_the_first_word():
    _, told = written(Waiting(lambda prompt: "Sim."))

    events = list(told)

    assert events[:2] == [
        Queue(position=1, eta_ms=4000.0),
        Queue(position=0, eta_ms=2000.0),
    ]


@pytest.mark.parametrize(
    ("text", "finished", "rest"),
    [
        ("Uma frase sem fim", [], "Uma frase sem fim"),
        ("Uma frase. ", [], "Uma frase. "),
        ("Uma frase. Outra", ["Uma frase."], "Outra"),
        ("O art. 5º diz R$ 1.234,56. Fim", ["O art. 5º diz R$ 1.234,56."], "Fim"),
    ],
)
def test_a_sentence_is_finished_when_another_begins(text, finished, rest):
    assert writing.split_finished(text) == (finished, rest)


def test_the_asker_may_end_an_answer_sooner_and_never_later():
    generator = ScriptedGenerator(lambda prompt: "A multa é de R$ 1,50 por dia.")

    for most in (3, 10 * MOST_TOKENS):
        draft, told = written(generator, bounds=Bounds(most_tokens=most, stop=(" por",)))
        list(told)
        assert draft.cut is (most == 3)

    assert [one.max_tokens for one in generator.samplings] == [3, MOST_TOKENS]
    assert draft.sentences[0].text == "A multa é de R$ 1,50"
