from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import httpx2
import pytest

from summarizer.errors import CutReplyError, ReplyTimeoutError, ReplyTooLargeError
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.retry import Retry, RetryPolicy


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
    released: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        getattr(self, self.path.strip("/"))()

    def head(self, status: int = 200, **headers: Any) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def good(self) -> None:
        self.head(content_length=15, content_type="application/json", set_cookie="a=b")
        self.wfile.write(b'{"choices": []}')

    def short(self) -> None:
        self.head(content_length=100)
        self.wfile.write(b'{"choices": [')
        self.close_connection = True

    def cut_chunk(self) -> None:
        self.head(transfer_encoding="chunked")
        self.wfile.write(b"20\r\n{\r\n")
        self.close_connection = True

    def drip(self) -> None:
        self.head(content_length=100)
        self.wfile.write(b"{")
        self.wfile.flush()
        self.released.wait(20)
        self.close_connection = True

    def redirect(self) -> None:
        self.head(307, content_length=0, location="http://127.0.0.1:9/elsewhere")

    def vanish(self) -> None:
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        return None


@pytest.fixture
def server() -> Iterator[str]:
    Handler.seen.clear()
    Handler.released.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        Handler.released.set()
        server.shutdown()
        thread.join()


def post(url: str, network: Network | Retry | None = None) -> WireReply:
    async def run() -> WireReply:
        layer = network or Network()
        http = httpx2.Request("POST", url, json={"model": "m"}, headers={"authorization": "Bearer k"})
        try:
            return await layer.send(WireRequest.from_http(http, http.content))
        finally:
            await layer.aclose()

    return asyncio.run(run())


def test_a_real_exchange_over_a_socket(server: str) -> None:
    reply = post(f"{server}/good")
    assert reply.exchange.body == b'{"choices": []}'
    assert reply.exchange.headers == {"content-type": "application/json"}
    assert reply.headers["set-cookie"] == "a=b"
    ((path, headers, body),) = Handler.seen
    assert (path, body) == ("/good", b'{"model":"m"}')
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["authorization"] == "Bearer k"


@pytest.mark.parametrize("path", ["short", "cut_chunk"])
def test_a_body_cut_by_the_server_is_named(server: str, path: str) -> None:
    with pytest.raises(CutReplyError, match="broke off after"):
        post(f"{server}/{path}")


def test_a_connection_closed_before_the_answer_is_another_error(server: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        post(f"{server}/vanish")


def test_connections_are_opened_for_what_is_under_way_at_once_and_used_again() -> None:
    connections: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        while head := await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
            await asyncio.sleep(0.01)
            writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"choices": []}')
            if b"/last" in head:
                break

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await answer(reader, writer)
        writer.close()

    async def go() -> list[int]:
        server = await asyncio.start_server(quietly, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        network = Network()

        async def ask(path: str = "/") -> int:
            http = httpx2.Request("POST", f"{url}{path}", json={"model": "m"})
            return (await network.send(WireRequest.from_http(http, http.content))).exchange.status

        counts = []
        for at_once in (1, 1, 7, 7, 3):
            assert await asyncio.gather(*(ask() for _ in range(at_once))) == [200] * at_once
            counts.append(len(connections))
        # One that the server has closed is replaced when it is wanted.
        assert await ask("/last") == 200
        await asyncio.sleep(0.02)
        assert await asyncio.gather(*(ask() for _ in range(7))) == [200] * 7
        counts.append(len(connections))
        await network.aclose()
        server.close()
        await asyncio.gather(*(connection.wait_closed() for connection in connections), return_exceptions=True)
        return counts

    assert asyncio.run(go()) == [1, 1, 7, 7, 7, 8]


def test_a_redirect_is_not_followed(server: str) -> None:
    assert post(f"{server}/redirect").exchange.status == 307
    assert len(Handler.seen) == 1


def test_a_dripping_body_ends_with_the_attempt(server: str) -> None:
    retry = Retry(Network(), RetryPolicy(attempt_timeout_s=0.05, possibly_paid_attempts=1))
    with pytest.raises(ReplyTimeoutError):
        post(f"{server}/drip", retry)


def network_with(content: bytes | Callable[[], Any], **headers: str) -> Network:
    def respond(_: httpx2.Request) -> httpx2.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx2.Response(200, stream=Stream(content), headers=names)

    return Network(httpx2.MockTransport(respond), max_reply_bytes=10_000)


class Stream(httpx2.AsyncByteStream):
    def __init__(self, content: Any) -> None:
        self.content = content

    async def __aiter__(self) -> Any:
        for start in range(0, len(self.content), 1000):
            part = self.content[start : start + 1000]
            if isinstance(part, list):
                raise part[0]
            yield part


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("", bytes), ("identity", bytes)]
)
def test_packed_bodies_are_unpacked(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = bytes(range(256)) * 39
    assert post("https://model.example/x", network_with(pack(body), content_encoding=encoding)).exchange.body == body


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_body_over_the_limit_is_not_read_to_its_end(pack: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if pack is gzip.compress else ""
    assert (
        len(post("https://m.example/", network_with(pack(b" " * 10_000), content_encoding=encoding)).exchange.body)
        == 10_000
    )
    with pytest.raises(ReplyTooLargeError):
        post("https://m.example/", network_with(pack(b" " * 10_001), content_encoding=encoding))


def test_a_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(bytes(100_000_000), 9)
    with pytest.raises(ReplyTooLargeError):
        post("https://m.example/", network_with(bomb, content_encoding="gzip"))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(gzip.compress(b"x" * 5000)[:-9], "gzip"), (b"no gzip at all", "gzip"), (b"xyz", "br"), (b"xyz", "gzip, gzip")],
)
def test_a_body_that_cannot_be_unpacked_is_a_cut_reply(content: bytes, encoding: str) -> None:
    with pytest.raises(CutReplyError):
        post("https://m.example/", network_with(content, content_encoding=encoding))


def test_a_read_timeout_within_the_body_is_possibly_paid() -> None:
    with pytest.raises(ReplyTimeoutError):
        post("https://m.example/", network_with([httpx2.ReadTimeout("t")]))


def test_a_burst_of_many_opens_no_connection_twice() -> None:
    # A server in this loop: it answers nobody before all have asked, so that all connections are idle together.
    opened = 0

    async def run() -> None:
        together, talks = asyncio.Barrier(100), []

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal opened
            opened += 1
            talks.append(asyncio.current_task())
            try:
                while True:
                    await reader.readuntil(b'{"model":"m"}')
                    await together.wait()
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                    await writer.drain()
            except asyncio.IncompleteReadError:
                writer.close()
                await writer.wait_closed()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        network, port = Network(), server.sockets[0].getsockname()[1]

        async def send() -> None:
            http = httpx2.Request("POST", f"http://127.0.0.1:{port}/", json={"model": "m"})
            await network.send(WireRequest.from_http(http, http.content))

        for _ in range(3):
            await asyncio.gather(*(send() for _ in range(100)))
        await network.aclose()
        server.close()
        await asyncio.gather(*talks)

    asyncio.run(run())
    assert opened == 100
