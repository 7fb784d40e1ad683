"""The retrieval bench: what is shown is what was weighed."""

import pytest

from appliance import assistants
from appliance.answering import bench, evidence
from appliance.answering.bench import Report
from appliance.answering.finding import Measured
from appliance.index import fusion
from appliance.records import Assistant
from tests.answering.shelf import Shelf

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
DESK = "A secretaria atende de segunda a sexta, das 7h30 às 17h."
UNIFORM = "O uso do uniforme é obrigatório em todas as aulas."
QUESTION = "Qual é a multa por atraso na devolução de livros?"


def assistant_of(shelf: Shelf) -> Assistant:
    with shelf.database.write() as db:
        return assistants.create(
            db, name="Secretaria", language="pt", collections=[shelf.collection()]
        )


def opened(shelf: Shelf, question: str = QUESTION) -> Report:
    """The report of a search in the shelf's documents."""
    return bench.report(shelf.finder, assistant_of(shelf), question)


@pytest.fixture
def school(shelf: Shelf) -> Shelf:
    """A shelf with the rules of a school, three pages of one document."""
    shelf.put("regimento", FINE, DESK, UNIFORM, title="Regimento interno")
    return shelf


# --- the score ----------------------------------------------------------------------


def test_the_shares_of_a_score_add_up_to_it(school: Shelf) -> None:
    for one in opened(school).fused:
        assert sum(share.share for share in one.shares) == pytest.approx(
            one.passage.score, abs=0.001
        )


def test_every_signal_of_fusion_has_its_share_in_order(school: Shelf) -> None:
    (first, *_) = opened(school).fused

    assert tuple(share.signal for share in first.shares) == fusion.SIGNALS


def test_a_share_is_the_scaled_value_times_its_weight(school: Shelf) -> None:
    weights = school.finder.measured().weights
    (first, *_) = opened(school).fused

    for share in first.shares:
        assert share.weight == getattr(weights, share.signal)
        expected = share.value * share.weight / weights.total
        assert share.share == pytest.approx(expected, abs=0.001)


def test_the_best_candidate_of_a_keyword_signal_has_the_value_one(school: Shelf) -> None:
    (first, *_) = opened(school).fused

    assert next(share.value for share in first.shares if share.signal == "words") == 1.0


def test_a_signal_without_weight_is_shown_with_its_value_and_no_share(school: Shelf) -> None:
    school.finder.measured = lambda: Measured(fusion.Weights(meaning=0.0))

    (first, *_) = opened(school).fused
    meaning = next(share for share in first.shares if share.signal == "meaning")

    assert meaning.value > 0
    assert meaning.share == 0


def test_the_fused_list_is_the_list_of_a_search(school: Shelf) -> None:
    found = school.search(QUESTION)

    report = opened(school)

    assert [one.passage for one in report.fused] == list(found.passages)
    assert report.answerable == found.answerable


# --- the two engines ----------------------------------------------------------------


def test_each_engine_has_a_list_of_its_own_with_its_own_score(school: Shelf) -> None:
    report = opened(school)

    (seen, *_) = report.keywords
    assert (seen.rank, seen.page, seen.snippet) == (1, 1, FINE)
    assert seen.document.title == "Regimento interno"
    assert report.meaning is not None
    cosines = [one.score for one in report.meaning]
    assert cosines == sorted(cosines, reverse=True)
    assert report.meaning[0].snippet == FINE
    assert 0 < cosines[0] <= 1


def test_a_passage_says_its_place_in_both_lists(school: Shelf) -> None:
    by_page = {one.passage.page: one for one in opened(school).fused}

    assert (by_page[1].keywords, by_page[1].meaning) == (1, 1)
    assert by_page[3].keywords is None, "no word of the question stands there"
    assert by_page[3].meaning is not None


def test_without_vectors_there_is_no_list_by_meaning(shelf: Shelf) -> None:
    shelf.put("regimento", FINE, DESK)

    report = opened(Shelf(shelf.database, shelf.data, blind=True))

    assert report.meaning is None
    assert report.facts["meaning"] is None
    assert [one.meaning for one in report.fused] == [None]


def test_a_snippet_is_the_sentence_that_holds_the_words(shelf: Shelf) -> None:
    shelf.put("regimento", f"{DESK} {UNIFORM} {FINE}")

    (seen,) = opened(shelf).keywords

    assert seen.snippet == FINE


def test_a_long_snippet_ends_with_a_whole_word(shelf: Shelf) -> None:
    shelf.put("longo", "A multa por atraso " + "sobe e sobe mais " * 40 + "sem fim.")

    (seen,) = opened(shelf).keywords

    assert len(seen.snippet) <= bench.SNIPPET + 1
    assert seen.snippet.endswith(("sobe…", "e…", "mais…"))


def test_an_identifier_that_matched_exactly_is_named(shelf: Shelf) -> None:
    shelf.put("lei", "Art. 27. O recurso é pedido em cinco dias.", title="Lei")
    shelf.put("outra", "O recurso é pedido em outro lugar.", title="Outra")

    by_title = {
        one.passage.document.title: one for one in opened(shelf, "recurso do art. 27").fused
    }

    assert by_title["Lei"].codes == ("art27",)
    assert by_title["Outra"].codes == ()


def test_the_lists_are_short_and_the_candidates_are_counted(shelf: Shelf) -> None:
    for number in range(bench.SHOWN + 5):
        shelf.put(f"doc{number}", f"A multa número {number} por atraso.")

    report = opened(shelf)

    assert report.candidates == bench.SHOWN + 5
    assert len(report.fused) == len(report.keywords) == bench.SHOWN


# --- the words ----------------------------------------------------------------------


def test_the_words_say_how_rare_they_are_and_whether_they_are_found(school: Shelf) -> None:
    words = {word.text: word for word in opened(school, "A multa por unicórnio?").words}

    assert words["multa"].found
    assert not words["unicórnio"].found
    assert words["unicórnio"].idf > words["multa"].idf > 0


def test_words_that_are_not_searched_for_are_named_apart(school: Shelf) -> None:
    report = opened(school, "Qual é a multa da multa?")

    assert [word.text for word in report.words] == ["multa"]
    assert set(report.ignored) == {"qual", "é", "a", "da"}


def test_identifiers_stand_after_the_words(shelf: Shelf) -> None:
    shelf.put("lei", "Art. 27. O recurso é pedido em cinco dias.")

    words = {word.text: word.found for word in opened(shelf, "recurso do art. 27 e art. 99").words}

    assert words["art27"]
    assert not words["art99"]


def test_the_language_is_the_one_that_was_searched_in(school: Shelf) -> None:
    report = opened(school, "What is the fine for returning a library book late in this school?")

    assert report.language == "en"


# --- the evidence -------------------------------------------------------------------


def test_each_strictness_says_what_it_would_have_decided(school: Shelf) -> None:
    report = opened(school)

    assert [level.strictness for level in report.levels] == ["strict", "balanced", "helpful"]
    for level in report.levels:
        assert level.threshold == evidence.THRESHOLDS[level.strictness]
        assert level.answers == (report.answerable >= level.threshold)
    assert report.strictness == "balanced"


def test_the_facts_are_those_of_the_estimate(school: Shelf) -> None:
    facts = opened(school, "A multa por unicórnio?").facts

    assert set(facts) >= {"words", "coverage", "unknown"}
    assert facts["unknown"] == 0.5


def test_nothing_found_is_a_report_as_well(shelf: Shelf) -> None:
    report = opened(shelf)

    assert (report.fused, report.keywords, report.meaning) == ((), (), None)
    assert (report.answerable, report.facts, report.candidates) == (0.0, {}, 0)
    assert not any(level.answers for level in report.levels)
    assert {word.text: word.found for word in report.words}["multa"] is False
