"""A provider's batch interface on loopback: files, jobs, lists in pages, and faults wherever a test wants one.

As a process of its own: `python -m tests.batch_double [RECORDINGS]` prints its address and finishes each job at the
second look.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from summarizer.wire.exchange import document_key
from summarizer.wire.recordings import Recordings
from tests.loopback import good_answer

# What becomes of one request: status and body of its line, or an error instead of a response, or no line at all.
Answered = tuple[int, dict[str, Any]] | dict[str, Any] | None
Script = Callable[[dict[str, Any]], Answered]
# (method, path without /v1, what happens). Each serves once.
Fault = tuple[str, str, "str | int"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: callers that are killed reset their connections."""


@dataclass
class BatchDouble:
    """Holds files and jobs; `finish` ends the open ones as `ending` says.

    `answer` makes the line of one request. `page` is the longest list it gives at once. `faults` are taken in order by
    the requests that fit: a status, `reset` (nothing done), `reset_after` (done, and no reply), `html`, `cut` (half of
    the reply). `mangle` changes output and error files before they are stored.
    """

    answer: Script = good_answer
    ending: str = "completed"
    page: int = 100
    finishes_when_seen: int | None = None
    faults: list[Fault] = field(default_factory=list)
    mangle: Callable[[str, list[bytes]], bytes] = lambda _sort, lines: b"".join(lines)
    errors: list[dict[str, Any]] = field(default_factory=list)
    has_batches: bool = True
    states_bytes: bool = True
    echoes_metadata: bool = True
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    online: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._looks: Counter[str] = Counter()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def clear(self) -> None:
        """Forget everything that was sent."""
        with self._lock:
            for kept in (self.files, self.contents, self.batches, self.calls, self.online, self._looks):
                kept.clear()

    def requests_of(self, batch: dict[str, Any]) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.contents[batch["input_file_id"]].split(b"\n") if line]

    def custom_ids(self) -> Counter[str]:
        """Count in how many accepted jobs each request is."""
        return Counter(line["custom_id"] for batch in self.batches.values() for line in self.requests_of(batch))

    def finish(self) -> None:
        """End all jobs that are not ended."""
        with self._lock:
            for batch in self.batches.values():
                if batch["status"] in ("validating", "in_progress", "finalizing"):
                    self._end(batch)

    def _end(self, batch: dict[str, Any]) -> None:
        batch["status"] = self.ending
        if self.ending == "failed":
            batch["errors"] = {"object": "list", "data": self.errors}
            return
        good, bad = [], []
        # Providers promise no order.
        for number, request in enumerate(reversed(self.requests_of(batch))):
            result = self.answer(request["body"])
            if result is None:
                continue
            line: dict[str, Any] = {"id": f"r{number}", "custom_id": request["custom_id"]}
            if isinstance(result, dict):
                bad.append(line | {"response": None, "error": result})
            else:
                status, body = result
                response = {"status_code": status, "request_id": f"q{number}", "body": body}
                (good if status == 200 else bad).append(line | {"response": response, "error": None})
        counts = {"total": len(self.requests_of(batch)), "completed": len(good), "failed": len(bad)}
        batch["request_counts"] = counts
        for sort, lines in (("output", good), ("error", bad)):
            raw = [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines]
            content = self.mangle(sort, raw)
            if content:
                file = self._add_file(f"{sort}.jsonl", content, "batch_output")
                batch[f"{sort}_file_id"] = file["id"]

    def _add_file(self, name: str, content: bytes, purpose: str) -> dict[str, Any]:
        file = {
            "id": f"file-{len(self.files) + 1:04}",
            "object": "file",
            "filename": name,
            "purpose": purpose,
            "created_at": int(time.time()),
        }
        if self.states_bytes:
            file["bytes"] = len(content)
        self.files[file["id"]] = file
        self.contents[file["id"]] = content
        return file

    def serve(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> tuple[int, Any]:
        with self._lock:
            self.keys.add(headers.get("authorization", ""))
            if (method, path) == ("POST", "/chat/completions"):
                document = json.loads(body)
                self.online.append(document)
                result = self.answer(document)
                return result if isinstance(result, tuple) else (500, {"error": result})
            if path.startswith("/batches") and not self.has_batches:
                return 404, {"error": {"message": "no such route"}}
            if (method, path) == ("POST", "/files"):
                name, content = _file_in(headers["content-type"], body)
                return 200, self._add_file(name, content, "batch")
            if (method, path) == ("POST", "/batches"):
                return self._create(json.loads(body))
            if path in ("/files", "/batches"):
                return 200, self._list(list((self.files if path == "/files" else self.batches).values()), query)
            return self._one(path)

    def _create(self, document: dict[str, Any]) -> tuple[int, Any]:
        if document["input_file_id"] not in self.files:
            return 400, {"error": {"message": "no such file", "code": "invalid_file"}}
        batch = {
            "id": f"batch_{len(self.batches) + 1:04}",
            "object": "batch",
            "endpoint": document["endpoint"],
            "input_file_id": document["input_file_id"],
            "status": "in_progress",
            "metadata": document["metadata"] if self.echoes_metadata else None,
            "created_at": int(time.time()) - 7200,
            "expires_at": int(time.time()) + 79200,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
        }
        self.batches[batch["id"]] = batch
        return 200, batch

    def _list(self, items: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        newest_first = [one for one in reversed(items) if query.get("purpose") in (None, one.get("purpose"))]
        start = next((n + 1 for n, one in enumerate(newest_first) if one["id"] == query.get("after")), 0)
        size = min(self.page, int(query["limit"]))
        found = newest_first[start : start + size]
        return {
            "object": "list",
            "data": found,
            "last_id": found[-1]["id"] if found else None,
            "has_more": start + size < len(newest_first),
        }

    def _one(self, path: str) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        if parts[0] == "batches" and parts[1] in self.batches:
            batch = self.batches[parts[1]]
            self._looks[batch["id"]] += 1
            if self.finishes_when_seen is not None and self._looks[batch["id"]] >= self.finishes_when_seen:
                self.finish()
            return 200, batch
        if parts[0] == "files" and parts[1] in self.files:
            return 200, self.contents[parts[1]] if parts[2:] == ["content"] else self.files[parts[1]]
        return 404, {"error": {"message": "not found"}}

    def fault_for(self, method: str, path: str) -> str | int | None:
        with self._lock:
            self.calls.append(f"{method} {path}")
            for fault in self.faults:
                if fault[0] == method and re.fullmatch(fault[1], path):
                    self.faults.remove(fault)
                    return fault[2]
        return None


def recorded(folder: Path) -> Script:
    """Answer with what was recorded for the same request, as a fake model where nothing was."""
    answers = {}
    for path in folder.glob("*.json"):
        exchange = Recordings(folder).load(path)
        answers[exchange.key] = exchange.answer

    def answer(body: dict[str, Any]) -> Answered:
        known = answers.get(document_key(body))
        return good_answer(body) if known is None else (200, known)

    return answer


def _file_in(content_type: str, body: bytes) -> tuple[str, bytes]:
    boundary = content_type.partition("boundary=")[2].encode()
    found = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb' name="([^"]+)"', head)
        assert name is not None
        found[name[1]] = head, content.removesuffix(b"\r\n")
    assert found[b"purpose"][1] == b"batch"
    file_name = re.search(rb'filename="([^"]+)"', found[b"file"][0])
    assert file_name is not None
    return file_name[1].decode(), found[b"file"][1]


def _handler(double: BatchDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._serve("POST")

        def do_GET(self) -> None:
            self._serve("GET")

        def _serve(self, method: str) -> None:
            body = self._body()
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/v1")
            fault = double.fault_for(method, path)
            if fault == "reset":
                return self._reset()
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            if isinstance(fault, int):
                status, reply = fault, {"error": {"message": "as the test wants it"}}
            else:
                status, reply = double.serve(method, path, query, self.headers, body)
            if fault == "reset_after":
                return self._reset()
            content = reply if isinstance(reply, bytes) else json.dumps(reply, ensure_ascii=False).encode()
            if fault == "html":
                content = b"<html>gateway</html>"
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if fault == "cut" else content)
                if fault == "cut":
                    self._reset()
            return None

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding", "") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body
            return self.rfile.read(int(self.headers.get("content-length", 0)))

        def _reset(self) -> None:
            self.close_connection = True
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    return Handler


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    process = BatchDouble(answer=good_answer if given is None else recorded(given), finishes_when_seen=2)
    print(process.base_url, flush=True)
    threading.Event().wait()
