"""What an answer from the web is, and what the file is called that it becomes."""

import pytest

from appliance.index.reading import kinds
from appliance.index.reading.kinds import Kind
from appliance.jobs.pages import file_name_of, kind_of

DOCX = kinds.DOCX.media_type


@pytest.mark.parametrize(
    ("told", "path", "kind"),
    [
        ("text/html; charset=utf-8", "/a", kinds.HTML),
        ("TEXT/HTML", "/a.pdf", kinds.HTML),
        ("application/xhtml+xml", "/a", kinds.HTML),
        ("application/pdf", "/baixar?id=1", kinds.PDF),
        (DOCX, "/a", kinds.DOCX),
        ("application/octet-stream", "/a.docx", kinds.DOCX),
        ("", "/a.PDF", kinds.PDF),
        ("text/plain", "/a.csv", kinds.CSV),
        ("text/plain", "/a", kinds.TEXT),
        ("application/octet-stream", "/a.bin", None),
        ("image/png", "/a.pdf", None),
        ("image/jpeg", "/a", None),
        ("video/mp4", "/a", None),
        ("application/xml", "/feed", None),
        ("application/rss+xml", "/feed", None),
        ("application/json", "/api", None),
        ("", "/a", None),
    ],
)
def test_the_server_says_what_it_is_and_where_it_does_not_the_name(
    told: str, path: str, kind: Kind | None
) -> None:
    headers = {"content-type": told} if told else {}

    assert kind_of(headers, f"http://a.lan{path}") == kind


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/", kinds.HTML, "a.lan.html"),
        ("/normas/", kinds.HTML, "normas.html"),
        ("/f%C3%A9rias.htm", kinds.HTML, "férias.htm"),
        ("/ver.php?id=3", kinds.HTML, "ver.php.html"),
        ("/ata.pdf", kinds.PDF, "ata.pdf"),
        ("/ata.asp", kinds.PDF, "ata.asp.pdf"),
        ("/a%2F..%2Fb%00%0a", kinds.TEXT, "b.txt"),
        ("/..%5c..%5cpasswd", kinds.TEXT, "passwd.txt"),
        ("/" + "x" * 500, kinds.HTML, "x" * 120 + ".html"),
    ],
)
def test_a_files_name_ends_as_its_kind_does(path: str, kind: Kind, name: str) -> None:
    assert file_name_of(f"http://a.lan{path}", kind) == name
