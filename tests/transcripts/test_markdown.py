"""A conversation as Markdown: footnotes, and nothing in it that somebody wrote is markup."""

import pytest
from markdown_it import MarkdownIt

from appliance.records import DocumentName
from appliance.transcripts import as_markdown
from appliance.transcripts.markdown import plain
from tests.transcripts.told import NASTY, answer, citation, transcript

COMMONMARK = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def test_the_sources_are_footnotes_in_the_order_of_the_text() -> None:
    written = as_markdown(transcript(answer()), "pt")

    assert "Entregue até **o dia 5**.[^1][^2] A multa é alta." in written
    assert "- Leve o recibo.[^3]" in written
    assert "[^2]: Regimento interno, Art. 7º, p. 3: “linha citada 2”" in written
    assert written.startswith("# Quando?\n")
    assert "## Quando entrego?" in written


def test_what_is_not_confirmed_and_what_was_not_answered_say_so() -> None:
    written = as_markdown(transcript(answer(), None), "en")

    assert "not confirmed in the documents" in written
    assert "was not answered" in written


@pytest.mark.guarantee("SEC-13")
@pytest.mark.parametrize(
    "text",
    [
        NASTY, "<script>x</script>", "![a](http://canary.test/x)", "[c](javascript:1)",
        "`a` *b* _c_ ~~d~~", "# título", "- item", "1. item", "a\n===", "> citação", "| a | b |",
        "http://canary.test", "www.canary.test", "[^1]: falsa", "&lt;b&gt;", "```\ncódigo",
    ],
)  # fmt: skip
def test_no_text_becomes_markup(text: str) -> None:
    tokens = COMMONMARK.parse(plain(text))
    kinds = {one.type for one in tokens} | {
        child.type for one in tokens for child in one.children or ()
    }

    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special",
                     "softbreak"}  # fmt: skip


@pytest.mark.guarantee("SEC-13")
def test_a_hostile_title_stays_in_its_footnote() -> None:
    cited = citation(1, document=DocumentName(id="d", title="a\n\n[^1]: outra"), quote="b\n\n# c")
    written = as_markdown(transcript(answer(citations=(cited,))), "pt")

    notes = [line for line in written.splitlines() if line.startswith("[^")]
    assert len(notes) == 2
    assert all(line.endswith("“b \\# c”") for line in notes)
