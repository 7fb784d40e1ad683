"""Chunks as they are stored, and the vectors of their windows."""

import numpy as np
import pytest

from appliance import windows

ROW = {
    "id": 7,
    "document": "d1",
    "title": "Regimento",
    "page": None,
    "start": 0,
    "stop": 12,
    "heading": "Multas",
    "text": "R$ 1,50 um dia"[:12],
    "language": "pt",
    "heading_terms": "mult",
    "terms": "r$ 1,50",
    "words": "um",
    "spans": None,
    "vectors": None,
}
ROWS = np.array([[0.5, -0.25, 1.0], [0.0, 2.0, -1.0]], "<f2")
SPANS = "[[0, 7], [5, 12]]"


def test_vectors_come_back_one_row_for_each_span() -> None:
    assert windows.vectors_of(ROWS.tobytes(), 2).tolist() == ROWS.tolist()


def test_vectors_are_reckoned_with_in_single_precision() -> None:
    assert windows.vectors_of(ROWS.tobytes(), 2).dtype == np.float32


def test_vectors_that_do_not_part_evenly_are_an_error() -> None:
    with pytest.raises(ValueError, match="reshape"):
        windows.vectors_of(ROWS.tobytes(), 4)


def test_spans_are_pairs_of_places_in_the_text() -> None:
    assert windows.spans_of(SPANS) == ((0, 7), (5, 12))


def test_a_stored_chunk_knows_its_document_and_its_place() -> None:
    chunk = windows.stored(ROW)

    assert (chunk.id, chunk.document.id, chunk.document.title) == (7, "d1", "Regimento")
    assert (chunk.page, chunk.start, chunk.end) == (None, 0, 12)


def test_a_chunk_that_waits_for_its_vectors_has_none() -> None:
    chunk = windows.stored(ROW)

    assert (chunk.spans, chunk.vectors) == ((), None)


def test_a_stored_chunk_has_its_vectors_beside_their_spans() -> None:
    chunk = windows.stored(ROW | {"spans": SPANS, "vectors": ROWS.tobytes()})

    assert chunk.vectors is not None
    assert len(chunk.spans) == len(chunk.vectors) == 2
