"""Another process that verifies, as this one sees it: proposals go out, what they came to comes back, in that order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from summarizer.processes import bare_environment, own_command
from summarizer.verifying.messages import SIZE_BYTES, framed, question_of, size_of, verified_in

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.proposals import Proposals
    from summarizer.verify import Verified

_BOOT: Final = "from summarizer.verifying.child import main; main()"


class VerifyingProcess:
    """Runs `verifying.child`. To be made within a running event loop.

    The two ends speak through a pair of sockets that nobody else can reach.

    Args:
        on_free: is called with this object each time it has answered.

    Raises:
        OSError: no process can be started.
    """

    def __init__(self, on_free: Callable[[VerifyingProcess], None]) -> None:
        self._on_free = on_free
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self._unsent: list[bytes] = []
        self._writer: asyncio.StreamWriter | None = None
        self.is_lost = False
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own code
                own_command(_BOOT),
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=bare_environment(),
                cwd="/",
                # Ctrl-C is for the run, which ends its processes itself.
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._listening = asyncio.ensure_future(self._listen(ours))

    async def verify(self, article: Article, proposals: Proposals) -> Verified | None:
        """Return what `verify_proposals` returns over there; None if it raises an error, or the process was lost."""
        if self.is_lost:
            return None
        try:
            question = question_of(article, proposals)
        except ValueError:
            self._on_free(self)
            return None
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked.append(answered)
        self._send(framed(question))
        answer = await answered
        return verified_in(answer) if answer else None

    async def aclose(self) -> None:
        """End the process, whatever it is about: it keeps nothing."""
        self._process.kill()
        self._process.wait()
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening

    def _send(self, data: bytes) -> None:
        if self._writer is None:
            self._unsent.append(data)
        else:
            self._writer.write(data)

    async def _listen(self, ours: socket.socket) -> None:
        try:
            reader, self._writer = await asyncio.open_connection(sock=ours)
            self._writer.write(b"".join(self._unsent))
            while True:
                answer = await reader.readexactly(size_of(await reader.readexactly(SIZE_BYTES)))
                answered = self._asked.popleft()
                if not answered.done():
                    answered.set_result(answer)
                self._on_free(self)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self.is_lost = True
            if self._writer is None:
                ours.close()
            else:
                self._writer.close()
            for answered in self._asked:
                if not answered.done():
                    answered.set_result(b"")
