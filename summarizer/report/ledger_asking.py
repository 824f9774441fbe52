"""A model's opinion on the doubtful pairs of a ledger: asked over the wire, checked against the words, never a merger.

The model points at the words of each report that decide; code looks for them in what the reports say. An opinion whose
words do not stand there counts as none. Deals are merged by rule alone: the opinion is shown beside the pair.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from summarizer.api import check_engine, open_wire
from summarizer.errors import RunStoppedError, SettingsError, SummarizerError, UsageError
from summarizer.proposals import PairProposal
from summarizer.records import ArticleRecord, Deal, Evidence
from summarizer.report.ledger_types import DoubtfulPair, Ledger, PairOpinion, Telling
from summarizer.settings import Settings

# What a report says of one deal rarely takes more; the rest is cut at the end of a quotation.
_REPORT_CHARS: Final = 2_000
_BLANKS: Final = re.compile(r"\s+")
# A single character stands somewhere in any text.
_MIN_WORDS_CHARS: Final = 2


def ask_about_doubtful(
    ledger: Ledger,
    records: Sequence[ArticleRecord],
    settings: Settings,
    *,
    cache_dir: Path | None,
    on_problem: Callable[[str], None],
) -> Ledger:
    """Return the ledger with a model's opinion on each doubtful pair.

    A pair about which no usable answer came stays without one, and `on_problem` hears why. Answers are kept in
    `cache_dir`: the same question is paid once.

    Raises:
        SettingsError: there is no model to ask.
        RunStoppedError: key, quota or connection; nothing can be asked.
    """
    if settings.resolved_engine == "offline":
        raise SettingsError("nobody to ask about doubtful pairs: set OPENAI_API_KEY, or give --base-url or --replay")
    check_engine(settings)
    if not ledger.doubtful:
        return ledger
    deals = {
        (record.article.id, number): deal
        for record in records
        for number, deal in enumerate(record.deals or (), start=1)
    }
    pairs = asyncio.run(_ask_all(ledger.doubtful, deals, settings, cache_dir, on_problem))
    return replace(ledger, doubtful=tuple(pairs))


async def _ask_all(
    pairs: Sequence[DoubtfulPair],
    deals: Mapping[tuple[str, int], Deal],
    settings: Settings,
    cache_dir: Path | None,
    on_problem: Callable[[str], None],
) -> list[DoubtfulPair]:
    # The model client takes a second to load, which nobody waits for who does not ask.
    from summarizer.engines.pairs import PairEngine

    engine = PairEngine(settings, open_wire(settings, cache_dir, on_problem))
    places = asyncio.Semaphore(settings.concurrency)

    async def ask(pair: DoubtfulPair) -> DoubtfulPair:
        first, second = (_report(one, deals) for one in (pair.first, pair.second))
        async with places:
            try:
                proposal = await engine.compare(first, second)
            except (RunStoppedError, UsageError):
                raise
            except SummarizerError as error:
                on_problem(f"deals {pair.first_deal} and {pair.second_deal}: no opinion ({error})")
                return pair
        return replace(pair, opinion=opinion_of(proposal, first, second, settings.model))

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(pair)) for pair in pairs]
    except BaseExceptionGroup as errors:
        # The others were cancelled by the first: it is the one to tell.
        raise errors.exceptions[0] from errors
    finally:
        await engine.aclose()
    return [task.result() for task in tasks]


def opinion_of(proposal: PairProposal, first: str, second: str, model: str) -> PairOpinion:
    """Return what a proposal is worth: `same` and `different` only with words that both reports hold."""
    is_found = _holds(first, proposal.first) and _holds(second, proposal.second)
    if proposal.answer == "unclear":
        return PairOpinion(answer="unclear", model=model)
    if not is_found:
        return PairOpinion(answer="unclear", model=model, is_unproved=True)
    return PairOpinion(answer=proposal.answer, model=model, first_words=proposal.first, second_words=proposal.second)


def _holds(report: str, words: str) -> bool:
    sought = _BLANKS.sub("", words)
    return len(sought) >= _MIN_WORDS_CHARS and sought in _BLANKS.sub("", report)


def _report(telling: Telling, deals: Mapping[tuple[str, int], Deal]) -> str:
    """Return what an article says of the deal: its date and the quotations, in the order of the text."""
    deal = deals[(telling.article_id, telling.number)]
    quotes: dict[tuple[int, int], Evidence] = {}
    sums = deal.consideration.evidence if deal.consideration else ()
    for evidence in (*deal.evidence, *sums, *(one for term in deal.terms for one in term.evidence)):
        quotes[(evidence.start, evidence.end)] = evidence
    lines = [f"Published: {telling.published_on}"] if telling.published_on else []
    size = 0
    for place in sorted(quotes):
        if any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in quotes):
            continue
        size += place[1] - place[0]
        if size > _REPORT_CHARS and lines:
            break
        lines.append(_BLANKS.sub(" ", quotes[place].quote))
    return "\n".join(lines)
