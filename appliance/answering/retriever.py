"""The search as a LangChain retriever: the seam where any LangChain program takes it.

Holds no logic: ``Finder`` searches under the caller's collections, this hands its
passages on as LangChain documents.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from appliance.answering.finding import Finder
from appliance.records import Language, Passage


class PassageRetriever(BaseRetriever):
    """Gives the passages of some collections for a question, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    finder: Finder
    collections: Sequence[str]
    limit: int = 8
    language: Language | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.finder.search(
            self.collections, query, limit=self.limit, language=self.language
        )
        return [as_document(passage) for passage in found.passages]


def as_document(passage: Passage) -> Document:
    """A passage in LangChain's shape; everything but its text is metadata."""
    place: dict[str, Any] = {
        "n": passage.n,
        "document": passage.document.id,
        "title": passage.document.title,
        "page": passage.page,
        "heading": passage.heading,
        "place": passage.place,
        "start": passage.start,
        "end": passage.end,
        "score": passage.score,
        "found_by": list(passage.found_by),
    }
    return Document(page_content=passage.text, metadata=place)
