"""A shelf of documents that can be searched: the real tables, files and finder, no HTTP."""

from collections.abc import Sequence
from pathlib import Path

from appliance import collections
from appliance.answering.finding import Finder
from appliance.answering.indexing import Indexer
from appliance.chunks import Chunks
from appliance.database import Database
from appliance.errors import NotFound
from appliance.index.splitting import split
from appliance.models import Embedder
from appliance.records import Found, Heading, Language, Page, timestamp
from tests.fakes import WordEmbedder


class Shelf:
    """``put`` a document as ingestion does, then ``find`` in it."""

    def __init__(
        self,
        database: Database,
        data: Path,
        embedder: Embedder | None = None,
        *,
        blind: bool = False,
    ) -> None:
        self.database = database
        self.data = data
        self.embedder = None if blind else embedder or WordEmbedder()
        self.chunks = Chunks(database)
        self.finder = Finder(database, self.embedder, data)

    @property
    def indexer(self) -> Indexer:
        return self.finder.indexer

    def reopened(self, embedder: Embedder | None = None, *, blind: bool = False) -> "Shelf":
        """The same data folder as another process sees it."""
        return Shelf(self.database, self.data, embedder or self.embedder, blind=blind)

    def collection(self, name: str = "Geral") -> str:
        """The collection of this name, made where there is none."""
        try:
            return collections.named(self.database, name).id
        except NotFound:
            with self.database.write() as db:
                return collections.create(db, name).id

    def add(self, id: str, collection: str, *, title: str = "", state: str = "ready") -> None:
        """A document's row alone."""
        with self.database.write() as db:
            db.run(
                """
                insert into documents (id, collection, title, file_name, media_type, bytes,
                    sha256, state, created_at)
                values (:id, :collection, :title, :id, 'text/plain', 1, :id, :state, :now)
                """,
                {
                    "id": id,
                    "collection": collection,
                    "title": title or id,
                    "state": state,
                    "now": timestamp(),
                },
            )

    def put(
        self,
        id: str,
        *pages: str,
        collection: str = "Geral",
        title: str = "",
        state: str = "ready",
        language: Language | None = None,
        headings: Sequence[Heading] = (),
        publish: bool = True,
    ) -> str:
        """A document of these pages, in both engines; its id."""
        self.add(id, self.collection(collection), title=title, state=state)
        read = [
            Page(number=n, how="digital", text=text, headings=tuple(headings))
            for n, text in enumerate(pages, start=1)
        ]
        chunks = split(read, paged=len(read) > 1)
        self.indexer.store(id, title or id, chunks, language=language)
        if self.embedder is not None:
            self.indexer.embed(id)
            if publish:
                self.indexer.publish(id)
        return id

    def remove(self, id: str) -> None:
        """Delete a document as the library does: its row, and all else by cascade."""
        with self.database.write() as db:
            db.run("delete from documents where id = :id", {"id": id})

    def search(
        self,
        query: str,
        *names: str,
        limit: int = 8,
        language: Language | None = None,
    ) -> Found:
        """A search in the collections of these names, "Geral" when none is given."""
        within = [self.collection(name) for name in names or ("Geral",)]
        return self.finder.search(within, query, limit=limit, language=language)

    def found(self, query: str, *names: str, limit: int = 8) -> list[str]:
        """The documents that a search gives, best first."""
        passages = self.search(query, *names, limit=limit).passages
        return list(dict.fromkeys(passage.document.id for passage in passages))

    def files(self) -> list[Path]:
        """The vector files on the disk."""
        return sorted((self.data / "index").glob("*.faiss"))
