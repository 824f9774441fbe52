"""The question whether two reports tell of one deal, over the same wire as every other question."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from summarizer.engines.llm import ModelClient
from summarizer.engines.prompting import Message, enclose
from summarizer.engines.session import Session
from summarizer.proposals import PairProposal
from summarizer.settings import Settings
from summarizer.templates import Prompts, built_in_prompts

if TYPE_CHECKING:
    import httpx2

# An opinion is worth one answer and, where that does not fit the schema, one more.
_ANSWERS = 2


class PairEngine:
    """Asks a model about pairs of reports. One instance a run and event loop; close it after use."""

    def __init__(
        self, settings: Settings, transport: httpx2.AsyncBaseTransport, prompts: Prompts | None = None
    ) -> None:
        self._prompts = prompts or built_in_prompts()
        self._client = ModelClient(settings, transport, self._prompts)

    async def compare(self, first: str, second: str) -> PairProposal:
        """Return the model's answer about two reports, unchecked. Costs one request, unless the same was asked before.

        Raises:
            AnswerError: the answers that were paid cannot be used.
            ExchangeError: no answer came.
            RunStoppedError: no answer can come for any pair.
        """
        system = Message("system", self._prompts["pair"].render({}))
        both = f"{first}\n{second}"
        message = Message("user", f"{enclose(first, both, 'first')}\n\n{enclose(second, both, 'second')}")
        answer = await self._client.answer(system, message, PairProposal, Session(), answers=_ANSWERS)
        return cast(PairProposal, answer)

    async def aclose(self) -> None:
        """Close the client and, with it, the transport."""
        await self._client.aclose()
