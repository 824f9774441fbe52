"""A model provider on loopback that fails by plan, and counts what it sent.

Every answer is made for the article that the request shows, so that the answer of another one is noticed; its usage
differs from article to article and from answer to answer, so that a count that is off is noticed too.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.replies import KINDS, Asked, Reply

Plan = Callable[[Asked], str]

_NUMBER = re.compile(r"甲(\d+)集团")
_DRIP_S = 0.03
_RESET = struct.pack("ii", 1, 0)


def article_text(number: int) -> str:
    """Return a small article of its own: names and amount tell which one it is."""
    return (
        f"11月{number % 28 + 1}日，甲{number}集团与乙{number}公司在南京签订战略合作协议。\n"
        f"甲{number}集团项目总投资约{number + 11}亿元。\n"
    )


def draw(seed: int, *of: object) -> float:
    """Return a number from 0 to 1 that depends on nothing but its arguments."""
    digest = hashlib.sha256(repr((seed, *of)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One reply: for which article, of what kind, and the tokens its body states where it is a whole answer."""

    number: int
    kind: str
    is_answer: bool
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass
class FaultServer:
    """Serves from a thread of its own until `close`.

    Args:
        plan: names the kind of reply (`replies.KINDS`) for each request.
    """

    plan: Plan
    sent: list[Sent] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)
    under_way: int = 0
    most_under_way: int = 0
    canary: Canary | None = None

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def kinds(self, number: int) -> list[str]:
        """Return what was sent about one article, in order."""
        return [one.kind for one in self.sent if one.number == number]

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        self._conversations: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            goes_on = True
            while goes_on:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.I)
                body = await reader.readexactly(int(length[1])) if length else b""
                self.under_way += 1
                self.most_under_way = max(self.most_under_way, self.under_way)
                try:
                    goes_on = await self._answer(head, body, writer)
                finally:
                    self.under_way -= 1
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The caller was killed, gave up or has no more questions; or the test is over.
            pass
        finally:
            self._conversations.discard(task)
            writer.close()

    async def _answer(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> bool:
        """Send one reply; return whether the connection can be used again."""
        document = json.loads(body)
        found = _NUMBER.search(document["messages"][-1]["content"])
        number = int(found[1]) if found else -1
        self.asked[number] += 1
        self.bodies.append(body)
        key = re.search(rb"authorization: Bearer (\S+)", head, re.I)
        canary_url = self.canary.url if self.canary else "http://127.0.0.1:9/"
        asked = Asked(
            document=document,
            number=number,
            attempt=self.asked[number],
            key=key[1].decode() if key else "",
            canary_url=canary_url,
        )
        kind = self.plan(asked)
        reply = KINDS[kind](asked)
        # Counted before the first byte goes out: a caller that is killed meanwhile was answered all the same.
        self.sent.append(_sent(number, kind, reply))
        return await _deliver(reply, writer)


def _sent(number: int, kind: str, reply: Reply) -> Sent:
    answer: Any = None
    if reply.status == 200 and reply.delivery == "whole":
        try:
            answer = json.loads(reply.body)
        except ValueError:
            answer = None
    if not isinstance(answer, dict) or (answer.get("error") and not answer.get("choices")):
        return Sent(number=number, kind=kind, is_answer=False)
    usage = answer.get("usage") or {}
    return Sent(
        number=number,
        kind=kind,
        is_answer=True,
        input_tokens=usage.get("prompt_tokens", 0),
        output_tokens=usage.get("completion_tokens", 0),
    )


async def _deliver(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    if reply.pause_s:
        await asyncio.sleep(reply.pause_s)
    body, delivery = reply.body, reply.delivery
    if delivery == "reset_before":
        _reset(writer)
        return False
    if delivery == "closed_before":
        return False
    if delivery == "hang":
        await asyncio.sleep(60)
        return False
    stated = {"short": len(body) + 100, "long": len(body) // 2}.get(delivery, len(body))
    length = "transfer-encoding: chunked" if delivery == "chunks_cut" else f"content-length: {stated}"
    lines = [f"HTTP/1.1 {reply.status} X", length, *(f"{name}: {value}" for name, value in reply.headers)]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    if delivery == "drip":
        for place in range(len(body)):
            writer.write(body[place : place + 1])
            await writer.drain()
            await asyncio.sleep(_DRIP_S)
    elif delivery == "chunks_cut":
        writer.write(b"%x\r\n" % len(body) + body + b"\r\n")
    elif delivery == "reset_within":
        writer.write(body[: len(body) // 2])
        await writer.drain()
        # The first half arrives before the reset throws away what has not been read.
        await asyncio.sleep(0.01)
        _reset(writer)
        return False
    else:
        writer.write(body)
    await writer.drain()
    return delivery == "whole"


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset in place of an orderly end."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


class Canary:
    """A listener that nobody should ever talk to."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/leak"

    def visits(self) -> int:
        """Return how many have connected since the last look."""
        count = 0
        while True:
            try:
                visitor, _ = self._socket.accept()
            except BlockingIOError:
                return count
            visitor.close()
            count += 1

    def close(self) -> None:
        self._socket.close()
