"""What a message carries becomes documents of their own: taken in, known again, and removed.

Promises: no attachment makes its message fail (one that is not read here is noted on its page);
reading the message again takes nothing in twice, and removes what it carries no longer; and of
one file, however its messages are nested, no more than ``MOST`` documents come.
"""

import hashlib
import re
from collections.abc import Callable

from appliance import families, library
from appliance.database import Database
from appliance.errors import Conflict, Unreadable, UnsupportedType
from appliance.index.reading.wire import Attachment
from appliance.jobs import intake
from appliance.jobs.failpoint import step
from appliance.records import Document, new_id
from appliance.settings import Settings

DEEPEST = 3  # an attachment of an attachment of an attachment is the last
MOST = 1000
SKIPPED, ELSEWHERE = "attachment_skipped", "attachment_elsewhere"


class Attachments:
    """The attachments of one document, during one reading of it."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        document: Document,
        deliver: Callable[[str], object],
    ) -> None:
        self.database = database
        self.settings = settings
        self.document = document
        self.deliver = deliver
        self._seen: set[str] = set()

    def take(self, attachment: Attachment) -> str | None:
        """Take an attachment into the library; the note for its page when there is one to make.

        Raises ``NoSpace``, and whatever the database raises when the message is gone.
        """
        sha256 = hashlib.sha256(attachment.content).hexdigest()
        self._seen.add(sha256)
        root, depth = families.origin(self.database, self.document.id)
        if depth >= DEEPEST or families.descendants(self.database, root) >= MOST:
            return SKIPPED
        try:
            _, job = intake.keep(
                self.database, self.settings, self.document.collection, self._upload(attachment)
            )
        except Conflict as conflict:
            return self._known(str(conflict.facts["document"]))
        except (UnsupportedType, Unreadable):
            return SKIPPED
        self.deliver(job.id)
        return None

    def _known(self, twin: str) -> str | None:
        """The same content is in the collection: as this message's own, or from elsewhere."""
        known = library.find(self.database, twin)
        return None if known and known.parent == self.document.id else ELSEWHERE

    def _upload(self, attachment: Attachment) -> intake.Upload:
        file_name = _file_name(attachment.file_name)
        path = intake.incoming(self.settings) / new_id()
        path.write_bytes(attachment.content)
        return intake.Upload(
            path=path,
            file_name=file_name,
            bytes=len(attachment.content),
            sha256=hashlib.sha256(attachment.content).hexdigest(),
            title=f"{library.title_of(file_name)} — {self.document.title}"[:300],
            valid_from=self.document.valid_from,
            valid_to=self.document.valid_to,
            parent=self.document.id,
        )

    def settle(self) -> None:
        """The message was read to its end: what it no longer carries is removed."""
        for child in library.children(self.database, self.document.id):
            if child.sha256 not in self._seen:
                intake.remove(self.database, self.settings, child.id)
                step("former attachment removed")


def _file_name(sent: str) -> str:
    """The name without its folders, and not endless; its ending is kept."""
    name = re.split(r"[\\/]", sent)[-1].strip() or "anexo"
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:150]}{dot}{suffix[:10]}" if dot and stem else name[:150]
