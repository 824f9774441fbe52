"""Names and things in a folder that are no files: links, pipes, sockets, folders named like files."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.awkward.case import Case, Read, Refused, read, special
from tests.awkward.texts import Numbered

_OUTSIDE = Refused(kind="outside", is_skipped=True)
_LINK = Refused(kind="link", is_skipped=True)
_NO_FILE = Refused(kind="unreadable", is_skipped=True)
_UNKNOWN = Refused(kind="unsupported_format", is_skipped=True)


def place_cases(outside: Path) -> Iterator[Case]:
    text = Numbered(4000)
    yield from _names(text)
    yield from _links(text, outside)
    yield special("things/pipe.txt", os.mkfifo, _NO_FILE)
    yield special("things/pipe.pdf", os.mkfifo, _NO_FILE)
    yield special("things/pipe", os.mkfifo, _NO_FILE)
    yield special("things/socket.txt", make_socket, _NO_FILE)
    yield special("things/socket.docx", make_socket, _NO_FILE)
    for suffix in ("txt", "html", "jsonl", "pdf", "docx"):
        one = text()
        yield read(f"things/folder.{suffix}/inside.txt", one.encode(), one)
    yield special("things/empty.txt", Path.mkdir, None)
    for name in (
        "table.csv",
        "book.xlsx",
        "slides.pptx",
        "old.doc",
        "macros.docm",
        "letter.rtf",
        "none",
        "mail.eml",
        "a.txt.gz",
    ):
        yield Case(name=f"unknown/{name}", content=text().encode(), outcomes={"": _UNKNOWN})
    yield Case(name="unknown/README.md", content=b"# x", outcomes={"": Refused(kind="documentation", is_skipped=True)})
    yield Case(name="unknown/.hidden.txt", content=b"x", outcomes={"": Refused(kind="hidden", is_skipped=True)})
    yield Case(name=".git/config.txt", content=b"x", outcomes={})
    # The same article under two names is two records, and paid once.
    one = text()
    yield read("twice/first.txt", one.encode(), one, control=True)
    yield read("twice/second.txt", one.encode("gb18030"), one)
    yield Case(
        name="twice/zagain/first.txt", content=one.encode(), outcomes={"": Refused(kind="duplicate", is_skipped=True)}
    )
    other = text()
    yield read("twice/zother/first.txt", other.encode(), other)


def _names(text: Numbered) -> Iterator[Case]:
    names = (
        "-rf.txt", "--out.txt", "two\nlines.txt", "tab\there.txt", " blank .txt", "caf\u00e9.txt", "cafe\u0301.txt",
        "x" * 251 + ".txt", "新" * 83 + ".txt", "con.txt", "nul.md", "a;rm -rf $HOME.txt", "$(touch x).txt", "`id`.txt",
        "'\"<b>&.txt", "\u202etxt.exe.txt", "zero\u200bwidth.txt", "%2e%2e%2f.txt", "*?.txt", "~.txt", "=1+1.txt", "a..b..txt",
        "UPPER.TXT", "many.dots.in.name.txt", "\\back\\slash.txt", "\x1b[31mred.txt", "{{7*7}}.txt", "😀.txt",
    )  # fmt: skip
    for name in names:
        one = text()
        yield read(f"names/{name}", one.encode(), one)


def _links(text: Numbered, outside: Path) -> Iterator[Case]:
    secret = outside / "secret.txt"
    yield special("links/out.txt", lambda path: path.symlink_to(secret), _OUTSIDE)
    yield special("links/out.pdf", lambda path: path.symlink_to(outside / "secret.pdf"), _OUTSIDE)
    yield special("links/out-folder", lambda path: path.symlink_to(outside), _OUTSIDE)
    yield special("links/out-folder.txt", lambda path: path.symlink_to(outside), _OUTSIDE)
    yield special("links/relative.txt", lambda path: path.symlink_to(os.path.relpath(secret, path.parent)), _OUTSIDE)
    yield special("links/environment.txt", lambda path: path.symlink_to("/proc/self/environ"), _OUTSIDE)
    yield special("links/passwords.txt", lambda path: path.symlink_to("/etc/passwd"), _OUTSIDE)
    yield special("links/zero.txt", lambda path: path.symlink_to("/dev/zero"), _OUTSIDE)
    yield special("links/input.txt", lambda path: path.symlink_to("/dev/stdin"), _OUTSIDE)
    yield special("links/root", lambda path: path.symlink_to("/"), _OUTSIDE)
    yield special("links/nowhere.txt", lambda path: path.symlink_to("nowhere-at-all.txt"), _OUTSIDE)
    yield special("links/itself.txt", lambda path: path.symlink_to("itself.txt"), _OUTSIDE)
    yield special("links/ping.txt", lambda path: path.symlink_to("pong.txt"), _OUTSIDE)
    yield special("links/pong.txt", lambda path: path.symlink_to("ping.txt"), _OUTSIDE)
    yield special("links/up", lambda path: path.symlink_to(".."), _LINK)
    yield special("links/here", lambda path: path.symlink_to("."), _LINK)
    one = text()
    yield read("links/target.txt", one.encode(), one)
    yield special("links/within.txt", lambda path: path.symlink_to("target.txt"), Read(text=one))
    yield special("links/chain.txt", lambda path: path.symlink_to("within.txt"), Read(text=one))


def make_socket(path: Path) -> None:
    """Put a socket there."""
    # A socket's path may have 107 bytes at most, so it is bound by a short one.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(before)
