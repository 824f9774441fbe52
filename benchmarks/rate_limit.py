"""How much of a provider's request limit a run uses, how often it is refused, and how it behaves in a storm of 429.

    python -m benchmarks.rate_limit              400 articles at 1,200 requests a minute against strict limits, then a storm
    python -m benchmarks.rate_limit --articles 60 --storm-s 6

The provider is a server on loopback in a process of its own. It gives a recorded answer, `--latency-s` late, as long as
its limit holds, and 429 with `Retry-After: 1` beyond it. The articles, all different, go the way that every caller's
articles go: `Summarizer.stream` with the engine for models, and `rpm` set to the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from summarizer import Article, Settings, Summarizer
from summarizer.articles import read_inputs
from summarizer.proposals import ArticleProposal
from summarizer.wire.recordings import Recordings

ROOT = Path(__file__).parent.parent
CONCURRENCY = 16
# Called with the moment of an arrival; whether it is within the limit.
Limiter = Callable[[float], bool]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a server enforces: a bucket that holds `burst` requests, or so many in any `window_s`; None for neither.

    From the first request on, `storm` gives two moments, in seconds, between which everything is refused.
    """

    per_minute: int
    burst: int | None = None
    window_s: float | None = None
    storm: tuple[float, float] | None = None
    retry_after_s: int = 1
    latency_s: float = 0.2

    def limiter(self) -> Limiter:
        """Return a fresh count of this rule."""
        rate = self.per_minute / 60
        level, filled_at, began = float(self.burst or 0), 0.0, -1.0
        taken: deque[float] = deque()

        def admit(now: float) -> bool:
            nonlocal level, filled_at, began
            began = now if began < 0 else began
            if self.storm is not None and self.storm[0] <= now - began < self.storm[1]:
                return False
            if self.burst is not None:
                level, filled_at = min(self.burst, level + (now - filled_at) * rate), now
                if level < 1:
                    return False
                level -= 1
            if self.window_s is not None:
                while taken and taken[0] <= now - self.window_s:
                    taken.popleft()
                if len(taken) >= round(rate * self.window_s):
                    return False
                taken.append(now)
            return True

        return admit


@dataclass(kw_only=True)
class Seen:
    """What a server saw: moments of arrivals, whether each was admitted, connections, the moment of the last answer."""

    arrivals: list[tuple[float, bool]] = field(default_factory=list)
    connections: int = 0
    ended: float = 0.0

    @property
    def answered(self) -> int:
        """Requests that were admitted."""
        return sum(is_admitted for _, is_admitted in self.arrivals)

    @property
    def refused(self) -> int:
        """Requests that were not."""
        return len(self.arrivals) - self.answered

    def share(self, per_minute: int) -> float:
        """Return which part of the limit was used from the first request to the last answer."""
        return self.answered / (per_minute / 60 * (self.ended - self.arrivals[0][0]))


@contextmanager
def provider(rule: Rule, answer: bytes) -> Iterator[tuple[str, Callable[[], Seen]]]:
    """Run a server in a process of its own; give its base URL and a call that asks what it saw."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(rule, answer, theirs), daemon=True)
    process.start()

    def seen() -> Seen:
        ours.send("seen")
        found: Seen = ours.recv()
        return found

    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1", seen
    finally:
        process.terminate()
        process.join()


def _serve(rule: Rule, answer: bytes, pipe: Connection) -> None:
    admit, seen = rule.limiter(), Seen()
    refusal = b'{"error": {"message": "slow down", "type": "rate_limit_error"}}'

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
                now = time.monotonic()
                is_admitted = admit(now)
                seen.arrivals.append((now, is_admitted))
                await reader.readexactly(length)
                if is_admitted:
                    await asyncio.sleep(rule.latency_s)
                status = b"200 OK" if is_admitted else b"429 Too Many\r\nretry-after: %d" % rule.retry_after_s
                body = answer if is_admitted else refusal
                writer.write(
                    b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % (status, len(body))
                )
                writer.write(body)
                await writer.drain()
                seen.ended = time.monotonic()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def tell() -> None:
        pipe.recv()
        pipe.send(seen)

    async def run() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        asyncio.get_running_loop().add_reader(pipe.fileno(), tell)
        await server.serve_forever()

    asyncio.run(run())


def recorded() -> tuple[str, bytes]:
    """Return the text of one of the seeds and the recorded answer to it."""
    recordings = Recordings(ROOT / "evals" / "recordings")
    seeds = [one for one in read_inputs(sorted((ROOT / "seeds").glob("*.txt"))) if isinstance(one, Article)]
    for path in sorted(recordings.folder.glob("*.json")):
        exchange = recordings.load(path)
        call = (exchange.answer or {})["choices"][0]["message"]["tool_calls"][0]
        user = str(exchange.request["messages"][1]["content"])
        tag = user.split("<article-", 1)[1].split(">", 1)[0]
        for article in seeds:
            if article.sha256.startswith(tag) and call["function"]["name"] == ArticleProposal.__name__:
                return article.text, exchange.body
    raise SystemExit("no recording answers a seed; see evals/recordings")


def run(rule: Rule, articles: int, *, concurrency: int = CONCURRENCY, rpm: int | None = None) -> tuple[int, Seen]:
    """Send so many articles to a provider with this rule; return how many are done and what it saw."""
    text, answer = recorded()
    with provider(rule, answer) as (base_url, seen):
        settings = Settings(
            engine="llm", base_url=base_url, rpm=rpm, concurrency=concurrency, use_cache=False, follow_up=False
        )

        async def read() -> int:
            given = [Article.from_text(f"{text}\n第{number}号。\n", id=f"a{number}") for number in range(articles)]
            done = 0
            async for record in Summarizer(settings).stream(given):
                done += record.status != "failed"
            return done

        done = asyncio.run(read())
        return done, seen()


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where an article was lost, less than 97 % of the limit used or 1 % refused."""
    parser = argparse.ArgumentParser(description="How much of a request limit a run uses, and a storm of 429.")
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rpm", type=int, default=1200)
    parser.add_argument("--latency-s", type=float, default=0.2)
    parser.add_argument("--storm-s", type=float, default=30.0)
    options = parser.parse_args(arguments)
    rpm, count, is_good = options.rpm, options.articles, True
    rules = {
        "sliding minute": Rule(per_minute=rpm, window_s=60.0, latency_s=options.latency_s),
        "bucket of a second": Rule(per_minute=rpm, burst=max(1, rpm // 60), latency_s=options.latency_s),
        "bucket of five": Rule(per_minute=rpm, burst=5, latency_s=options.latency_s),
    }
    print(f"{count} articles, {rpm} requests a minute, {CONCURRENCY} at once, answers after {options.latency_s} s")
    print(f"{'provider enforces':<20}{'done':>6}{'limit used':>12}{'refused':>9}{'connections':>13}")
    for name, rule in rules.items():
        done, seen = run(rule, count, rpm=rpm)
        share = seen.share(rpm)
        print(f"{name:<20}{done:>6}{share:>12.1%}{seen.refused:>9}{seen.connections:>13}", flush=True)
        is_good = is_good and done == count and share >= 0.97 and seen.refused < count / 100
    is_good = _storm(options.storm_s, options.latency_s) and is_good
    return 0 if is_good else 1


def _storm(storm_s: float, latency_s: float) -> bool:
    began = 2.0
    rule = Rule(per_minute=1200, storm=(began, began + storm_s), retry_after_s=2, latency_s=latency_s)
    count = 200
    done, seen = run(rule, count)
    first = seen.arrivals[0][0]
    in_storm = [at - first for at, is_admitted in seen.arrivals if not is_admitted]
    after = next(at - first for at, ok in seen.arrivals if ok and at - first > began + storm_s) - began - storm_s
    # What was under way together when it began is refused together; after that, probes.
    probes = [at for at in in_storm if at > in_storm[0] + 1.0]
    gaps = [later - earlier for earlier, later in pairwise(probes)]
    print(
        f"storm of {storm_s:.0f} s, Retry-After 2: {done} of {count} done; {len(in_storm) - len(probes)} refused at its"
    )
    print(
        f"beginning, then {len(probes)} probes, at least {min(gaps, default=0):.1f} s apart; again {after:.1f} s after its end"
    )
    return done == count and min(gaps, default=2.0) >= 1.95 and after <= 5.0


if __name__ == "__main__":
    sys.exit(main())
