"""The pictures of assistants: whatever came in is drawn anew here, small, and as a PNG.

What was sent is never served: a picture is opened as one of three formats, brought to
``SIDE`` pixels at most, and written again without anything but its pixels. SVG is refused:
it is a document that may hold scripts. A picture is kept for as long as its assistant or a
version of its settings wears it.
"""

import hashlib
import io
import warnings

from PIL import Image, ImageOps

from appliance.database import Database, Writer
from appliance.errors import NotFound, Unreadable
from appliance.records import timestamp

SIDE = 192  # pixels; shown at 32, and on screens three times as dense
MOST_BYTES = 1024 * 1024  # of what is sent
MOST_PIXELS = 4096 * 4096
FORMATS = ("PNG", "JPEG", "WEBP")


def drawn(sent: bytes) -> bytes:
    """A picture as it will be kept. Raises ``Unreadable``: ``logo_is_svg``, ``logo_too_large``
    (more than 16 million pixels), ``logo_unreadable``."""
    if b"<svg" in sent[:4096].lower():
        raise Unreadable("logo_is_svg")
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable("logo_too_large")
            picture.load()
            return _png(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Unreadable("logo_unreadable") from fault


def keep(db: Writer, assistant_id: str, picture: bytes) -> str:
    """Keep a drawn picture; its SHA-256. Those that nothing wears any more go."""
    digest = hashlib.sha256(picture).hexdigest()
    db.run(
        """
        delete from logos where assistant = :assistant and not exists (
            select 1 from assistants where id = :assistant
                and json_extract(look, '$.logo') = sha256
            union all select 1 from assistant_versions v where v.assistant = :assistant
                and json_extract(settings, '$.look.logo') = sha256)
        """,
        {"assistant": assistant_id},
    )
    db.run(
        """
        insert or ignore into logos (assistant, sha256, picture, created_at)
        values (:assistant, :sha256, :picture, :now)
        """,
        {"assistant": assistant_id, "sha256": digest, "picture": picture, "now": timestamp()},
    )
    return digest


def picture(database: Database, assistant_id: str, digest: str) -> bytes:
    """The PNG of an assistant's picture. Raises ``NotFound``."""
    row = database.row(
        "select picture from logos where assistant = :assistant and sha256 = :sha256",
        {"assistant": assistant_id, "sha256": digest},
    )
    if row is None:
        raise NotFound
    return bytes(row["picture"])


def _png(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE, SIDE))
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)  # pixels alone: no place, no camera, no profile
    out = io.BytesIO()
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()
