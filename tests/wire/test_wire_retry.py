from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from summarizer import errors
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.retry import Clock, Retry, RetryPolicy

MakeRequest = Callable[..., WireRequest]
ERROR = {"error": {"message": "try later", "type": "server_error"}}


def send(retry: Retry, request: WireRequest) -> WireReply:
    return asyncio.run(retry.send(request))


def retrying(provider: Any, fake_time: Any, policy: RetryPolicy | None = None) -> Retry:
    return Retry(Network(httpx2.MockTransport(provider)), policy, fake_time.clock())


def failure(retry: Retry, request: WireRequest) -> errors.SummarizerError:
    with pytest.raises(errors.SummarizerError) as caught:
        send(retry, request)
    return caught.value


def refused() -> httpx2.ConnectError:
    error = httpx2.ConnectError("secret text of the library")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


def error_body(message: str = "no", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


def test_an_answer_at_once_takes_one_attempt(script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest) -> None:
    provider, request = script(ok()), wire_request()
    reply = send(retrying(provider, fake_time), request)
    assert reply.exchange.is_answer
    assert (request.tally.attempts, request.tally.possibly_paid, fake_time.waits) == (1, 0, [])


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 520, 529])
def test_free_failures_are_tried_eight_times(
    status: int, script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script((status, ERROR, {})), wire_request()
    error = failure(retrying(provider, fake_time), request)
    assert type(error) is (errors.RateLimitedError if status == 429 else errors.ServerError)
    assert "asked 8 times" in str(error)
    assert str(status) in str(error)
    assert len(provider.requests) == 8
    assert (request.tally.attempts, request.tally.possibly_paid) == (8, 0)
    assert fake_time.waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, error_body("bad temperature"), errors.BadRequestError),
        (400, error_body("This model's maximum context length is 8192 tokens"), errors.TooLongError),
        (400, error_body("x", code="context_length_exceeded"), errors.TooLongError),
        (400, error_body("x", code="model_not_found"), errors.UnknownModelError),
        (400, error_body("invalid model name passed in model=m-1"), errors.UnknownModelError),
        (400, error_body("'temperature' is not supported with this model"), errors.BadRequestError),
        (400, error_body("欠费", code="Arrearage"), errors.QuotaError),
        (401, error_body("Incorrect API key provided"), errors.AuthError),
        (402, error_body("Insufficient Balance"), errors.QuotaError),
        (403, error_body("country not supported"), errors.AuthError),
        (403, error_body("no access to model", code="model_not_found"), errors.UnknownModelError),
        (404, error_body("The model `m-1` does not exist"), errors.UnknownModelError),
        (404, error_body('model "m-1" not found, try pulling it first'), errors.UnknownModelError),
        (404, b"<html>not found</html>", errors.BadRequestError),
        (404, {"detail": "Not Found"}, errors.BadRequestError),
        (413, b"", errors.TooLongError),
        (422, error_body("schema"), errors.BadRequestError),
        (429, error_body("You exceeded your current quota", code="insufficient_quota"), errors.QuotaError),
        (429, error_body("x", type="billing_hard_limit_reached"), errors.QuotaError),
        (429, error_body("账户余额不足"), errors.QuotaError),
        (301, b"", errors.RedirectError),
        (307, b"", errors.RedirectError),
    ],
)
def test_final_failures_are_not_tried_again(
    status: int, body: Any, expected: type[Exception], script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script((status, body, {"location": "https://evil.example/"})), wire_request()
    error = failure(retrying(provider, fake_time), request)
    assert type(error) is expected
    assert len(provider.requests) == 1
    assert request.tally.possibly_paid == 0
    assert fake_time.waits == []
    assert "evil" not in str(error)
    assert "model.example" in str(error)


@pytest.mark.parametrize(
    ("body", "expected", "attempts"),
    [
        (b"", errors.NotJsonReplyError, 2),
        (b"<html>gateway</html>", errors.NotJsonReplyError, 2),
        (b'{"choices": [{"mess', errors.NotJsonReplyError, 2),
        (b"[]", errors.NotJsonReplyError, 2),
        (b"\xff\xfe\x00", errors.NotJsonReplyError, 2),
        (error_body("busy", code=503), errors.ServerError, 2),
        (error_body("Overloaded", type="overloaded_error"), errors.ServerError, 2),
        (error_body("slow down", code=429), errors.RateLimitedError, 2),
        (error_body("slow down", type="rate_limit_error"), errors.RateLimitedError, 2),
        (error_body("strange"), errors.ServerError, 2),
        ({"error": "upstream timeout"}, errors.ServerError, 2),
        (error_body("wrong key", code=401), errors.AuthError, 1),
        (error_body("x", code="invalid_api_key"), errors.AuthError, 1),
        (error_body("x", code="insufficient_quota"), errors.QuotaError, 1),
        (error_body("x", type="invalid_request_error"), errors.BadRequestError, 1),
    ],
)
def test_success_without_an_answer_is_tried_twice_or_as_the_error_inside_says(
    body: Any, expected: type[Exception], attempts: int, script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script((200, body, {})), wire_request()
    error = failure(retrying(provider, fake_time), request)
    assert type(error) is expected
    assert len(provider.requests) == attempts
    assert request.tally.possibly_paid == (2 if attempts == 2 else 0)
    assert len(fake_time.waits) == attempts - 1


def test_an_error_beside_an_answer_is_no_failure(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    reply = send(retrying(script(ok(error={"message": "a warning"})), fake_time), wire_request())
    assert reply.exchange.answer is not None


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: httpx2.ReadTimeout("t"), errors.ReplyTimeoutError),
        (lambda: errors.CutReplyError("cut"), errors.CutReplyError),
    ],
)
def test_possibly_paid_failures_are_tried_twice(
    make: Callable[[], Exception], expected: type[Exception], script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script(make()), wire_request()
    assert type(failure(retrying(provider, fake_time), request)) is expected
    assert len(provider.requests) == 2
    assert (request.tally.attempts, request.tally.possibly_paid) == (2, 2)


def test_a_reply_that_is_too_large_is_not_asked_for_again(
    script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script((200, b" " * 2000, {})), wire_request()
    retry = Retry(Network(httpx2.MockTransport(provider), max_reply_bytes=1000), None, fake_time.clock())
    assert type(failure(retry, request)) is errors.ReplyTooLargeError
    assert (len(provider.requests), request.tally.possibly_paid) == (1, 1)


def test_the_two_budgets_are_counted_apart(script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest) -> None:
    busy, page = (503, ERROR, {}), (200, b"<html>", {})
    provider, request = script(busy, busy, page, busy, busy, ok()), wire_request()
    send(retrying(provider, fake_time), request)
    assert (request.tally.attempts, request.tally.possibly_paid) == (6, 1)


def test_nobody_ever_there_is_noticed_after_four_attempts(
    script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider = script(refused())
    error = failure(retrying(provider, fake_time), wire_request())
    assert type(error) is errors.UnreachableError
    assert "Connection refused" in str(error)
    assert "secret text" not in str(error)
    assert len(provider.requests) == 4
    assert sum(fake_time.waits) == 3.5


def test_a_connection_lost_after_answers_fails_one_article_after_eight_attempts(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider = script(ok(), refused())
    retry = retrying(provider, fake_time)
    send(retry, wire_request())
    error = failure(retry, wire_request())
    assert type(error) is errors.DisconnectedError
    assert error.kind == "connection"
    assert len(provider.requests) == 1 + 8


@pytest.mark.parametrize(
    "make", [lambda: httpx2.ReadError("r"), lambda: httpx2.RemoteProtocolError("p"), lambda: httpx2.WriteError("w")]
)
def test_a_reset_before_the_answer_is_free_and_no_reason_to_stop_the_run(
    make: Callable[[], Exception], script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, request = script(make()), wire_request()
    assert type(failure(retrying(provider, fake_time), request)) is errors.DisconnectedError
    assert (request.tally.attempts, request.tally.possibly_paid) == (8, 0)


def test_a_connection_closed_after_long_waiting_may_have_been_paid(
    script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    def close_late(_: httpx2.Request) -> httpx2.Response:
        fake_time.now += 60
        raise httpx2.RemoteProtocolError("closed")

    provider, request = script(close_late), wire_request()
    error = failure(retrying(provider, fake_time), request)
    assert type(error) is errors.CutReplyError
    assert "60 s" in str(error)
    assert (request.tally.attempts, request.tally.possibly_paid) == (2, 2)


def test_a_wrong_certificate_stops_at_once(script: Any, fake_time: Any, wire_request: MakeRequest) -> None:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_message = "self-signed certificate"
    error = httpx2.ConnectError("x")
    error.__cause__ = cause
    provider = script(error)
    raised = failure(retrying(provider, fake_time), wire_request())
    assert type(raised) is errors.TlsError
    assert "self-signed certificate" in str(raised)
    assert len(provider.requests) == 1


def test_a_header_that_cannot_be_sent_is_not_repeated_in_the_message(
    script: Any, fake_time: Any, wire_request: MakeRequest, canary: str
) -> None:
    provider = script(httpx2.LocalProtocolError(f"Illegal header value b'Bearer {canary}'"))
    error = failure(retrying(provider, fake_time), wire_request())
    assert type(error) is errors.SettingsError
    assert canary not in str(error)
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7.5),
        ({"Retry-After": "1.25"}, 1.75),
        ({"retry-after": "0"}, 0.5),
        ({"retry-after": "-5"}, 0.5),
        ({"retry-after": "120"}, 120.5),
        ({"retry-after": "nan"}, 0.5),
        ({"retry-after": "soon"}, 0.5),
        ({"retry-after": ""}, 0.5),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"}, 10.5),
        ({"retry-after": "Tue, 14 Nov 2000 22:13:30 GMT"}, 0.5),
        ({"retry-after": "Tue, 99 Nov 2023 22:13:30 GMT"}, 0.5),
        ({"retry-after-ms": "2500", "retry-after": "9"}, 3.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(
    headers: dict[str, str], wait: float, status: int, script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    send(retrying(script((status, ERROR, headers), ok()), fake_time), wire_request())
    assert fake_time.waits == [wait]


@pytest.mark.parametrize("value", ["121", "1000000000", "inf", "1e400", "Tue, 14 Nov 2034 22:13:30 GMT"])
@pytest.mark.parametrize(("status", "expected"), [(429, errors.RateLimitedError), (503, errors.ServerError)])
def test_a_longer_wait_than_two_minutes_is_not_waited_for(
    value: str, status: int, expected: type[Exception], script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider = script((status, ERROR, {"retry-after": value}))
    error = failure(retrying(provider, fake_time), wire_request())
    assert type(error) is expected
    assert "asks to wait" in str(error)
    assert "run the same command again" in str(error)
    assert (len(provider.requests), fake_time.waits) == (1, [])


def test_the_jitter_is_drawn_over_the_whole_range(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    fake_time.draws = iter([0.0, 0.25, 0.5])
    busy = (500, ERROR, {})
    send(retrying(script(busy, busy, busy, ok()), fake_time), wire_request())
    assert fake_time.waits == [0.0, 0.25, 1.0]


def test_no_wait_goes_beyond_the_deadline(script: Any, fake_time: Any, wire_request: MakeRequest) -> None:
    provider = script((429, ERROR, {"retry-after": "60"}))
    started = fake_time.now
    error = failure(retrying(provider, fake_time), wire_request())
    assert type(error) is errors.RateLimitedError
    assert len(provider.requests) == 3
    assert fake_time.now - started < 180


class Silent:
    """A layer that never answers."""

    def __init__(self) -> None:
        self.calls = 0
        self.asked = asyncio.Event()

    async def send(self, request: WireRequest) -> WireReply:
        self.calls += 1
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def aclose(self) -> None:
        return None


def test_an_attempt_that_never_ends_is_cut_by_its_deadline(fake_time: Any, wire_request: MakeRequest) -> None:
    layer, request = Silent(), wire_request()
    retry = Retry(layer, RetryPolicy(attempt_timeout_s=0.01), fake_time.clock())
    assert type(failure(retry, request)) is errors.ReplyTimeoutError
    assert (layer.calls, request.tally.possibly_paid) == (2, 2)


def test_the_deadline_of_the_request_cuts_the_attempt_too(wire_request: MakeRequest) -> None:
    layer = Silent()
    retry = Retry(layer, RetryPolicy(deadline_s=0.02), Clock())
    assert type(failure(retry, wire_request())) is errors.ReplyTimeoutError
    assert layer.calls == 1


def test_a_cancelled_attempt_counts_as_possibly_paid_and_is_not_repeated(wire_request: MakeRequest) -> None:
    async def run() -> None:
        task = asyncio.create_task(Retry(layer).send(request))
        await layer.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    layer, request = Silent(), wire_request()
    asyncio.run(run())
    assert (layer.calls, request.tally.attempts, request.tally.possibly_paid) == (1, 1, 1)


def test_the_providers_words_come_through_in_one_short_line(
    script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    words = "'temperature'\n must be\tat most 2\x1b[31m" + " 很长" * 400
    error = str(failure(retrying(script((400, error_body(words), {})), fake_time), wire_request()))
    assert "'temperature' must be at most 2 [31m" in error
    assert error.isprintable()
    assert error.endswith("…")
    assert len(error) < 400


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422, 429, 500, 503, 200])
def test_no_echo_of_the_key_survives(
    status: int, script: Any, fake_time: Any, wire_request: MakeRequest, canary: str
) -> None:
    half = len(canary) // 2
    echo = (
        f"bad key {canary} or {canary[:half]} or {canary[half:]}; Bearer {canary}; sk-proj-abcdef123456, org-AbCdEf123; "
        "token 9f8e7d6c5b4a39281706f5e4d3c2b1a0"
    )
    provider = script((status, error_body(echo), {"x-echo": canary}))
    text = str(failure(retrying(provider, fake_time), wire_request()))
    for secret in (canary, canary[:half], canary[half:], "sk-proj-abc", "org-AbC", "9f8e7d6c"):
        assert secret not in text


def test_what_is_no_exchange_is_judged_by_its_status_alone(script: Any, fake_time: Any) -> None:
    http = httpx2.Request("GET", "https://model.example/v1/files/1/content")
    request = WireRequest.from_http(http, b"")
    assert request.key is None
    reply = send(retrying(script((200, b'{"a": 1}\n{"a": 2}\n', {})), fake_time), request)
    assert reply.exchange.body == b'{"a": 1}\n{"a": 2}\n'


def test_a_port_nobody_listens_on_is_unreachable(fake_time: Any) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    http = httpx2.Request("POST", f"http://127.0.0.1:{port}/v1/chat/completions", json={"model": "m"})

    async def run() -> None:
        retry = Retry(Network(), None, fake_time.clock())
        try:
            await retry.send(WireRequest.from_http(http, http.content))
        finally:
            await retry.aclose()

    with pytest.raises(errors.UnreachableError, match=f"127.0.0.1:{port}.*refused"):
        asyncio.run(run())
    assert len(fake_time.waits) == 3
