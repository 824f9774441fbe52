"""The embedded engine: rules and tables instead of a model. It needs no key, no network, and finds less.

It proposes what sentences state in the genre's own words: who signed what with whom, which amount measures what. It
writes nothing of its own: its summary is made of the article's sentences. Every proposal passes the same verification
as a model's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.engines import Ask, Effort, Outcome
from summarizer.proposals import Proposals

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.proposals import Findings


class OfflineEngine:
    """Proposes facts by rules. Stateless; the same article and ask give the same proposals on any machine."""

    given_up: Effort | None = None

    async def propose(self, article: Article, ask: Ask) -> Outcome:
        """Return what the rules find in the article.

        Parts that were not asked for are None. A user's profile has questions that no rule can answer: with one, all
        parts are None and the note `offline_engine_has_no_profiles` says why. Cost: some 10 ms for 4,000 characters.
        """
        if ask.profile is not None:
            return Outcome(proposals=Proposals(), notes=("offline_engine", "offline_engine_has_no_profiles"))
        from summarizer.engines.offline_deals import propose_deals
        from summarizer.engines.offline_figures import propose_figures
        from summarizer.engines.offline_names import Names
        from summarizer.engines.offline_summary import propose_summary
        from summarizer.engines.offline_text import Reading

        reading = Reading.of(article)
        names = Names(reading)
        deals = propose_deals(reading, names)
        return Outcome(
            proposals=Proposals(
                from_patterns=True,
                figures=propose_figures(reading, names) if "figures" in ask.parts else None,
                deals=deals if "deals" in ask.parts else None,
                summary=propose_summary(reading, names, deals) if "summary" in ask.parts else None,
            ),
            notes=("offline_engine",),
        )

    async def follow_up(self, article: Article, ask: Ask, first: Outcome, findings: Findings) -> Outcome:
        """Return the first outcome: rules have nothing to add to what they said."""
        return first

    async def aclose(self) -> None:
        """Do nothing: there is nothing to let go of."""
