"""Kept files: whole or not there, made once, within a size, and never where others may write."""

import gzip
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from app.services.files import RESTING, Files

BODY = b"id,title\r\n" + b"1,Complaints answered\r\n" * 1000


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", 2**20)


def parts(body: bytes = BODY) -> Iterator[bytes]:
    for start in range(0, len(body), 7000):
        yield body[start : start + 7000]


def broken() -> Iterator[bytes]:
    yield BODY
    raise ConnectionError("the database went away")


def rest(files: Files) -> None:
    """Let all files have been left alone for a while."""
    past = time.time() - 2 * RESTING
    for place, path in enumerate(sorted(files.folder.iterdir())):
        os.utime(path, (past + place / 100, past + place / 100))


def test_a_file_is_kept_plainly_and_compressed_and_is_there_for_another_process(files: Files) -> None:
    kept = files.keep("risks.csv", parts(), packed=False)

    assert kept.path.read_bytes() == BODY
    assert (kept.size, kept.sha256) == (len(BODY), hashlib.sha256(BODY).hexdigest())
    assert gzip.decompress(kept.coded_path("gzip").read_bytes()) == BODY
    assert (
        zstandard.ZstdDecompressor().decompressobj().decompress(kept.coded_path("zstd").read_bytes()) == BODY
    )
    assert Files(files.folder, 2**20).find("risks.csv") == kept == files.find("risks.csv")


def test_what_does_not_get_smaller_is_not_kept_twice(files: Files) -> None:
    noise = os.urandom(5000)

    assert files.keep("a.csv", parts(noise), packed=False).coded == {}
    assert files.keep("b.csv", parts(b"short"), packed=False).coded == {}
    assert files.keep("c.parquet", parts(), packed=True).coded == {}


def test_of_a_file_that_breaks_off_nothing_stays(files: Files) -> None:
    with pytest.raises(ConnectionError):
        files.keep("risks.csv", broken(), packed=False)

    assert files.find("risks.csv") is None
    assert [path.name for path in files.folder.iterdir() if not path.name.startswith(".lock")] == []


def test_a_file_without_its_label_is_not_there(files: Files) -> None:
    kept = files.keep("risks.csv", parts(), packed=False)
    kept.path.with_name("risks.csv.label").unlink()

    assert Files(files.folder, 2**20).find("risks.csv") is None
    again = Files(files.folder, 2**20).keep("risks.csv", parts(), packed=False)
    assert again == kept


def test_a_file_that_was_thrown_away_is_made_anew(files: Files) -> None:
    kept = files.keep("risks.csv", parts(), packed=False)
    for path in files.folder.iterdir():
        path.unlink()

    assert files.find("risks.csv") is None
    assert files.keep("risks.csv", parts(), packed=False) == kept


def test_of_all_who_ask_at_once_one_makes_it(tmp_path: Path) -> None:
    made: list[int] = []
    begun = threading.Barrier(4)

    def counted() -> Iterator[bytes]:
        made.append(1)
        yield from parts()

    def ask() -> None:
        files = Files(tmp_path / "files", 2**20)  # as another process has it
        begun.wait()
        files.keep("risks.csv", counted(), packed=False)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert made == [1]


def test_what_was_asked_for_longest_ago_makes_room(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", 12_000)
    for name in ("a", "b"):
        files.keep(name, parts(os.urandom(5000)), packed=True)
    rest(files)
    assert files.find("a") is not None

    files.keep("c", parts(os.urandom(5000)), packed=True)

    assert [name for name in "abc" if files.find(name) is not None] == ["a", "c"]


def test_what_is_in_use_is_not_thrown_away(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", 1)

    for name in ("a", "b"):
        files.keep(name, parts(), packed=False)

    assert files.find("a") is not None


def test_what_somebody_began_and_left_is_thrown_away_in_time(files: Files) -> None:
    files.folder.mkdir()
    (left := files.folder / ".risks.csv.1234").write_bytes(b"half")
    os.utime(left, (0, 0))

    files.keep("risks.csv", parts(), packed=False)

    assert not left.exists()


def test_a_folder_that_others_may_write_to_is_not_used(files: Files) -> None:
    files.keep("risks.csv", parts(), packed=False)
    files.folder.chmod(0o777)

    assert Files(files.folder, 2**20).find("risks.csv") is None
    with pytest.raises(PermissionError):
        files.keep("other.csv", parts(), packed=False)


def test_to_look_tells_what_is_there_and_keeps_nothing_from_being_thrown_away(files: Files) -> None:
    assert files.look(["risks.csv"]) == {}
    before = files.mark
    kept = files.keep("risks.csv", parts(), packed=False)
    rest(files)
    asked_for = kept.path.stat().st_mtime

    assert Files(files.folder, 2**20).look(["risks.csv", "actions.csv"]) == {"risks.csv": kept}
    assert kept.path.stat().st_mtime == asked_for
    assert before != files.mark == Files(files.folder, 2**20).mark
