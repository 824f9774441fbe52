"""What the caller named: files, folders, JSON Lines, standard input. One outcome for each input, one input at a time."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from summarizer.articles.ahead import read_ahead
from summarizer.articles.article import Article
from summarizer.articles.files import OUTPUT_MARK, is_within, kind_of, open_regular, read_bytes, reason_of, shown
from summarizer.articles.jsonl import is_jsonl, split_lines
from summarizer.articles.markup import HTML, MARKDOWN, PLAIN
from summarizer.articles.raw import LINE, IdRegister, RawInput
from summarizer.errors import InputError
from summarizer.records import FailedInput

FORMATS: Final = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
}
_LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_DOCUMENT_SUFFIXES: Final = {".pdf": "pdf", ".docx": "docx"}
# Word's other kinds: the old one, those with macros, templates.
_OTHER_WORD: Final = frozenset({".doc", ".docm", ".dot", ".dotx", ".dotm", ".rtf", ".odt", ".wps", ".pages"})
_READABLE: Final = ".txt, .md, .html, .pdf, .docx or .jsonl"
_STANDARD_INPUT: Final = "-"
# Upper case only: `sources.txt` and `notice.txt` may well be articles.
_DOCUMENTATION: Final = frozenset(
    {"README", "SOURCES", "LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING", "NOTICE", "AUTHORS"}
)
_DOCUMENTATION_SUFFIXES: Final = frozenset({"", ".md", ".txt"})


def read_inputs(
    paths: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Iterator[Article | FailedInput]:
    """Yield an article or a failure for everything the paths name, one by one, in the order given.

    A path is a file (.txt, .md, .html, .pdf, .docx, .jsonl), a folder (read recursively, names sorted; folders whose
    name begins with a dot are left out; documentation such as README.md and the output folder of a run are skipped) or
    `-` for standard input. The id of a file's article is the file's stem; if another text bears it already, `~` and
    eight digits of the text's SHA-256 are added. A JSONL line without `id` gets the stem and its line number. The same
    id with the same text again is skipped (`duplicate`); an id that a JSONL line states and another text bears fails
    (`duplicate_id`). Nothing is raised: whatever cannot be read becomes a `FailedInput`. PDF and DOCX are parsed by a
    limited child process, one for each file.

    Reads one file, or one line of a .jsonl, at a time, and up to four documents ahead; keeps some 200 bytes of each
    article it has yielded. Nothing outside a given folder is opened, neither are pipes, sockets and devices. `stdin`
    replaces the process's own, for callers and tests.

    Example:
        >>> [outcome.kind for outcome in read_inputs(["/no/such/file"])]
        ['unreadable']
    """
    ids = IdRegister()
    with closing(read_ahead(find_inputs(paths, stdin=stdin))) as inputs:
        for found in inputs:
            if isinstance(found, FailedInput):
                yield found
                continue
            try:
                article, is_id_given = found.read()
            except InputError as error:
                yield failed_reading(found, error)
            else:
                yield ids.admit(article, is_id_given=is_id_given)


def find_inputs(
    paths: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Iterator[RawInput | FailedInput]:
    """Yield what `read_inputs` reads as bytes, before anything of it is decoded, or why there is nothing to read."""
    finder = _InputFinder(stdin)
    for path in paths:
        yield from finder.read(path)


def failed_reading(raw: RawInput, error: InputError) -> FailedInput:
    """Return the failure of an input whose bytes are no article; a line has an id only where an article states it."""
    name = None if raw.format_hint == LINE else raw.name
    return FailedInput(source=raw.source, id=name, kind=error.kind, message=str(error))


class _InputFinder:
    def __init__(self, stdin: BinaryIO | None) -> None:
        self._stdin = stdin

    def read(self, path: str | os.PathLike[str]) -> Iterator[RawInput | FailedInput]:
        if os.fspath(path) == _STANDARD_INPUT:
            yield from self._read_stdin()
            return
        named = Path(path)
        try:
            # A link that the caller names is followed: naming it is consent.
            resolved = named.resolve(strict=True)
            mode = resolved.lstat().st_mode
        except (OSError, RuntimeError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, (OSError, ValueError)) else "a loop of links"
            yield _failed(named, "unreadable", f"cannot read {shown(named)!r}: {reason}; check the path")
            return
        if stat.S_ISDIR(mode):
            yield from self._read_folder(named, resolved)
        elif not stat.S_ISREG(mode):
            yield _failed(
                named,
                "unreadable",
                f"{shown(named)!r} is {kind_of(mode)}, expected a file or folder; it was not opened",
            )
        else:
            yield from self._read_file(named, resolved, is_named=True)

    def _read_folder(self, folder: Path, root: Path) -> Iterator[RawInput | FailedInput]:
        """Read a folder that holds something; one that holds nothing at all is named too."""
        is_hollow = True
        for found in self._walk(folder, root):
            is_hollow = False
            yield found
        if is_hollow:
            yield _failed(folder, "empty", f"{shown(folder)!r} holds no file; name a folder with articles")

    def _walk(self, folder: Path, root: Path) -> Iterator[RawInput | FailedInput]:
        """Walk without recursion, folders and files together in sorted order; links to folders are not followed."""
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            try:
                mode = path.lstat().st_mode
            except (OSError, ValueError) as error:
                yield _failed(
                    path, "unreadable", f"cannot read {shown(path)!r}: {reason_of(error)}; check its permissions"
                )
                continue
            if stat.S_ISDIR(mode) or path is folder:
                try:
                    children = sorted(path.iterdir(), key=os.fsencode, reverse=True)
                except OSError as error:
                    yield _failed(
                        path,
                        "unreadable",
                        f"cannot read folder {shown(path)!r}: {reason_of(error)}; check its permissions",
                    )
                    continue
                if any(child.name == OUTPUT_MARK for child in children):
                    message = f"{shown(path)!r} is the output folder of a run; name its folder 'texts' to read those"
                    yield _failed(path, "output_folder", message, skip=path is not folder)
                    continue
                waiting.extend(child for child in children if not _is_hidden_folder(child))
            else:
                yield from self._read_entry(path, mode, root)

    def _read_entry(self, path: Path, mode: int, root: Path) -> Iterator[RawInput | FailedInput]:
        name = shown(path)
        target = path
        if stat.S_ISLNK(mode):
            if not is_within(path, root):
                yield _failed(
                    path,
                    "outside",
                    f"{name!r} is a link that leads out of the given folder or nowhere; name its target",
                    skip=True,
                )
                return
            target = path.resolve()
            mode = target.lstat().st_mode
            if stat.S_ISDIR(mode):
                yield _failed(path, "link", f"{name!r} is a link to a folder that is read by its own name", skip=True)
                return
        if not stat.S_ISREG(mode):
            yield _failed(
                path, "unreadable", f"{name!r} is {kind_of(mode)}, expected a file; it was not opened", skip=True
            )
        elif path.name.startswith("."):
            yield _failed(path, "hidden", f"{name!r} is hidden; name it by itself to have it read", skip=True)
        elif _is_documentation(path):
            message = f"{name!r} documents the folder by its name; name it by itself to have it read"
            yield _failed(path, "documentation", message, skip=True)
        else:
            yield from self._read_file(path, target, is_named=False)

    def _read_file(self, path: Path, target: Path, *, is_named: bool) -> Iterator[RawInput | FailedInput]:
        suffix = path.suffix.lower()
        name = shown(path)
        if suffix not in FORMATS and suffix not in _LINES_SUFFIXES and suffix not in _DOCUMENT_SUFFIXES:
            message = f"{name!r} has no suffix that is read here, expected {_READABLE}; rename or convert it"
            if suffix in _OTHER_WORD:
                message = f"{name!r}: {suffix} is not read here; save it as .docx, .pdf or .txt"
            yield _failed(path, "unsupported_format", message, skip=not is_named)
            return
        if suffix in _LINES_SUFFIXES:
            yield from self._read_lines(_file_lines(target), name, shown(path.stem))
            return
        try:
            data = read_bytes(target)
        except InputError as error:
            yield _failed(path, error.kind, str(error))
            return
        form = _DOCUMENT_SUFFIXES.get(suffix) or FORMATS[suffix]
        yield RawInput(source=name, name=shown(path.stem), data=data, format_hint=form)

    def _read_lines(
        self, lines: Iterator[tuple[int, bytes]], source: str, stem: str
    ) -> Iterator[RawInput | FailedInput]:
        is_empty = True
        try:
            for number, line in lines:
                if is_empty and line.startswith((b"\xff\xfe", b"\xfe\xff")):
                    message = f"{source!r} is UTF-16; save it as UTF-8, in which JSON Lines are written"
                    yield FailedInput(source=source, kind="encoding", message=message)
                    return
                is_empty = False
                yield RawInput(source=f"{source}:{number}", name=f"{stem}-{number}", data=line, format_hint=LINE)
        except InputError as error:
            yield FailedInput(source=source, kind=error.kind, message=str(error))
            return
        if is_empty:
            yield FailedInput(
                source=source, kind="empty", message=f"{source!r}: no line in it; write one object a line"
            )

    def _read_stdin(self) -> Iterator[RawInput | FailedInput]:
        try:
            data = (self._stdin or sys.stdin.buffer).read()
        except (OSError, ValueError) as error:
            yield FailedInput(
                source="-",
                kind="unreadable",
                message=f"cannot read standard input: {reason_of(error)}; pipe an article into it",
            )
            return
        if data.startswith(b"%PDF-") or (data.startswith(b"PK\x03\x04") and b"word/" in data):
            form = "pdf" if data.startswith(b"%") else "docx"
            yield RawInput(source="-", name="stdin", data=data, format_hint=form)
            return
        if is_jsonl(data):
            yield from self._read_lines(split_lines(io.BytesIO(data)), "-", "stdin")
            return
        start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
        is_page = start.startswith((b"<!doctype html", b"<html", b"<?xml"))
        yield RawInput(source="-", name="stdin", data=data, format_hint=HTML if is_page else PLAIN)


def _file_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file of any size, one at a time.

    Raises:
        InputError: it cannot be read, or a line is longer than a file may be.
    """
    with open_regular(path) as descriptor, os.fdopen(descriptor, "rb", 1 << 20, closefd=False) as file:
        yield from split_lines(file)


def _is_documentation(path: Path) -> bool:
    # README.zh.md is one too.
    return path.name.split(".")[0] in _DOCUMENTATION and path.suffix.lower() in _DOCUMENTATION_SUFFIXES


def _is_hidden_folder(path: Path) -> bool:
    if not path.name.startswith("."):
        return False
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _failed(path: Path, kind: str, message: str, *, skip: bool = False) -> FailedInput:
    return FailedInput(
        source=shown(path),
        id=shown(path.stem) or None,
        status="skipped" if skip else "failed",
        kind=kind,
        message=message,
    )
