"""Who reads a pickle that names code while the tests run, and who may (SEC-40).

Python tells an audit hook each time that an unpickler is about to fetch a class or a
function by its name, which is the moment at which a planted pickle becomes code. The hook
notes which file asked; ``tests/conftest.py`` fails the test in which somebody did who is
not in ``ALLOWED``.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

# Whose file (a part of its path), and why what they read comes from nobody but themselves.
ALLOWED: dict[str, str] = {}


class Use(NamedTuple):
    """What was fetched, and the files through which it was asked for, the nearest first."""

    what: str
    files: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether somebody on the way is known, with a reason."""
        return any(part in file for file in self.files for part in ALLOWED)


_uses: list[Use] = []


def watch() -> None:
    """Listen from now on; a hook cannot be taken away again."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "pickle.find_class":
        _uses.append(Use(".".join(map(str, arguments)), tuple(_files(sys._getframe(1)))))


def _files(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def taken() -> list[Use]:
    """The uses that are not allowed since this was last asked."""
    found = [use for use in _uses if not use.allowed]
    _uses.clear()
    return found


@contextmanager
def meant() -> Iterator[list[Use]]:
    """Uses in this block are the test's own: they are given to it and held against nobody."""
    before, found = list(_uses), list[Use]()
    _uses.clear()
    try:
        yield found
    finally:
        found += _uses
        _uses[:] = before
