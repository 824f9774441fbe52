"""In the network's place: takes requests and sends nothing, so that one knows what a run would ask."""

from __future__ import annotations

from typing import NoReturn

from summarizer.errors import NotSentError
from summarizer.wire.layer import WireRequest


class Collecting:
    """Keeps every request that comes, the first of those with one key, in the order in which they came.

    Put behind the store it gets those requests alone that the store does not answer. A request whose form depends on an
    answer that is not there yet cannot come: re-asks, follow-ups, the summary of an article in parts.
    """

    def __init__(self) -> None:
        self.requests: list[WireRequest] = []
        self._keys: set[str] = set()

    async def send(self, request: WireRequest) -> NoReturn:
        """Keep the request.

        Raises:
            NotSentError: always.
        """
        if request.key is not None and request.key not in self._keys:
            self._keys.add(request.key)
            self.requests.append(request)
        raise NotSentError("this request was collected and not sent")

    def take(self, *, forget: bool = False) -> list[WireRequest]:
        """Return what came since the last time and let go of it.

        A request that came is not kept a second time, unless with `forget` everything that came so far is forgotten.
        """
        taken, self.requests = self.requests, []
        if forget:
            self._keys.clear()
        return taken

    async def aclose(self) -> None:
        """Nothing is open."""
