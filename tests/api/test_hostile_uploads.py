"""Uploads of people who mean harm: names, floods, disguises, and files that would run."""

import contextlib
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from appliance.settings import Settings
from tests.api.served import Served
from tests.fakes import WordEmbedder
from tests.house import HANDBOOK, House
from tests.index.reading import papers

NAMES = (
    "../../../tmp/p.md", "..%2f..%2fp.md", "/etc/cron.d/p.md", "..\\..\\p.md", "C:\\p.md", ".env",
    "a" * 300 + ".md", "p.md\x00.png", "con", "~/.ssh/authorized_keys", "$(touch p).md", ".", "..",
)  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="fetch(\'/canary-xss\')"></svg>'
PAGE = "<!doctype html><p>Olá, mundo.</p><script>fetch('/canary-xss')</script>"


@pytest.fixture
def collection(house: House) -> str:
    return str(house.assistant()["collections"][0])


def everything(folder: Path) -> set[str]:
    """The files in a folder, data folder and all."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.guarantee("SEC-01")
def test_a_file_goes_where_its_content_says_whatever_its_name(
    house: House, collection: str, tmp_path: Path
) -> None:
    before, here = everything(tmp_path), everything(Path.cwd() / "tests" / "api")
    kept = set()
    for number, name in enumerate(NAMES):
        sent = house.send(collection, f"{HANDBOOK}\n{number}", name)

        assert sent.status_code in (202, 415, 422), (name, sent.text)
        for document in sent.json().get("documents", []):
            kept.add(f"data/files/{document['sha256'][:2]}/{document['sha256']}")
            assert not {"/", "\\", "\x00"} & set(document["file_name"])
            back = house.client.get(f"/api/documents/{document['id']}/original")
            assert back.content == f"{HANDBOOK}\n{number}".encode()
            assert back.headers["content-disposition"].isascii()

    fresh = everything(tmp_path) - before
    assert {one for one in fresh if Path(one).parent != Path("data")} == kept
    assert len(kept) > 8
    assert everything(Path.cwd() / "tests" / "api") == here


@pytest.mark.guarantee("SEC-04")
def test_more_files_than_one_may_send_in_an_hour_are_refused_together(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"), uploads_per_hour=5)
    with House(settings, embedder=WordEmbedder()) as house:
        collection = house.assistant()["collections"][0]
        path = f"/api/collections/{collection}"

        def send(first: int, many: int) -> Any:
            files = [
                ("file", (f"{n}.txt", f"Texto {n}".encode())) for n in range(first, first + many)
            ]
            return house.client.post(f"{path}/documents", files=files)

        assert send(0, 4).status_code == 202
        refused = send(4, 2)

        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert house.file_count() == 4
        assert list((house.settings.data / "incoming").iterdir()) == []
        assert send(4, 1).status_code == 202
        body = {"title": "Aviso", "text": "Um texto a mais."}
        assert house.client.post(f"{path}/texts", json=body).status_code == 429
        with house.as_a("editor") as client:
            assert client.post(f"{path}/texts", json=body).status_code == 202


@pytest.mark.guarantee("SEC-04")
def test_a_compressed_form_is_refused(house: House, collection: str) -> None:
    sent = house.client.post(
        f"/api/collections/{collection}/documents",
        content=b"\x1f\x8b",
        headers={"content-type": "multipart/form-data; boundary=b", "content-encoding": "gzip"},
    )

    assert (sent.status_code, sent.json()["code"]) == (415, "compressed_body")


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    """A house that serves, and takes a megabyte at most."""
    opened = Served(Settings(data_dir=settings.data_dir, upload_limit_mb=1))
    yield opened
    opened.stop()


@pytest.fixture
def wire(served: Served) -> Iterator[socket.socket]:
    """A bare connection to a house that serves."""
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        yield opened


def first_line(served: Served, wire: socket.socket, body: bytes, *headers: str) -> bytes:
    """What a house answers to an upload with these headers and this body."""
    collection = served.house.assistant()["collections"][0]
    secret = served.secret(scopes=["documents:write"])
    head = [
        f"POST /api/collections/{collection}/documents HTTP/1.1",
        f"Host: {served.address.removeprefix('http://')}",
        f"Authorization: Bearer {secret}",
        "Content-Type: multipart/form-data; boundary=b",
        *headers,
    ]
    wire.sendall("\r\n".join([*head, "", ""]).encode())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        wire.sendall(body)  # it need not listen to the end
    return wire.makefile("rb").readline()


FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


@pytest.mark.guarantee("SEC-04")
def test_more_bytes_than_were_announced_are_a_broken_form(
    served: Served, wire: socket.socket
) -> None:
    said = first_line(served, wire, FILE + b"x" * 1_000_000, "Content-Length: 10")

    assert said.split()[1] == b"400"
    assert served.house.file_count() == 0


@pytest.mark.guarantee("SEC-04")
def test_a_body_without_an_end_is_refused_at_the_limit(served: Served, wire: socket.socket) -> None:
    piece = b"%x\r\n%s\r\n" % (2**20, b"x" * 2**20)
    head = b"%x\r\n%s\r\n" % (len(FILE), FILE)

    said = first_line(served, wire, head + piece * 2, "Transfer-Encoding: chunked")

    assert said.split()[1] == b"413"
    assert list((served.house.settings.data / "incoming").iterdir()) == []


def zipped(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("leia.txt", "Um texto qualquer.")
    return path.read_bytes()


@pytest.mark.guarantee("SEC-06")
@pytest.mark.parametrize("name", ["pagina.pdf", "programa.pdf", "pacote.docx", "pdf-e-zip.docx"])
def test_what_is_not_what_its_name_says_is_refused(
    house: House, collection: str, tmp_path: Path, name: str
) -> None:
    paper = papers.pdf(tmp_path / "ok.pdf", ["Tudo bem"]).read_bytes()
    package = zipped(tmp_path / "a.zip")
    content = {
        "pagina.pdf": b"<html><script>fetch('/canary-xss')</script>%PDF-1.4",
        "programa.pdf": b"MZ\x90\x00" + bytes(500),
        "pacote.docx": package,
        "pdf-e-zip.docx": paper + package,
    }[name]

    sent = house.send(collection, content, name)

    assert (sent.status_code, sent.json()["code"]) == (422, "type_mismatch")
    assert house.file_count() == 0


@pytest.mark.guarantee("SEC-06")
def test_a_file_that_is_a_pdf_and_a_package_is_read_as_the_pdf_that_it_says_it_is(
    house: House, collection: str, tmp_path: Path
) -> None:
    paper = papers.pdf(tmp_path / "ok.pdf", ["Tudo bem"]).read_bytes()

    document = house.upload(collection, paper + zipped(tmp_path / "a.zip"), "ok.pdf")

    assert (document["state"], document["media_type"]) == ("ready", "application/pdf")


@pytest.mark.guarantee("SEC-06")
def test_a_pdf_under_a_password_says_so(house: House, collection: str, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=papers.pdf(tmp_path / "ok.pdf", ["Tudo bem"]))
    writer.encrypt("segredo", algorithm="AES-256")
    writer.write(tmp_path / "fechado.pdf")

    document = house.upload(collection, (tmp_path / "fechado.pdf").read_bytes(), "fechado.pdf")

    assert (document["state"], document["problem"]["code"]) == ("failed", "encrypted")
    assert len(document["problem"]["detail"]) > 40


@pytest.mark.guarantee("SEC-07")
@pytest.mark.parametrize("name", ["pagina.html", "ação “1”.html"])
def test_a_page_comes_back_as_a_download_that_nothing_runs(
    house: House, collection: str, name: str
) -> None:
    document = house.upload(collection, PAGE, name)

    back = house.client.get(f"/api/documents/{document['id']}/original")

    assert back.content == PAGE.encode()
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert back.headers["cross-origin-resource-policy"] == "same-origin"
    assert "no-store" in back.headers["cache-control"]


@pytest.mark.guarantee("SEC-07")
@pytest.mark.parametrize("name", ["desenho.svg", "logo.png", "logo"])
def test_a_drawing_that_can_run_is_not_taken(house: House, collection: str, name: str) -> None:
    """There are no logos either: nothing that people upload is ever shown as an image."""
    sent = house.send(collection, SVG, name)

    if sent.status_code == 202:  # XML without a name is read as the text that it is
        house.work()
        document = sent.json()["documents"][0]
        back = house.client.get(f"/api/documents/{document['id']}/original")
        assert back.headers["content-type"] == "application/octet-stream"
        assert back.headers["content-disposition"].startswith("attachment")
    else:
        assert sent.status_code in (415, 422)


@pytest.mark.guarantee("SEC-07")
def test_what_a_page_wanted_to_run_is_not_in_its_text(house: House, collection: str) -> None:
    document = house.upload(collection, PAGE, "pagina.html")

    told = house.client.get(f"/api/documents/{document['id']}/pages")

    assert "Olá, mundo." in told.text
    assert "canary" not in told.text
