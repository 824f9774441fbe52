"""The deal ledger: across all articles of a batch one row a deal, and the figures that several articles tell.

Made from records alone, without a model. What is merged says why, what shares much but not enough is listed as doubtful.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from summarizer.records import ArticleRecord, Verdict
from summarizer.report.labels import VERDICT_ORDER
from summarizer.report.ledger_clusters import Link
from summarizer.report.ledger_fields import deal_fields
from summarizer.report.ledger_figures import match_figures
from summarizer.report.ledger_judging import Told, explain, judge, objections
from summarizer.report.ledger_matching import Matches, collect_deals, match_deals
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_types import DoubtfulPair, Ledger, LedgerDeal, Reason, Telling


def build_ledger(records: Sequence[ArticleRecord]) -> Ledger:
    """Return the ledger of a batch: the same for the same records in whatever order.

    Deals and figures for review are in it with their verdicts; rejected proposals are no part of a record's deals. Deals
    of one article are never merged with each other. Failed records tell nothing. `Telling.number` and `Source.number`
    count the deals or figures of an article from 1, as `deal_number` in deals.csv does.

    Cost: all records are held; about a millisecond an article, and quadratic only in the number of articles that tell of
    the same two parties.
    """
    # The texts decide, not the order in which a concurrent run finished; equal ids are told apart by what they say.
    ordered = sorted(records, key=lambda record: (record.article.id, record.article.sha256, record.to_json()))
    book = PartyBook(ordered)
    told = collect_deals(ordered, book)
    matches = match_deals(told)
    links_of: dict[int, list[Link]] = defaultdict(list)
    number_of = {item: number for number, group in enumerate(matches.groups, start=1) for item in group}
    for pair in matches.links:
        links_of[number_of[pair[0]]].append(pair)
    return Ledger(
        deals=tuple(
            _deal(number, [told[item] for item in group], _why(links_of[number], told, book), book)
            for number, group in enumerate(matches.groups, start=1)
        ),
        figures=match_figures(ordered, book),
        doubtful=tuple(_doubtful(matches, told, number_of, book)),
    )


def _deal(number: int, group: Sequence[Told], reasons: Sequence[Reason], book: PartyBook) -> LedgerDeal:
    fields = deal_fields(group, book)
    verdicts: list[Verdict] = [told.deal.verdict for told in group]
    # The fullest telling that is verified names the deal.
    best = min(group, key=lambda told: (VERDICT_ORDER[told.deal.verdict], -len(told.deal.parties)))
    return LedgerDeal(
        number=number,
        name=best.deal.name,
        type=next((told.deal.type for told in (best, *group) if told.deal.type != "other"), "other"),
        verdict=min(verdicts, key=VERDICT_ORDER.__getitem__),
        tellings=tuple(_telling(told) for told in group),
        fields=fields,
        reasons=tuple(reasons),
    )


def _why(links: Sequence[Link], told: Sequence[Told], book: PartyBook) -> list[Reason]:
    found = [
        reason
        for one, other in links
        for reason in explain(told[one], told[other], judge(told[one], told[other]), book)
    ]
    return list(dict.fromkeys(found))


def _doubtful(
    matches: Matches, told: Sequence[Told], number_of: dict[int, int], book: PartyBook
) -> Sequence[DoubtfulPair]:
    """Return one pair for any two deals of the ledger: the two tellings that share the most."""
    judged = {pair: judge(told[pair[0]], told[pair[1]]) for pair in matches.doubtful}
    best: dict[tuple[int, int], Link] = {}
    for pair in sorted(judged, key=lambda pair: (judged[pair].misfit, pair)):
        first, second = sorted((number_of[pair[0]], number_of[pair[1]]))
        best.setdefault((first, second), pair)
    return [
        DoubtfulPair(
            first_deal=numbers[0],
            second_deal=numbers[1],
            first=_telling(told[one]),
            second=_telling(told[other]),
            agrees=tuple(explain(told[one], told[other], judged[pair], book)),
            against=tuple(objections(told[one], told[other], matches.doubtful[pair])),
        )
        for numbers, pair in sorted(best.items())
        for one, other in [pair if number_of[pair[0]] == numbers[0] else pair[::-1]]
    ]


def _telling(told: Told) -> Telling:
    article = told.record.article
    return Telling(
        article_id=article.id,
        title=article.title,
        published_on=article.published_on,
        number=told.number,
        name=told.deal.name,
        verdict=told.deal.verdict,
        evidence=told.deal.evidence,
    )
