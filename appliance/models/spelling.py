"""Text from tokens: whole characters, without the space in front, up to a stop string."""

import codecs


class Spelling:
    """The text of one answer as its tokens come. ``stopped`` is true once one of the
    ``stops`` was written; neither it nor anything after it is part of the text."""

    def __init__(self, stops: tuple[str, ...] = ()) -> None:
        self.stopped = False
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = False
        self._stops = stops
        self._held = ""

    def add(self, piece: bytes) -> str:
        """What can be said now that these bytes came; may be nothing."""
        return self._say(self._characters.decode(piece))

    def end(self) -> str:
        """What was held back, when no token follows."""
        text = self._say(self._characters.decode(b"", final=True))
        held, self._held = self._held, ""
        return text + held

    def _say(self, text: str) -> str:
        if not self._begun:
            # The space that some tokenisers put in front of an answer is not part of it.
            text = text.lstrip()
            self._begun = bool(text)
        if not self._stops or self.stopped:
            return "" if self.stopped else text
        text = self._held + text
        found = [at for stop in self._stops if (at := text.find(stop)) >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        safe = len(text) - self._begins_a_stop(text)
        self._held = text[safe:]
        return text[:safe]

    def _begins_a_stop(self, text: str) -> int:
        """The length of the longest end of the text that a stop string begins with."""
        longest = min(len(text), max(map(len, self._stops)) - 1)
        for length in range(longest, 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stops):
                return length
        return 0
