"""The recorded answers that a replay reads: which there are, which were used, what may be moved, what must not be in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from summarizer.errors import SettingsError, StoreError
from summarizer.settings import is_loopback
from summarizer.wire.exchange import Exchange, canonical_json, document_key
from summarizer.wire.recordings import Recordings

RECORDINGS_DIR: Final = Path(__file__).parent / "recordings"
DEFAULT_MODEL: Final = "queue-model"
# Fields of a request in which an answer may be older than the request. Not the messages and not the tools, which the
# answer answers, and not the model: its answers are its own.
REKEYED_FIELDS: Final = (
    "temperature",
    "top_p",
    "seed",
    "max_tokens",
    "max_completion_tokens",
    "parallel_tool_calls",
)

_SECRETS: Final = {
    "looks like a key": re.compile(r"\b(?:sk|rk|pk|gsk|xai|ghp|AKIA)[-_][A-Za-z0-9_-]{12,}|\bAIza[\w-]{20,}"),
    "holds a bearer token": re.compile(r"(?i)\bbearer\s+[\w.~+/-]{8,}"),
    "holds a header that names the account": re.compile(
        r"(?i)\b(?:authorization|x-api-key|api[-_]key|set-cookie|openai-organization)\\*[\"']?\s*[:=]"
    ),
    "holds a path of a machine": re.compile(
        r"(?<![\w.])/(?:home|root|Users|tmp|var|private|opt|mnt|srv)/[\w.-]+|\b[A-Za-z]:\\+Users\\"
    ),
}
_HOST: Final = re.compile(r"\b(?:https?|wss?|ftp)://(?:[^/\s\"'<>@]*@)?([\w.-]+)|\b(\d{1,3}(?:\.\d{1,3}){3})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A recording that was given the key of the request that is asked now, and the fields in which that one differs."""

    old: str
    new: str
    fields: tuple[str, ...]


def load_recordings(folder: Path) -> dict[str, Exchange]:
    """Read all recordings by file name; none where the folder is missing.

    Raises:
        StoreError: a file is no recording, or was edited.
    """
    recordings = Recordings(folder)
    return {path.name: recordings.load(path) for path in sorted(folder.glob("*.json"))}


def model_of(recorded: Mapping[str, Exchange]) -> str:
    """Return the one model that was asked; the file-queue endpoint's where nothing is recorded yet.

    Raises:
        SettingsError: the recordings are of several models.
    """
    models = sorted({str(exchange.request.get("model")) for exchange in recorded.values()})
    if len(models) > 1:
        raise SettingsError(f"the recordings are of several models ({', '.join(models)}); name one by --model")
    return models[0] if models else DEFAULT_MODEL


def answer_chars(exchanges: Iterable[Exchange]) -> int:
    """Return how many characters the model wrote: message content and arguments of tool calls."""
    return sum(len(text) for exchange in exchanges for text in _texts(exchange.answer or {}))


def _texts(answer: Mapping[str, Any]) -> Iterator[str]:
    for choice in answer.get("choices") or ():
        message = choice.get("message") or {}
        calls = [(call.get("function") or {}).get("arguments") for call in message.get("tool_calls") or ()]
        yield from (text for text in (message.get("content"), *calls) if isinstance(text, str))


def digest_of(exchanges: Iterable[Exchange]) -> str:
    """Return the SHA-256 of the requests' keys and the answers, whatever their order."""
    digest = hashlib.sha256()
    for key, answer in sorted({exchange.key: canonical_json(exchange.answer) for exchange in exchanges}.items()):
        digest.update(bytes.fromhex(key) + hashlib.sha256(answer).digest())
    return digest.hexdigest()


def unused(recorded: Mapping[str, Exchange], used: Iterable[Exchange]) -> tuple[str, ...]:
    """Return the names of the recordings that answered no request."""
    keys = {exchange.key for exchange in used}
    return tuple(name for name, exchange in recorded.items() if exchange.key not in keys)


def delete(folder: Path, names: Iterable[str]) -> None:
    """Delete recordings by name.

    Raises:
        StoreError: one cannot be deleted.
    """
    for name in names:
        try:
            (folder / name).unlink()
        except OSError as error:
            raise StoreError(f"cannot delete recording {name!r}: {error.strerror}") from error


def rekey(folder: Path, missed: Sequence[Mapping[str, Any]], used: Collection[str]) -> list[Move]:
    """Give recordings the keys of requests that differ from theirs in `REKEYED_FIELDS` alone.

    A request that differs in anything else, or that several recordings would fit, is left without an answer.

    Args:
        folder: the recordings; files are moved in it.
        missed: the requests that nothing recorded answers.
        used: keys of recordings that answer other requests, and stay.

    Raises:
        StoreError: a recording cannot be read, written or deleted.
    """
    candidates: dict[str, list[str]] = {}
    recorded = load_recordings(folder)
    for name, exchange in recorded.items():
        if exchange.key not in used:
            candidates.setdefault(_lasting_key(exchange.request), []).append(name)
    moves = []
    for request in missed:
        fitting = candidates.pop(_lasting_key(request), [])
        if len(fitting) == 1:
            old = recorded[fitting[0]]
            path = Recordings(folder).write(replace(old, key=document_key(request), request=request))
            delete(folder, fitting)
            fields = tuple(name for name in REKEYED_FIELDS if old.request.get(name) != request.get(name))
            moves.append(Move(old=fitting[0], new=path.name, fields=fields))
    return moves


def _lasting_key(request: Mapping[str, Any]) -> str:
    return document_key({name: value for name, value in request.items() if name not in REKEYED_FIELDS})


def secrets_in(path: Path) -> list[str]:
    """Return what a recording holds and must not: keys, account headers, paths of a machine, hosts; with line numbers.

    Hosts and paths that the article itself names are the article's.

    Raises:
        StoreError: the file is no recording.
    """
    recorded = Recordings(path.parent).load(path)
    article = "\n".join(
        str(message.get("content")) for message in recorded.request.get("messages", ()) if message.get("role") == "user"
    )
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for what, pattern in _SECRETS.items():
            if any(what != "holds a path of a machine" or hit[0] not in article for hit in pattern.finditer(line)):
                found.append(f"{path.name} line {number} {what}")
        hosts = {hit[1] or hit[2] for hit in _HOST.finditer(line)}
        if any(not is_loopback(host) and host not in article for host in hosts):
            found.append(f"{path.name} line {number} names a host")
    return found
