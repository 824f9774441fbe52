from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from summarizer.errors import AuthError, ExchangeError, ReplayMissError, ServerError, SettingsError, StoreError
from summarizer.wire.exchange import document_key, usage_of
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.recordings import Recordings
from summarizer.wire.retry import RetryPolicy
from summarizer.wire.store import AnswerStore
from summarizer.wire.transport import WireTransport, build_transport, bypass_store, collect_replies

URL = "https://model.example/v1/chat/completions"
NO_WAIT = RetryPolicy(backoff_base_s=0.0)


def document(text: str = "问") -> dict[str, Any]:
    return {"model": "m-1", "messages": [{"role": "user", "content": text}]}


async def ask(transport: WireTransport, *texts: str, key: str = "k") -> list[httpx2.Response]:
    headers = {"authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(transport=transport, follow_redirects=False) as client:
        return list(await asyncio.gather(*(client.post(URL, json=document(text), headers=headers) for text in texts)))


def run(transport: WireTransport, *texts: str, key: str = "k") -> tuple[list[httpx2.Response], list[WireReply]]:
    async def go() -> tuple[list[httpx2.Response], list[WireReply]]:
        with collect_replies() as replies:
            return await ask(transport, *texts, key=key), replies

    return asyncio.run(go())


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., WireTransport]:
    def make(provider: Any, mode: str = "normal", **more: Any) -> WireTransport:
        return build_transport(
            store=AnswerStore(tmp_path / "store"),
            recordings=Recordings(tmp_path / "recordings"),
            mode=mode,  # type: ignore[arg-type]
            retry=NO_WAIT,
            network=httpx2.MockTransport(provider),
            **more,
        )

    return make


def test_the_client_gets_the_providers_body(build: Any, script: Any, ok: Any) -> None:
    provider = script(ok("约30亿元"))
    (response,), (reply,) = run(build(provider), "问")
    assert response.status_code == 200
    assert response.json()["choices"][0]["message"]["content"] == "约30亿元"
    assert response.content == reply.exchange.body
    assert (reply.origin, reply.attempts, reply.possibly_paid) == ("network", 1, 0)
    assert reply.exchange.request == document()
    assert reply.seconds > 0
    assert reply.exchange.answer is not None
    usage = usage_of(reply.exchange.answer)
    assert usage is not None
    assert usage.input_tokens == 11


def test_a_second_run_pays_nothing(build: Any, script: Any, ok: Any) -> None:
    provider = script(ok())
    first, _ = run(build(provider), "一", "二")
    second, replies = run(build(provider), "一", "二")
    assert len(provider.requests) == 2
    assert [reply.origin for reply in replies] == ["store", "store"]
    assert sum(reply.attempts for reply in replies) == 0
    assert [one.content for one in first] == [one.content for one in second]


def test_a_fresh_run_asks_once_and_keeps_the_answer(build: Any, script: Any, ok: Any) -> None:
    provider = script(ok("旧"), ok("新"))
    run(build(provider), "问")

    async def go() -> list[str]:
        transport = build(provider, "fresh")
        async with httpx2.AsyncClient(transport=transport) as client:
            with collect_replies() as replies:
                for _ in range(2):
                    await client.post(URL, json=document())
        return [
            f"{reply.origin} {(reply.exchange.answer or {})['choices'][0]['message']['content']}" for reply in replies
        ]

    assert asyncio.run(go()) == ["network 新", "store 新"]
    (response,), _ = run(build(provider), "问")
    assert "新" in response.text
    assert len(provider.requests) == 2


def test_bypassing_the_store_asks_again_and_keeps_the_newer_answer(build: Any, script: Any, ok: Any) -> None:
    provider = script(ok("坏"), ok("好"))
    run(build(provider), "问")
    with bypass_store():
        (response,), (reply,) = run(build(provider), "问")
    assert "好" in response.text
    assert reply.origin == "network"
    (response,), (reply,) = run(build(provider), "问")
    assert "好" in response.text
    assert reply.origin == "store"


def test_an_answer_is_kept_before_anybody_judges_it(build: Any, script: Any) -> None:
    refused = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 0}}
    provider = script((200, refused, {}))
    run(build(provider), "问")
    run(build(provider), "问")
    assert len(provider.requests) == 1


def test_a_recorded_run_replays_without_network(build: Any, script: Any, ok: Any, tmp_path: Path) -> None:
    provider = script(ok("约30亿元\n第二行"))
    run(build(provider), "一")
    recorded, replies = run(build(provider, "record"), "一", "二")
    assert sorted(reply.origin for reply in replies) == ["network", "store"]
    assert len(list((tmp_path / "recordings").iterdir())) == 2
    nobody = script(AssertionError("asked in replay"))
    replayed, replies = run(build(nobody, "replay"), "一", "二")
    assert [reply.origin for reply in replies] == ["recording"] * 2
    assert [one.json() for one in replayed] == [one.json() for one in recorded]
    assert nobody.requests == []


def test_recording_from_the_network_and_from_the_store_gives_the_same_files(
    build: Any, script: Any, ok: Any, tmp_path: Path
) -> None:
    run(build(script(ok()), "record"), "一", "二")
    first = {path.name: path.read_bytes() for path in (tmp_path / "recordings").iterdir()}
    (tmp_path / "recordings").rename(tmp_path / "before")
    run(build(script(AssertionError("asked"), "record"), "record"), "二", "一")
    assert {path.name: path.read_bytes() for path in (tmp_path / "recordings").iterdir()} == first
    assert len(first) == 2


def test_a_replay_miss_is_raised_at_once(build: Any, script: Any, ok: Any) -> None:
    run(build(script(ok()), "record"), "第一句。")
    provider = script(ok())
    transport = build(provider, "replay")
    with pytest.raises(ReplayMissError, match="--record") as caught:
        run(transport, "第一句！")
    assert '+       "content": "第一句！"' in str(caught.value).splitlines()
    assert provider.requests == []


def test_a_broken_recording_stops_the_request_with_its_name(build: Any, script: Any, ok: Any, tmp_path: Path) -> None:
    run(build(script(ok()), "record"), "问")
    (path,) = (tmp_path / "recordings").iterdir()
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError, match=path.name):
        run(build(script(ok()), "replay"), "问")


@pytest.mark.parametrize("mode", ["replay", "record"])
def test_a_mode_without_its_folder_is_a_settings_error(mode: Any) -> None:
    with pytest.raises(SettingsError):
        build_transport(mode=mode)


def test_replaying_an_empty_folder_fails_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no recordings"):
        build_transport(mode="replay", recordings=Recordings(tmp_path))


def test_a_broken_store_does_not_stop_a_run(build: Any, script: Any, ok: Any, tmp_path: Path) -> None:
    (tmp_path / "store" / "v1").mkdir(parents=True)
    (tmp_path / "store" / "v1" / "cache.db").write_bytes(b"garbage" * 1000)
    provider = script(ok())
    responses, _ = run(build(provider), "一", "二")
    assert [one.status_code for one in responses] == [200, 200]


def test_the_api_key_stands_in_no_file(build: Any, script: Any, ok: Any, tmp_path: Path, canary: str) -> None:
    echo = (401, {"error": {"message": f"wrong key {canary}"}}, {})
    with pytest.raises(AuthError) as caught:
        run(build(script(echo)), "一", key=canary)
    assert canary not in str(caught.value)
    headers = {"content-type": "application/json", "x-echo": canary, "set-cookie": canary}
    run(build(script((200, ok()[1], headers)), "record"), "一", "二", key=canary)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        content = path.read_bytes()
        for secret in (canary, canary[: len(canary) // 2], canary[len(canary) // 2 :]):
            assert secret.encode() not in content


class Gate:
    """A network whose answers come when the test says so."""

    def __init__(self, fail: bool = False) -> None:
        self.calls = 0
        self.answered = 0
        self.cancelled = 0
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.fail = fail

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        self.asked.set()
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.answered += 1
        if self.fail:
            return httpx2.Response(400, json={"error": {"message": "no"}})
        return httpx2.Response(200, json={"choices": [], "n": self.calls})


def test_the_same_question_asked_at_once_goes_out_once(build: Any) -> None:
    async def go() -> None:
        gate = Gate()
        with collect_replies() as replies:
            asking = asyncio.ensure_future(ask(build(gate), *["问"] * 8, "别的"))
            await gate.asked.wait()
            gate.open.set()
            responses = await asking
        assert gate.calls == 2
        assert len({one.content for one in responses[:8]}) == 1
        assert sorted(reply.origin for reply in replies) == ["network"] * 2 + ["store"] * 7
        assert sum(reply.attempts for reply in replies) == 2

    asyncio.run(go())


def test_an_error_reaches_all_who_asked(build: Any) -> None:
    async def go() -> None:
        gate = Gate(fail=True)
        transport = build(gate)
        async with httpx2.AsyncClient(transport=transport) as client:
            asking = [asyncio.ensure_future(client.post(URL, json=document())) for _ in range(3)]
            await gate.asked.wait()
            gate.open.set()
            results = await asyncio.gather(*asking, return_exceptions=True)
        assert gate.calls == 1
        assert [type(result).__name__ for result in results] == ["BadRequestError"] * 3

    asyncio.run(go())


@pytest.mark.parametrize("leaver", [0, 1])
def test_one_who_leaves_does_not_take_the_others_along(build: Any, leaver: int) -> None:
    async def go() -> None:
        gate = Gate()
        async with httpx2.AsyncClient(transport=build(gate)) as client:
            asking = [asyncio.ensure_future(client.post(URL, json=document())) for _ in range(3)]
            await gate.asked.wait()
            for _ in range(5):
                await asyncio.sleep(0)
            asking[leaver].cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking[leaver]
            gate.open.set()
            others = [one for number, one in enumerate(asking) if number != leaver]
            assert [one.status_code for one in await asyncio.gather(*others)] == [200, 200]
        assert (gate.calls, gate.cancelled) == (1, 0)

    asyncio.run(go())


def test_the_request_is_cancelled_with_the_last_who_waits(build: Any) -> None:
    async def go() -> None:
        gate = Gate()
        async with httpx2.AsyncClient(transport=build(gate)) as client:
            with collect_replies() as replies:
                asking = [asyncio.ensure_future(client.post(URL, json=document())) for _ in range(2)]
                await gate.asked.wait()
                for one in asking:
                    one.cancel()
                await asyncio.gather(*asking, return_exceptions=True)
                # Somebody who asks now must not be tied to the request that is ending.
                gate.open.set()
                assert (await client.post(URL, json=document())).status_code == 200
        assert (gate.calls, gate.cancelled) == (2, 1)
        assert [failure.kind for failure in replies.failures] == ["cancelled"] * 2
        assert replies.possibly_paid == 1

    asyncio.run(go())


def test_an_answer_that_has_come_is_kept_whenever_its_asker_leaves(tmp_path: Path) -> None:
    async def go(steps: int) -> tuple[int, bool]:
        gate = Gate()
        store = AnswerStore(tmp_path / str(steps))
        transport = build_transport(store=store, network=httpx2.MockTransport(gate))
        async with httpx2.AsyncClient(transport=transport) as client:
            asking = asyncio.ensure_future(client.post(URL, json=document()))
            await gate.asked.wait()
            if steps:
                gate.open.set()
            for _ in range(steps):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            # The wire asks nobody for what it has and is writing, or for what it never got.
            if gate.answered:
                assert (await client.post(URL, json=document())).status_code == 200
                assert gate.answered == 1
        with closing(AnswerStore(tmp_path / str(steps))) as reopened:
            return gate.answered, reopened.get(document_key(document()), {}) is not None

    outcomes = [asyncio.run(go(steps)) for steps in range(12)]
    assert all(is_kept == (answered == 1) for answered, is_kept in outcomes)
    assert {answered for answered, _ in outcomes} == {0, 1}


def test_replies_are_collected_per_task_and_nested(build: Any, script: Any, ok: Any) -> None:
    async def article(client: httpx2.AsyncClient, text: str) -> list[Any]:
        with collect_replies() as replies:
            await asyncio.gather(*(client.post(URL, json=document(f"{text}{part}")) for part in range(3)))
        await client.post(URL, json=document("outside"))
        return [reply.exchange.request["messages"][0]["content"] for reply in replies]

    async def go() -> None:
        async with httpx2.AsyncClient(transport=build(script(ok()))) as client:
            with collect_replies() as everything:
                one, two = await asyncio.gather(article(client, "甲"), article(client, "乙"))
        assert sorted(one) == ["甲0", "甲1", "甲2"]
        assert sorted(two) == ["乙0", "乙1", "乙2"]
        assert len(everything) == 8

    asyncio.run(go())


def test_failures_are_collected_with_their_cost(build: Any, script: Any) -> None:
    async def go() -> None:
        with collect_replies() as replies, pytest.raises(ServerError):
            await ask(build(script((500, {}, {}))), "问")
        (failure,) = replies.failures
        assert (failure.kind, failure.tally.attempts, failure.tally.possibly_paid) == ("server", 8, 0)
        assert replies == []

    asyncio.run(go())


def test_what_is_no_exchange_goes_straight_to_the_network(build: Any, script: Any) -> None:
    provider = script((200, b"line 1\nline 2\n", {"content-type": "text/plain"}))

    async def go() -> None:
        async with httpx2.AsyncClient(transport=build(provider)) as client:
            with collect_replies() as replies:
                for _ in range(2):
                    response = await client.get("https://model.example/v1/files/1/content")
        assert response.content == b"line 1\nline 2\n"
        assert response.headers["content-type"] == "text/plain"
        assert replies == []

    asyncio.run(go())
    assert len(provider.requests) == 2


def test_what_is_no_exchange_cannot_be_replayed(build: Any, script: Any, ok: Any) -> None:
    run(build(script(ok()), "record"), "问")

    async def go() -> None:
        async with httpx2.AsyncClient(transport=build(script(ok()), "replay")) as client:
            await client.get("https://model.example/v1/models")

    with pytest.raises(ReplayMissError):
        asyncio.run(go())


class Counting:
    """A further layer, as a rate limit or a budget would be."""

    def __init__(self, inner: Network) -> None:
        self.inner = inner
        self.sent: list[str | None] = []
        self.is_closed = False

    async def send(self, request: WireRequest) -> WireReply:
        self.sent.append(request.key)
        return await self.inner.send(request)

    async def aclose(self) -> None:
        self.is_closed = True
        await self.inner.aclose()


def test_a_further_layer_fits_in_and_is_closed_with_the_client(script: Any, ok: Any) -> None:
    layer = Counting(Network(httpx2.MockTransport(script((503, {}, {}), ok()))))
    run(build_transport(network=layer, retry=NO_WAIT), "问")
    assert len(layer.sent) == 2
    assert layer.is_closed


def test_the_sdk_is_answered_and_our_error_is_its_cause(build: Any, script: Any, ok: Any) -> None:
    from openai import APIConnectionError, AsyncOpenAI

    async def go() -> None:
        transport = build(script(ok("好"), (401, {}, {})))
        async with httpx2.AsyncClient(transport=transport, follow_redirects=False) as http_client:
            client = AsyncOpenAI(
                api_key="k", base_url="https://model.example/v1", max_retries=0, http_client=http_client
            )
            answer = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "问"}])
            assert answer.choices[0].message.content == "好"
            with pytest.raises(APIConnectionError) as caught:
                await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "别的"}])
            assert isinstance(caught.value.__cause__, AuthError)

    asyncio.run(go())


def test_the_order_of_layers_is_store_then_retry_then_network(build: Any, script: Any, ok: Any) -> None:
    # A stored answer needs no attempt; a retried one is stored once, with the answer that came in the end.
    provider = script((500, {}, {}), ok("后来"))
    _, (reply,) = run(build(provider), "问")
    assert (reply.origin, reply.attempts) == ("network", 2)
    (response,), (reply,) = run(build(provider), "问")
    assert (reply.origin, reply.attempts) == ("store", 0)
    assert json.loads(response.content)["choices"][0]["message"]["content"] == "后来"


class Faulty:
    """A provider that fails every third request, each article in its own way, and some articles always."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        text = json.loads(request.content)["messages"][0]["content"]
        number = int(text)
        tried = self.asked[text] = self.asked.get(text, 0) + 1
        if number % 50 == 49 or (number % 3 == 0 and tried == 1):
            return self.fail(number)
        return httpx2.Response(200, json={"choices": [{"message": {"content": f"answer {number}"}}]})

    def fail(self, number: int) -> httpx2.Response:
        faults: list[Callable[[], httpx2.Response]] = [
            lambda: httpx2.Response(429, headers={"retry-after": "0"}, json={}),
            lambda: httpx2.Response(500, html="<h1>Oops</h1>"),
            lambda: httpx2.Response(502, content=b""),
            lambda: httpx2.Response(200, content=b'{"choices": [{"mess'),
            lambda: httpx2.Response(200, html="<h1>login</h1>"),
            lambda: httpx2.Response(200, json={"error": {"message": "overloaded", "code": 529}}),
            lambda: throw(httpx2.ReadError("reset")),
            lambda: throw(httpx2.ConnectError("refused")),
            lambda: throw(httpx2.ReadTimeout("slow")),
        ]
        return faults[number // 3 % len(faults)]()


def throw(error: Exception) -> httpx2.Response:
    raise error


def test_under_faults_every_request_gets_its_own_answer_or_a_named_error(tmp_path: Path) -> None:
    provider = Faulty()

    async def article(client: httpx2.AsyncClient, number: int, gate: asyncio.Semaphore) -> str:
        async with gate:
            try:
                response = await client.post(URL, json=document(str(number)))
            except ExchangeError as error:
                return error.kind
            return str(response.json()["choices"][0]["message"]["content"])

    async def go() -> list[str]:
        store = AnswerStore(tmp_path)
        transport = build_transport(store=store, retry=NO_WAIT, network=httpx2.MockTransport(provider))
        async with httpx2.AsyncClient(transport=transport) as client:
            gate = asyncio.Semaphore(64)
            return await asyncio.gather(*(article(client, number, gate) for number in range(600)))

    for _ in range(2):
        results = asyncio.run(go())
        for number, result in enumerate(results):
            if number % 50 == 49:
                assert result in {"rate_limited", "server", "reply_not_json", "connection", "timeout"}
            else:
                assert result == f"answer {number}"
    paid_again = {text: tried for text, tried in provider.asked.items() if int(text) % 50 != 49 and tried > 2}
    assert paid_again == {}
    assert max(provider.asked.values()) <= 2 * 8
