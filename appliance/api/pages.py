"""The pages people open: the console, the widget's loader and its chat.

Static files are served as they lie in ``static/``: what a browser runs is what
the repository holds.
"""

from litestar import Router, get
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath
from litestar.response import File
from litestar.static_files import create_static_files_router

from appliance import places
from appliance.api.guards import anyone

HTML = "text/html; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"
FRESH = {"Cache-Control": "no-cache"}  # asked for again each time, answered from the disk


def _file(name: str, media_type: str) -> File:
    return File(
        path=places.static_folder() / name,
        media_type=media_type,
        content_disposition_type="inline",
        headers=FRESH,
    )


@get("/", who=anyone(), media_type=HTML, sync_to_thread=False)
def console() -> File:
    """The console."""
    return _file("console/index.html", HTML)


@get("/widget.js", who=anyone(), media_type=SCRIPT, sync_to_thread=False)
def loader() -> File:
    """The widget's loader, for a page of any site that an assistant allows."""
    file = _file("widget/loader.js", SCRIPT)
    file.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return file


@get("/w/{public_id:str}", who=anyone(), media_type=HTML, sync_to_thread=False)
def widget(public_id: FromPath[str]) -> File:
    """The chat inside the widget's frame; ``middleware`` says who may frame it."""
    return _file("widget/index.html", HTML)


def static_files() -> Router:
    """Everything under ``static/``."""
    return create_static_files_router(
        path="/static",
        directories=[places.static_folder()],
        opt={"who": anyone()},
        cache_control=CacheControlHeader(no_cache=True),
    )


routes = [console, loader, widget]
