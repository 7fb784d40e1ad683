"""What to search for a follow-up: by the rules, and where they guess by the language model.

The model is asked for one line, held to it by a grammar, and only while it is free: a
question that would have to wait for its rewording is better searched with the rules' guess.
What it says is believed only if it is one short line about this conversation. People's and
documents' texts reach it as data, never as part of the instructions.
"""

import logging
from collections.abc import Sequence

from appliance.answering.following import Followed, Turn, followed
from appliance.answering.stopping import Stop
from appliance.conversations import Message
from appliance.errors import BadRequest, Unavailable
from appliance.index import keywords
from appliance.index.stopwords import STOP_WORDS
from appliance.models import Generator, Prompt, Sampling
from appliance.models import Turn as Spoken
from appliance.records import Answer, Language

log = logging.getLogger(__name__)
EARLIER = 4  # turns that a follow-up may lean on
SHOWN = 2  # of those, turns that the model reads
MOST_TOKENS = 48
LONGEST = 200  # characters of a line that is believed
# Where the engine keeps to grammars, what it says is one line and ends with its first "?".
LINE = r'root ::= [^\r\n?]+ "?"'
_SHOWN_LENGTH = 200  # characters of a text that the model reads

_INSTRUCTIONS: dict[Language, str] = {
    "pt": (
        "Reescreva a última pergunta para que se entenda sem a conversa. "
        "Não responda a ela. Escreva só a pergunta reescrita, em português, em uma linha."
    ),
    "en": (
        "Rewrite the last question so that it can be understood without the conversation. "
        "Do not answer it. Write only the rewritten question, in English, on one line."
    ),
    "es": (
        "Reescriba la última pregunta para que se entienda sin la conversación. "
        "No la responda. Escriba solo la pregunta reescrita, en español, en una línea."
    ),
}
_LABELS: dict[Language, tuple[str, str, str]] = {
    "pt": ("Pergunta", "Resposta", "Última pergunta"),
    "en": ("Question", "Answer", "Last question"),
    "es": ("Pregunta", "Respuesta", "Última pregunta"),
}


def query(
    question: str,
    earlier: Sequence[Message],
    language: Language,
    model: Generator | None,
    *,
    person: str,
    stop: Stop,
) -> str | None:
    """What to search for a question after the messages ``earlier``, oldest first; None
    where the question itself can be searched.

    ``language`` is the assistant's; the question may be in another. ``person`` is who asks.
    """
    turns = [turn(message) for message in earlier[-EARLIER:]]
    if not turns:
        return None
    spoken = keywords.detect(f"{turns[-1].query} {question}", language)
    found = followed(question, turns, spoken)
    if found.sure or model is None:
        return found.query
    return _reworded(question, turns, found, language, model, person, stop)


def turn(message: Message) -> Turn:
    """A message as context. A refusal tells what was asked, and nothing that was answered."""
    answer = message.answer
    asked = answer.query if answer and answer.query else message.question
    if answer is None or answer.state == "refused":
        return Turn(asked)
    cited = [sentence.text for sentence in answer.sentences if sentence.citations]
    return Turn(asked, cited, _headings(answer))


def _headings(answer: Answer) -> list[str]:
    """What the cited spans stand under: their heading, or their document's title."""
    found = [
        passage.heading or passage.document.title
        for citation in answer.citations
        for passage in answer.passages
        if passage.document.id == citation.document.id
        and passage.start <= citation.start < passage.end
    ]
    return list(dict.fromkeys(found))


def _reworded(
    question: str,
    turns: Sequence[Turn],
    guess: Followed,
    language: Language,
    model: Generator,
    person: str,
    stop: Stop,
) -> str | None:
    """The model's line, or the rules' guess where it is busy, away or not to be believed."""
    try:
        line = _line(model, _prompt(question, turns, language), person, stop)
    except (Unavailable, BadRequest) as fault:
        log.warning("no rewording by the model (%s): the rules' guess is searched", fault.code)
        return guess.query
    known = " ".join([question, *(f"{one.query} {' '.join(one.cited)}" for one in turns)])
    return line if _believed(line, known, language) else guess.query


def _prompt(question: str, turns: Sequence[Turn], language: Language) -> Prompt:
    asked, answered, last = _LABELS[language]
    lines = []
    for one in turns[-SHOWN:]:
        lines.append(f"{asked}: {_short(one.query)}")
        if one.cited:
            lines.append(f"{answered}: {_short(' '.join(one.cited))}")
    lines.append(f"{last}: {_short(question)}")
    text = "\n".join(lines)
    return Prompt(system=_INSTRUCTIONS[language], turns=(Spoken(role="user", text=text),))


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN_LENGTH]


def _line(model: Generator, prompt: Prompt, person: str, stop: Stop) -> str:
    """The first line that the model writes; "" where others are before it in its queue."""
    places: list[int] = []
    writing = model.generate(
        prompt,
        Sampling(max_tokens=MOST_TOKENS, grammar=LINE),
        person=person,
        on_waiting=lambda position, eta_ms: places.append(position),
    )
    stop.then(writing.close)
    said = ""
    try:
        for piece in writing:
            said += piece
            if any(places) or "\n" in said.lstrip():
                break
    finally:
        writing.close()
    return "" if any(places) else said.strip().split("\n")[0].strip(" \"“”'")


def _believed(line: str, known: str, language: Language) -> bool:
    """Whether a line is a question that this conversation can have led to."""
    if not line or len(line) > LONGEST:
        return False
    return bool(_stems(line, language) & _stems(known, language))


def _stems(text: str, language: Language) -> set[str]:
    """The stems of the words that say something."""
    content = (
        word for word in keywords.words(text) if keywords.fold(word) not in STOP_WORDS[language]
    )
    return {keywords.stem(word, language) for word in content}
