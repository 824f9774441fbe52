"""A process that runs submit and collect in children which kill themselves, with SIGKILL, at a chosen point.

Reads one JSON object a line: `step` (`submit`, `collect`, or `warm`: a submit in this process itself), `at` (the point,
counted from 1; 0: nowhere), `out`, `base_url`, `paths`. Answers each with `killed`, or the number of points that the
child passed. The modules are loaded once; each child is a fork.

Points are: after every HTTP exchange, every piece of a download and every file of requests; before and after every
commit of the ledger and of the store.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Loaded before the fork: submitting needs the model client.
import summarizer.engines.asking
from summarizer.provider_batch import saving
from summarizer.provider_batch.ledger import Ledger
from summarizer.provider_batch.request_file import RequestWriter
from summarizer.wire.network import Network
from summarizer.wire.store import AnswerStore
from tests.provider_batch.conftest import Steps


class Points:
    """Counts, and kills at the chosen one."""

    def __init__(self, at: int) -> None:
        self.passed = 0
        self._at = at

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        send, write, finish, put_all = Network.send, saving._write, RequestWriter.finish, AnswerStore.put_all
        writing = Ledger._writing

        async def send_and_pass(network: Network, request: Any) -> Any:
            reply = await send(network, request)
            self()
            return reply

        @contextlib.contextmanager
        def write_and_pass(ledger: Ledger) -> Iterator[None]:
            with writing(ledger):
                yield
                self()
            self()

        Network.send = send_and_pass  # type: ignore[method-assign]
        Ledger._writing = write_and_pass  # type: ignore[method-assign]
        saving._write = self._after(write)
        RequestWriter.finish = self._after(finish)  # type: ignore[method-assign]
        AnswerStore.put_all = self._after(put_all, is_before=True)  # type: ignore[method-assign]

    def _after(self, call: Callable[..., Any], *, is_before: bool = False) -> Callable[..., Any]:
        def wrapped(*arguments: Any) -> Any:
            if is_before:
                self()
            result = call(*arguments)
            self()
            return result

        return wrapped


def steps_of(order: dict[str, Any]) -> Steps:
    return Steps(
        double=SimpleNamespace(base_url=order["base_url"]),  # type: ignore[arg-type]
        out=Path(order["out"]),
        settings={"follow_up": False, "batch_max_requests": 2},
    )


def run_child(order: dict[str, Any], answer: int) -> None:
    points = Points(order["at"])
    points.install()
    steps = steps_of(order)
    if order["step"] == "submit":
        steps.submit(*map(Path, order["paths"]))
    else:
        steps.collect()
    os.write(answer, str(points.passed).encode())


def main() -> None:
    assert summarizer.engines.asking
    for line in sys.stdin:
        order = json.loads(line)
        if order["step"] == "warm":
            steps_of(order).submit(*map(Path, order["paths"]))
            print(1, flush=True)
            continue
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                run_child(order, write)
                status = 0
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        os.close(write)
        _, status = os.waitpid(child, 0)
        said = os.read(read, 20).decode()
        os.close(read)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if is_killed else said or f"failed {status}", flush=True)


if __name__ == "__main__":
    main()
