"""Pictures for tests."""

import io

from PIL import Image


def picture(width: int, height: int, form: str = "PNG", **said: object) -> bytes:
    """A red picture of so many pixels, as a file of a format; ``said`` goes to Pillow."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#a03020").save(out, form, **said)
    return out.getvalue()


def size(file: bytes) -> tuple[int, int]:
    """The pixels of a picture."""
    with Image.open(io.BytesIO(file)) as opened:
        return opened.size
