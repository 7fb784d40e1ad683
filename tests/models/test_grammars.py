"""What is let through to llama.cpp's grammars, and how answers keep to them."""

import re
import sys

import pytest

from appliance.answering import rewording
from appliance.errors import BadRequest, Unavailable, sentence
from appliance.models import Sampling, grammars
from appliance.models.ask import Ask
from appliance.models.wire import Done, Failed
from appliance.records import LANGUAGES
from tests.models.desk import Desk, Inbox, asking, open_desk, open_gate

# Each was seen to end the process when llama.cpp 0.3.36 was given it, or to be refused by it.
KILLERS = {
    'root ::= "a"{3,1}': "bad_grammar",  # repeats 2^64 times
    'root ::= n root "x" | "y"\nn ::= m m\nm ::= "b" |': "looping_grammar",  # SIGABRT
    "root ::= " + "(" * 1900 + '"a"' + ")" * 1900: "large_grammar",  # SIGSEGV, deeper
    "root ::= r0\n"  # two to the power of thirty ways to begin
    + "\n".join(f'r{step} ::= r{step + 1} | r{step + 1} "x"' for step in range(30))
    + '\nr30 ::= "a"': "large_grammar",
    'root ::= root "a"': "looping_grammar",
    "root ::= (": "bad_grammar",
}


def code(grammar: str) -> str:
    """The refusal of a grammar."""
    with pytest.raises(BadRequest) as refusal:
        grammars.check(grammar)
    return refusal.value.code


@pytest.mark.parametrize("grammar", KILLERS)
def test_what_would_end_the_process_is_refused_before(grammar: str) -> None:
    assert code(grammar) == KILLERS[grammar]


@pytest.mark.parametrize(
    "grammar",
    [
        'root ::= "sim" | "não"',
        rewording.LINE,
        'root ::= item ("," blank* item){0,4}\nitem ::= [^,\\n]+ # anything\n\nblank ::= [ \\t]\n',
        'root ::= (\n  "a"\n  | [b-d\\]\\x41-]\n)+ .{2} "\\"\\\\\\u00e7"',
        'root ::= "x" rest\nrest ::= "," root | "."',  # comes back at its end alone
        'root ::=\n  "a" |\n  ("b" |)',
        'root ::= "a"\nunused ::= "b"\r\n',
        'root ::= "é🙂" "a"{0}',
    ],
)
def test_a_sound_grammar_is_let_through_and_read_by_llama_cpp(desk: Desk, grammar: str) -> None:
    grammars.check(grammar)

    assert desk.model.prompt_tokens(asking("oi"), Sampling(max_tokens=40, grammar=grammar))


@pytest.mark.parametrize(
    ("grammar", "line", "column"),
    [
        ("", 1, 1),
        ('main ::= "a"', 1, 1),  # there is no rule called root
        ("root = a", 1, 6),
        ('root ::= "a" b', 1, 14),  # there is no b
        ('root ::= "a"\nroot ::= "b"', 2, 5),
        ('root ::= "a', 1, 10),
        ('root ::= ""', 1, 10),
        ("root ::= [^]", 1, 10),
        ("root ::= []", 1, 10),
        ('root ::= "\\q"', 1, 10),
        ('root ::= "a" )', 1, 14),
        ("root ::= *", 1, 10),
        ('root ::= "a"**', 1, 14),
        ('root ::= "a"{2,1}', 1, 13),
        ('root ::= "a"{,3}', 1, 13),
        ("root ::= <[3]>", 1, 10),  # tokens by number or name could be control tokens
        ("root ::= !<[3]>", 1, 10),
        ('root ::= "a\0b"', 1, 1),
        ('root ::= "\ud800"', 1, 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    grammar: str, line: int, column: int
) -> None:
    with pytest.raises(BadRequest) as refusal:
        grammars.check(grammar)

    assert refusal.value.code == "bad_grammar"
    assert refusal.value.facts == {"line": line, "column": column}


@pytest.mark.parametrize(
    "grammar",
    [
        "root ::= root",
        'root ::= b\nb ::= root "x" | "y"',
        'root ::= "("  root ")" | "x"',  # in its middle
        'root ::= "a" (root)? "b" |',
        'root ::= ("x" root)*',
        'root ::= "a"? root',  # left, where "a" is missing
        'root ::= ("a"*)*',
        'root ::= "a"\nunused ::= unused "b"',
    ],
)
def test_a_rule_may_come_back_to_itself_at_its_end_alone(grammar: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        grammars.check(grammar)

    assert refusal.value.code == "looping_grammar"
    assert refusal.value.facts["rule"] in {"root", "b", "unused"}


@pytest.mark.parametrize(
    "grammar",
    [
        "root ::= [a-z]{1001}",
        "root ::= [a-z]{99999}",
        "root ::= (([a-z]{20}){20}){20}",
        'root ::= a{50}\na ::= "0123456789" "0123456789x"',
        'root ::= "a"\nunused ::= "b"{2000}',
        'root ::= "' + "a" * 4000 + '"',
        "root ::= r0\n"
        + "\n".join(f"r{step} ::= r{step + 1}" for step in range(40))
        + '\nr40 ::= "a"',
    ],
)
def test_what_is_too_large_when_written_out_is_refused(grammar: str) -> None:
    assert code(grammar) == "large_grammar"


def test_no_grammar_ends_pythons_own_stack() -> None:
    many = sys.getrecursionlimit()

    assert code("root ::= " + "(" * many) == "large_grammar"
    assert code("root ::= " + "( " * 500 + '"a"' + ")" * 500) == "large_grammar"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_a_grammar_is_a_sentence(language: str) -> None:
    for grammar in KILLERS:
        with pytest.raises(BadRequest) as refusal:
            grammars.check(grammar)
        said = sentence(refusal.value.code, refusal.value.facts, language)  # type: ignore[arg-type]
        assert said.endswith(".")
        assert "…" not in said


@pytest.fixture(scope="module")
def desk():
    with open_desk() as opened:
        yield opened


@pytest.mark.parametrize("temperature", [0.0, 3.0])
def test_an_answer_keeps_to_its_grammar(desk: Desk, temperature: float) -> None:
    grammar = 'root ::= ("prazo" | "nota") " " [0-9]{2,4} "."'
    for seed in range(5):
        sampling = Sampling(
            max_tokens=60, temperature=temperature, top_k=1000, seed=seed, grammar=grammar
        )
        text, outcome = desk.write("oi", sampling)

        assert re.fullmatch(r"(prazo|nota) [0-9]{2,4}\.", text)
        assert outcome.ending == "end"


def test_a_question_to_be_searched_is_one_line(desk: Desk) -> None:
    for seed in range(5):
        sampling = Sampling(
            max_tokens=300, temperature=2, top_k=1000, seed=seed, grammar=rewording.LINE
        )
        text, outcome = desk.write("oi", sampling)

        assert "\n" not in text
        assert "?" not in text[:-1]
        assert text.endswith("?") or outcome.ending == "length"


def test_with_a_temperature_the_seed_decides_among_what_fits(desk: Desk) -> None:
    def dice(seed: int) -> str:
        grammar = "root ::= [a-z]{12}"
        return desk.write("oi", Sampling(max_tokens=40, temperature=2, seed=seed, grammar=grammar))[
            0
        ]

    assert dice(1) == dice(1)
    assert len({dice(seed) for seed in range(5)}) > 1


def test_guessing_ahead_changes_nothing_under_a_grammar() -> None:
    prompt = "abcabcabcabcabcabc"
    sampling = Sampling(max_tokens=40, grammar='root ::= ("abc")+')
    with open_desk(lookup=False) as plain:
        expected = plain.write(prompt, sampling)[0]
    with open_gate() as (guessing, gate):
        gate.let(1000)
        text = guessing.write(prompt, sampling)[0]

    assert text == expected
    assert max(part.logits for step in gate.steps for part in step) > 1


def test_a_grammar_that_no_token_fits_fails_its_own_answer_alone() -> None:
    dead = Sampling(max_tokens=40, grammar='root ::= "a\\x00"')
    with open_gate() as (desk, gate):
        _, other = desk.ask("outra pergunta", Sampling(max_tokens=30))
        gate.let(3)
        gate.wait(3)
        _, inbox = desk.ask("oi", dead)
        gate.let(1000)
        ending = inbox.to_the_end()[-1]

        assert isinstance(ending, Failed)
        assert ending.code == "grammar_ended"
        assert isinstance(other.to_the_end()[-1], Done)
        assert desk.write("oi")[0]


def test_a_grammar_that_llama_cpp_will_not_read_fails_its_own_answer_alone(desk: Desk) -> None:
    inbox = Inbox()
    unchecked = Sampling(max_tokens=4, grammar="root ::= (")
    desk.scheduler.submit(Ask(desk.model.text_tokens("oi"), unchecked, inbox.events.put))

    (ending,) = inbox.to_the_end()

    assert isinstance(ending, Failed)
    assert ending.code == "refused_grammar"
    assert desk.write("oi")[0]


def test_a_bad_grammar_never_stands_in_the_line(desk: Desk) -> None:
    with pytest.raises(BadRequest):
        desk.ask("oi", Sampling(max_tokens=40, grammar="root ::= root"))

    assert desk.scheduler.waiting == 0


def test_a_row_without_logits_is_no_row_under_a_grammar_either(desk: Desk) -> None:
    chain = desk.model.chain(Sampling(max_tokens=40, grammar='root ::= "a"'))
    with pytest.raises(Unavailable):
        chain.pick(-1)
    chain.close()
    chain.close()
