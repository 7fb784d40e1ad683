"""A model's file from a browser: what is taken, where it goes on, and what is refused."""

import os
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NoSpace, NotFound, TooLarge, Unreadable
from appliance.jobs import pull, upload
from appliance.jobs.upload import Offered, Piece
from appliance.models import catalogue, weights
from appliance.settings import Settings
from tests.models.runners import PROBE

ENTRY = catalogue.find("qwen2.5-0.5b-instruct")
CONTENT = PROBE.read_bytes()
OFFERED = Offered(file="modelo.gguf", size=len(CONTENT), modified=1_760_000_000_000)


def begin(settings: Settings, database: Database, **changed: object) -> upload.Upload:
    offered = msgspec.structs.replace(OFFERED, **changed)
    return upload.begin(ENTRY, offered, settings, database)


def send(settings: Settings, offset: int, data: bytes) -> upload.Upload:
    with closing(Piece(ENTRY, settings, offset)) as piece:
        piece.write(data)
    return piece.upload


def test_a_file_comes_in_pieces_and_is_put_in_its_place(
    settings: Settings, database: Database
) -> None:
    assert begin(settings, database).done == 0
    half = len(CONTENT) // 2

    assert send(settings, 0, CONTENT[:half]).done == half
    assert not upload.adopt(ENTRY, settings), "half a file is no model"
    assert send(settings, half, CONTENT[half:]).whole
    assert upload.adopt(ENTRY, settings)

    folder = pull.folder_of(settings)
    assert (folder / ENTRY.file).read_bytes() == CONTENT
    record = weights.recorded(folder / ENTRY.file)
    assert record is not None
    assert record.sha256 == weights.sha256(PROBE)
    assert upload.under_way(ENTRY, settings) is None
    assert not upload.folder_of(ENTRY, settings).exists()


def test_after_an_interruption_it_goes_on_and_sends_the_end_once_more(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    send(settings, 0, CONTENT[:5000])

    assert begin(settings, database).done == 5000
    for start in range(4000, len(CONTENT), 777):
        send(settings, start, CONTENT[start : start + 777])

    assert upload.adopt(ENTRY, settings)
    assert (pull.folder_of(settings) / ENTRY.file).read_bytes() == CONTENT


def test_another_file_of_the_same_name_and_size_is_noticed_where_it_goes_on(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    send(settings, 0, CONTENT[:5000])

    with pytest.raises(Conflict) as refused:
        send(settings, 4000, bytes(2000))

    assert refused.value.code == "upload_differs"
    found = upload.under_way(ENTRY, settings)
    assert found is not None
    assert found.done == 5000
    assert (upload.folder_of(ENTRY, settings) / ENTRY.file).read_bytes() == CONTENT[:5000]


@pytest.mark.parametrize("changed", [{"size": 77}, {"file": "outro.gguf"}, {"modified": 1}])
def test_while_one_file_has_not_come_whole_no_other_is_taken(
    settings: Settings, database: Database, changed: dict[str, object]
) -> None:
    begin(settings, database)

    with pytest.raises(Conflict) as refused:
        begin(settings, database, **changed)
    assert refused.value.code == "upload_differs"

    assert upload.discard(ENTRY, settings)
    begin(settings, database, **changed)


def test_what_is_no_gguf_is_refused_at_its_first_bytes_and_leaves_nothing(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    send(settings, 0, b"PK\3\4")

    with pytest.raises(Unreadable) as refused:
        send(settings, 4, b"a word document")

    assert refused.value.code == "not_a_gguf"
    assert refused.value.facts["file"] == OFFERED.file
    assert not upload.folder_of(ENTRY, settings).exists()


def test_a_gap_is_refused_with_what_is_there(settings: Settings, database: Database) -> None:
    begin(settings, database)
    send(settings, 0, CONTENT[:100])

    with pytest.raises(Conflict) as refused:
        send(settings, 101, b"x")

    assert (refused.value.code, refused.value.facts) == ("upload_out_of_place", {"done": 100})


def test_more_than_was_offered_is_refused(settings: Settings, database: Database) -> None:
    begin(settings, database)

    with pytest.raises(Conflict):
        send(settings, 0, CONTENT + b"x")


def test_without_a_beginning_no_piece_is_taken(settings: Settings) -> None:
    with pytest.raises(NotFound) as refused:
        send(settings, 0, CONTENT)
    assert refused.value.code == "upload_not_begun"


def test_a_second_browser_is_refused_while_a_piece_is_coming(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    with closing(Piece(ENTRY, settings, 0)) as piece:
        for act in (
            lambda: send(settings, 0, CONTENT),
            lambda: begin(settings, database),
            lambda: upload.discard(ENTRY, settings),
        ):
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code == "pull_already_running"
        piece.write(CONTENT)
    assert piece.upload.whole


def test_what_came_before_a_fault_is_kept(settings: Settings, database: Database) -> None:
    begin(settings, database)

    with pytest.raises(ConnectionError), closing(Piece(ENTRY, settings, 0)) as piece:
        piece.write(CONTENT[:300])
        raise ConnectionError

    found = upload.under_way(ENTRY, settings)
    assert found is not None
    assert found.done == 300


def test_a_model_that_is_here_or_on_its_way_is_not_sent_as_well(
    settings: Settings, database: Database
) -> None:
    pull.order(database, pull.PULL, ENTRY.name)
    with pytest.raises(Conflict) as refused:
        begin(settings, database)
    assert refused.value.code == "pull_already_running"

    weights.import_file(PROBE, ENTRY.name, pull.folder_of(settings))
    with pytest.raises(Conflict) as refused:
        begin(settings, database)
    assert refused.value.code == "model_already_here"


def test_the_file_of_another_model_is_told_apart_by_its_name(
    settings: Settings, database: Database
) -> None:
    other = catalogue.find("qwen2.5-1.5b-instruct")

    with pytest.raises(Unreadable) as refused:
        begin(settings, database, file=other.file)

    assert refused.value.code == "upload_other_model"
    assert refused.value.facts["name"] == other.name
    assert begin(settings, database, file=ENTRY.file).done == 0


def test_the_size_is_looked_at_before_a_byte_comes(settings: Settings, database: Database) -> None:
    with pytest.raises(TooLarge):
        begin(settings, database, size=10**12)
    with pytest.raises(NoSpace) as refused:
        begin(settings, database, size=pull.MOST_BYTES)
    assert refused.value.code == "no_space_for_model"
    assert refused.value.facts["free_mb"] < refused.value.facts["need_mb"]

    sized = msgspec.structs.replace(ENTRY, size=1234)
    with pytest.raises(Unreadable) as wrong:
        upload.begin(sized, OFFERED, settings, database)
    assert wrong.value.code == "upload_wrong_size"
    assert upload.under_way(ENTRY, settings) is None


def test_a_wrong_checksum_is_refused_and_leaves_nothing(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    send(settings, 0, CONTENT)
    other = msgspec.structs.replace(ENTRY, sha256="0" * 64)

    with pytest.raises(Unreadable) as refused:
        upload.adopt(other, settings)

    assert refused.value.code == "model_checksum"
    assert not upload.folder_of(ENTRY, settings).exists()
    assert not (pull.folder_of(settings) / ENTRY.file).exists()


def test_an_embedder_has_several_files_and_does_not_come_this_way(
    settings: Settings, database: Database
) -> None:
    with pytest.raises(BadRequest) as refused:
        upload.begin(catalogue.find("multilingual-e5-small"), OFFERED, settings, database)
    assert refused.value.code == "upload_only_language"


def test_a_note_that_cannot_be_read_is_none(settings: Settings, database: Database) -> None:
    begin(settings, database)
    (upload.folder_of(ENTRY, settings) / "note.json").write_text("{")

    assert upload.under_way(ENTRY, settings) is None
    assert begin(settings, database).done == 0


def test_there_is_nothing_to_discard_where_nothing_came(settings: Settings, tmp_path: Path) -> None:
    assert not upload.discard(ENTRY, settings)


def test_a_file_without_room_leaves_nothing(settings: Settings, database: Database) -> None:
    with pytest.raises(NoSpace):
        begin(settings, database, size=pull.MOST_BYTES)

    assert not upload.folder_of(ENTRY, settings).exists()


def idle(settings: Settings, seconds: float) -> None:
    """Let the upload's last piece have come so long ago."""
    then = time.time() - seconds
    os.utime(upload.folder_of(ENTRY, settings), (then, then))


def test_what_nobody_goes_on_with_for_a_day_is_removed(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    idle(settings, upload.KEPT_SECONDS - 60)
    upload.sweep(settings, database)
    assert upload.under_way(ENTRY, settings)

    idle(settings, upload.KEPT_SECONDS + 60)
    upload.sweep(settings, database)
    assert not upload.folder_of(ENTRY, settings).exists()


def test_a_piece_begins_the_day_anew(settings: Settings, database: Database) -> None:
    begin(settings, database)
    idle(settings, upload.KEPT_SECONDS + 60)
    send(settings, 0, CONTENT[:300])

    upload.sweep(settings, database)

    assert upload.under_way(ENTRY, settings)


def test_a_whole_file_that_waits_for_its_import_is_not_swept(
    settings: Settings, database: Database
) -> None:
    begin(settings, database)
    send(settings, 0, CONTENT)
    pull.order(database, pull.IMPORT, ENTRY.name)
    idle(settings, upload.KEPT_SECONDS + 60)

    upload.sweep(settings, database)

    assert upload.adopt(ENTRY, settings)
