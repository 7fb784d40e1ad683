"""Passages for tests that need no search: ``passage("…")`` begins a document."""

from appliance.records import DocumentName, Passage


def passage(
    text: str,
    *,
    n: int = 1,
    title: str = "Regimento interno",
    page: int | None = 3,
    start: int = 0,
    heading: str = "",
    document: str = "d1",
) -> Passage:
    """A passage with the given text at ``start`` of its document."""
    return Passage(
        n=n,
        document=DocumentName(id=document, title=title),
        page=page,
        heading=heading,
        text=text,
        start=start,
        end=start + len(text),
        score=1.0,
        found_by=("keywords",),
    )
