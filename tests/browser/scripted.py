"""The real appliance with a language model that says what a test wants, served over real HTTP."""

import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page

from appliance.api import guards
from appliance.cli import secure
from appliance.models import Generator
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.static.conftest import KNOWN
from tests.whole.running import eventually


class Served(House):
    """A house whose door is open to a browser; only the two models are fakes. ``settings``
    are those that differ from the defaults; with ``tls`` it shows a certificate of its own."""

    def __init__(self, data: Path, generator: Generator | None, **settings: Any) -> None:
        self.pages: list[Page] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        port = self.door.getsockname()[1]
        self.address = f"{'https' if settings.get('tls') else 'http'}://127.0.0.1:{port}"
        ours = Settings(data_dir=str(data), **settings)
        super().__init__(ours, embedder=WordEmbedder(), generator=generator)
        # The house's own client has started the application: the server only opens the door.
        self.server = uvicorn.Server(
            uvicorn.Config(
                self.app,
                lifespan="off",
                log_config=None,
                server_header=False,
                ssl_context_factory=(lambda *_: secure.shown(ours)) if ours.tls else None,
            )
        )
        self.thread = threading.Thread(target=self.server.run, args=([self.door],), daemon=True)

    def __enter__(self) -> "Served":
        super().__enter__()
        self.thread.start()
        eventually(lambda: self.server.started, "the door did not open")
        return self

    def __exit__(self, *reason: object) -> None:
        for page in self.pages:  # which would report a stream that breaks off as trouble
            page.close()
        self.server.should_exit = True
        self.thread.join()
        super().__exit__(*reason)

    def let_in(self, page: Page) -> None:
        """Sign the browser in as the first administrator."""
        name = guards.cookie_name(self.settings)
        token = self.client.cookies[name]
        page.context.add_cookies([{"name": name, "value": token, "url": self.address}])
        page.add_init_script(KNOWN)
        self.pages.append(page)
