"""What one reading brings on its way into the library: pages, attachments, tables.

Pages are committed in batches as they come, and the last of them together with the news
that these are all.
"""

import time

import msgspec

from appliance import library, readings, reviews
from appliance.database import Database
from appliance.index.reading.wire import Attachment, Found, Outline, TableRows
from appliance.jobs.attachments import Attachments
from appliance.jobs.failpoint import step
from appliance.jobs.tabling import Tabling
from appliance.jobs.watch import Watch
from appliance.readings import Kept
from appliance.records import Page
from appliance.rows import Table

BATCH_PAGES = 10
BATCH_SECONDS = 1.0


class Arrival:
    """Takes what a reader finds, in its order.

    ``stamp`` is the reading's and ``kept`` what is there of it; ``only`` are the numbers of the
    pages that it replaces (None for all).
    """

    def __init__(
        self,
        database: Database,
        document_id: str,
        watch: Watch,
        *,
        attachments: Attachments,
        stamp: str,
        kept: Kept,
        only: frozenset[int] | None,
    ) -> None:
        self.database = database
        self.document_id = document_id
        self.watch = watch
        self.attachments = attachments
        self.tables = Tabling(database, document_id)
        self.stamp = stamp
        self.only = only
        self.outline = Outline(pages=0, title=None, paged=False)
        self.waiting: list[Page] = []
        self.last: Page | None = None
        self.done = kept.pages
        self.unreadable = kept.unreadable
        self.written_at = time.monotonic()

    def take(self, item: Found) -> None:
        """Keep an outline or a page; take an attachment of the last page into the library;
        begin a table, or keep rows of the one that was begun last."""
        match item:
            case Outline():
                self.outline = item
                self.watch.progress(self.done, item.pages, "pages")
            case Page():
                self._keep(item)
            case Attachment():
                if note := self.attachments.take(item):
                    self._note(note)
            case Table() | TableRows():
                self.tables.take(item)

    def _keep(self, page: Page) -> None:
        """Keep a page, and commit when enough of them wait."""
        self.last = page
        self.waiting.append(page)
        self.unreadable += page.how == "unreadable"
        late = time.monotonic() - self.written_at > BATCH_SECONDS
        if late or len(self.waiting) >= BATCH_PAGES:
            self._write()
            step("pages committed")

    def _note(self, note: str) -> None:
        """Say something more on the page that came last."""
        if self.last is None or note in self.last.notes:
            return
        self.last = msgspec.structs.replace(self.last, notes=(*self.last.notes, note))
        if self.waiting:
            self.waiting[-1] = self.last
        elif self._takes(self.last):
            library.put_pages(self.database, self.document_id, [self.last])

    def finish(self) -> None:
        """Commit the rest together with the news that these are all."""
        self.attachments.settle()
        with self.database.write() as db:
            self._write()
            readings.end(db, self.document_id)
            library.set_state(
                self.database,
                self.document_id,
                "indexing",
                paged=self.outline.paged,
                pages=self.done,
                pages_unreadable=self.unreadable,
                chunks=0,  # those of a former reading are still there, and no longer count
            )
            reviews.recount(db, self.document_id)
        step("document indexing")

    def _write(self) -> None:
        first = self.done == 0 and self.only is None
        self.done += len(self.waiting)
        read = [page for page in self.waiting if self._takes(page)]
        with self.database.write() as db:
            library.put_pages(self.database, self.document_id, read, fresh=first)
            if first and library.find(self.database, self.document_id):
                readings.begin(db, self.document_id, self.stamp)
            self.watch.progress(self.done, max(self.done, self.outline.pages), "pages")
        self.waiting = []
        self.written_at = time.monotonic()

    def _takes(self, page: Page) -> bool:
        """Whether a page takes the place of its former self."""
        return self.only is None or page.number in self.only
