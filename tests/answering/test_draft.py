"""An answer grows sentence by sentence, and every number in it points somewhere."""

from appliance.answering.checking import Span, Verdict
from appliance.answering.draft import Draft, address, without_marks
from appliance.records import Passage
from tests.passages import passage

TEXT = "A multa é de R$ 1,50. O prazo é de quinze dias."


def supported(source: Passage, start: int, end: int) -> Verdict:
    text = source.text[start:end]
    span = Span(passage=source, start=source.start + start, end=source.start + end, text=text)
    return Verdict(supported=True, coverage=1.0, span=span)


def draft() -> Draft:
    return Draft(message="m1", conversation="c1", mode="generate")


def test_each_sentence_is_followed_by_the_number_of_its_citation() -> None:
    made, source = draft(), passage(TEXT, start=100)

    made.add("A multa é de R$ 1,50.", supported(source, 0, 21))
    made.add("O prazo é de quinze dias.", supported(source, 22, 47))

    assert made.text == "A multa é de R$ 1,50. [1] O prazo é de quinze dias. [2]"
    for sentence in made.sentences:
        assert made.text[sentence.start : sentence.end] == sentence.text
    assert [(c.n, c.start, c.end, c.quote) for c in made.citations] == [
        (1, 100, 121, "A multa é de R$ 1,50."),
        (2, 122, 147, "O prazo é de quinze dias."),
    ]


def test_a_span_cited_twice_keeps_its_number() -> None:
    made, source = draft(), passage(TEXT)

    made.add("A multa é de R$ 1,50.", supported(source, 0, 21))
    made.add("É de R$ 1,50 a multa.", supported(source, 0, 21))

    assert [sentence.citations for sentence in made.sentences] == [(1,), (1,)]
    assert len(made.citations) == 1


def test_an_unsupported_sentence_gets_no_number() -> None:
    made = draft()

    sentence = made.add("Nada disso.", Verdict(supported=False, coverage=0.2, span=None))

    assert (sentence.supported, sentence.citations) == (False, ())
    assert made.text == "Nada disso."


def test_a_citation_leads_to_its_page_and_span() -> None:
    assert address("d1", 3, 10, 20) == "/#/documents/d1?page=3&start=10&end=20"
    assert address("d1", None, 10, 20) == "/#/documents/d1?start=10&end=20"


def test_a_citation_names_the_provision_it_stands_in() -> None:
    text = "§ 2º O prazo é de dez dias:\nI - para a defesa;\nII - para o recurso."
    source = passage(text, start=500, heading="TÍTULO I › Art. 27")
    made = draft()

    made.add("O prazo é de dez dias.", supported(source, 5, 26))
    made.add("Também para o recurso.", supported(source, text.index("para o r"), len(text) - 1))

    assert [one.place for one in made.citations] == ["Art. 27, § 2º", "Art. 27, § 2º, II"]


def test_source_numbers_that_a_model_copied_are_taken_out() -> None:
    assert without_marks("A multa é de R$ 1,50 [1].") == "A multa é de R$ 1,50."
    assert without_marks("É assim [1, 2] e assado [12].") == "É assim e assado."
    assert without_marks(" [1] ") == ""


def test_times_are_milliseconds_since_the_question_and_never_run_backwards() -> None:
    made = draft()

    for name in ("passages", "waiting", "started", "first_token"):
        made.mark(name)
    took = made.finished("answered").took

    assert 0 <= took.passages_ms <= took.first_token_ms <= took.total_ms
    assert took.queue_ms >= 0


def test_the_first_mark_of_a_name_counts() -> None:
    made = draft()
    made.mark("first_token")
    first = made.finished("answered").took.first_token_ms

    made.mark("first_token")

    assert made.finished("answered").took.first_token_ms == first


def test_a_refusal_has_a_text_and_no_sentences() -> None:
    made = draft()
    made.say("Não encontrei.")

    answer = made.finished("refused")

    assert (answer.answer, answer.sentences, answer.citations) == ("Não encontrei.", (), ())


def test_why_a_sentence_is_not_supported_goes_with_it() -> None:
    made = draft()
    verdict = Verdict(supported=False, coverage=0.9, span=None, reason="date")

    assert made.add("O prazo é 5 de maio.", verdict).reason == "date"


def test_a_span_is_cited_when_the_answer_rests_on_it_or_on_more() -> None:
    made, source = draft(), passage(TEXT, start=100)
    whole, first = supported(source, 0, 47), supported(source, 0, 21)
    elsewhere = supported(passage(TEXT, start=100, document="d2"), 0, 21)
    assert whole.span
    assert first.span
    assert elsewhere.span

    made.add(TEXT, whole)

    assert made.cites(whole.span)
    assert made.cites(first.span)
    assert not made.cites(elsewhere.span)


def test_more_than_what_is_cited_is_not_cited() -> None:
    made, source = draft(), passage(TEXT, start=100)
    whole, first = supported(source, 0, 47), supported(source, 0, 21)
    assert whole.span

    made.add("A multa é de R$ 1,50.", first)

    assert not made.cites(whole.span)
