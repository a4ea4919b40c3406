"""Files that are made once and kept in a folder: whole or not there, within a size, shared by processes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import time
import zlib
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CODINGS = ("zstd", "gzip")
"""What a file may be kept in besides, the better one first."""
RESTING = 60.0
"""Seconds that a file is left alone after it was last asked for; it may still be on its way out."""
ABANDONED = 3600.0
"""Seconds after which a file that was begun is nobody's any more."""
_ZSTD_LEVEL, _GZIP_LEVEL = 6, 6
_SMALLEST = 500
"""Bytes below which no file is compressed."""
_WORTH = 0.9
"""What part of a file's size it may have at most compressed, to be kept so."""
_LOCKS = 64


class Kept(NamedTuple):
    """A file that is there whole: where, its size in bytes and SHA-256, and the sizes of its coded forms."""

    path: Path
    size: int
    sha256: str
    coded: Mapping[str, int]

    def coded_path(self, coding: str) -> Path:
        """Where it is in a coding that it is kept in."""
        return self.path.with_name(f"{self.path.name}.{coding}")


class Files:
    """A folder of files by name; all of it may be thrown away at any time, and is made anew."""

    def __init__(self, folder: Path, most: int) -> None:
        """Keep `most` bytes of files, or a little more while somebody reads them; of 0, none is kept."""
        self.folder = folder
        self.most = most
        self._known: dict[str, Kept] = {}

    def find(self, name: str) -> Kept | None:
        """A file, if it is there; asking for it keeps it from being thrown away for a while."""
        kept = self._known.get(name) or self._read(name)
        if kept is not None:
            try:
                self._touch(kept.path)
            except FileNotFoundError:
                kept = None
        if kept is None:
            self._known.pop(name, None)
        else:
            self._known[name] = kept
        return kept

    def look(self, names: Iterable[str]) -> dict[str, Kept]:
        """Those of some files that are there; to look keeps none from being thrown away."""
        try:
            there = {*os.listdir(self.folder)}  # noqa: PTH208 - names alone, of thousands
        except OSError:
            return {}
        found = {}
        for name in names:
            if self._label(name).name in there and (kept := self._known.get(name) or self._read(name)):
                found[name] = self._known[name] = kept
        return found

    @property
    def mark(self) -> int:
        """What moves with whatever is put into the folder or taken out of it."""
        try:
            return self.folder.stat().st_mtime_ns
        except OSError:
            return 0

    def keep(self, name: str, parts: Iterator[bytes], *, packed: bool) -> Kept:
        """Make a file of parts, unless somebody else has by then; compressed as well, if it is not packed.

        Raises OSError where there is no room.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._is_ours():
            raise PermissionError(f"{self.folder} may be written by others")
        with self._locked(name):
            kept = self.find(name)
            if kept is None:
                kept = self._known[name] = self._write(name, parts, () if packed else CODINGS)
                self._tidy(name)
        return kept

    def _is_ours(self) -> bool:
        """Whether nobody else may put files there; a folder for temporary files is everybody's."""
        said = self.folder.lstat()
        owned = said.st_uid in {os.getuid(), 0}
        return stat.S_ISDIR(said.st_mode) and owned and not said.st_mode & stat.S_IWOTH

    def _touch(self, path: Path) -> None:
        if time.time() - path.stat().st_mtime > RESTING / 2:
            os.utime(path)

    def _read(self, name: str) -> Kept | None:
        """What was written of a file once it was whole."""
        try:
            if not self._is_ours():
                return None
            said = orjson.loads(self._label(name).read_bytes())
        except FileNotFoundError:
            return None
        return Kept(self.folder / name, said["size"], said["sha256"], said["coded"])

    def _label(self, name: str) -> Path:
        """Where the size and the digest of a file are: it stands last, and only beside a whole file."""
        return self.folder / f"{name}.label"

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Let nobody else make a file, of any process; a lock ends with whoever holds it."""
        number = zlib.crc32(name.encode()) % _LOCKS
        with (self.folder / f".lock{number}").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, name: str, parts: Iterator[bytes], codings: Iterable[str]) -> Kept:
        begun = self.folder / f".{name}.{token_hex(8)}"
        coded = {coding: begun.with_name(f"{begun.name}.{coding}") for coding in codings}
        try:
            size, digest = _write_all(begun, coded, parts)
            sizes = {coding: path.stat().st_size for coding, path in coded.items()}
            worth = {c: s for c, s in sizes.items() if size >= _SMALLEST and s <= size * _WORTH}
            kept = Kept(self.folder / name, size, digest, worth)
            for coding in worth:
                coded[coding].replace(kept.coded_path(coding))
            begun.replace(kept.path)
            self._write_label(name, kept)
        finally:
            for path in (begun, *coded.values()):
                path.unlink(missing_ok=True)
        return kept

    def _write_label(self, name: str, kept: Kept) -> None:
        begun = self.folder / f".{name}.{token_hex(8)}"
        with begun.open("wb") as label:
            label.write(orjson.dumps({"size": kept.size, "sha256": kept.sha256, "coded": kept.coded}))
            _settle(label)
        begun.replace(self._label(name))
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _tidy(self, just_made: str) -> None:
        """Throw away what was asked for longest ago, until there is not too much; never what is in use."""
        now, sizes, used = time.time(), dict[str, int](), dict[str, float]()
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                said = path.stat()
                if path.name.startswith("."):
                    if not path.name.startswith(".lock") and now - said.st_mtime > ABANDONED:
                        path.unlink()
                    continue
                name = _plain_name(path.name)
                sizes[name] = sizes.get(name, 0) + said.st_size
                used[name] = said.st_mtime if path.name == name else used.get(name, 0.0)
        excess = sum(sizes.values()) - self.most
        for name in sorted(sizes, key=lambda each: used[each]):
            if excess <= 0:
                return
            if name != just_made and now - used[name] > RESTING:
                self._throw_away(name)
                excess -= sizes[name]

    def _throw_away(self, name: str) -> None:
        """The label goes first: without it nothing is there."""
        self._known.pop(name, None)
        path = self.folder / name
        for each in (self._label(name), path, *(path.with_name(f"{name}.{coding}") for coding in CODINGS)):
            each.unlink(missing_ok=True)


def _plain_name(name: str) -> str:
    """The file that a label or a coded form belongs to."""
    for suffix in ("label", *CODINGS):
        name = name.removesuffix(f".{suffix}")
    return name


def _write_all(path: Path, coded: Mapping[str, Path], parts: Iterable[bytes]) -> tuple[int, str]:
    """Write parts plainly and in codings, once each; their size and SHA-256."""
    size, digest = 0, hashlib.sha256()
    with ExitStack() as opened:
        plain = opened.enter_context(path.open("wb"))
        others = [(opened.enter_context(to.open("wb")), _compressor(coding)) for coding, to in coded.items()]
        for part in parts:
            size += len(part)
            digest.update(part)
            plain.write(part)
            for file, compressor in others:
                file.write(compressor.compress(part))
        for file, compressor in others:
            file.write(compressor.flush())
        for file in (plain, *(file for file, _ in others)):
            _settle(file)
    return size, digest.hexdigest()


def _compressor(coding: str) -> Any:  # noqa: ANN401 - two libraries' objects, alike
    if coding == "gzip":
        return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()


def _settle(file: Any) -> None:  # noqa: ANN401 - an open file
    file.flush()
    os.fsync(file.fileno())
