"""A pickle that runs something when it is read back: what an attacker would plant."""

from pathlib import Path


class Bomb:
    """Pickled and read back it makes a file of this name, so that a test sees that it went
    off."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> object:
        return (Path.touch, (self.mark,))
