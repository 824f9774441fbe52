"""Whether parties, sum, dates and status of a deal belong to the place that states it, and not to another deal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from summarizer.records import Consideration, Deal, Evidence, Party
from summarizer.verify.article_text import ArticleText
from summarizer.verify.dates import is_contradicted, is_near
from summarizer.verify.fit import closeness
from summarizer.verify.locate import in_body
from summarizer.verify.names import called, parts_of_name

# A party is named, and the sum stated, within so many sentences of the place that states the deal; in the labelled
# articles 75 of 76 parties and 15 of 16 sums are. Told of another deal, half of the parties and a third of the sums are.
_PARTY_REACH = 4
_SUM_REACH = 3
# Who is named in so many sentences is named throughout the article.
_THROUGHOUT = 3
# A party named in the next sentence or the one before is named with the deal.
_BESIDE = 1
# Whom title or first sentence name the whole article is about.
_LEAD = 2
# The deal's own sum shares with the names of deal and parties at least this part of what any other sum does.
_SUM_ENOUGH = 0.1
_INTENDED = re.compile(
    r"意向书|意向协议|达成[^，。；]{0,30}意向|备忘录|備忘錄|拟签|擬簽"
    r"|non-binding|letter of intent|memorandum of understanding|heads of terms"
)
# What a sum is that is told of a part of what another sum pays for, or of one of many.
_PART = re.compile(
    r"(?:(?:一期|首期|二期|三期|首批)[^，。；]{0,6}|(?:其中|包括)[^。；]{0,32}|\b(?:including|of which)\b[^.;]{0,32})\Z"
)
_ONE_OF_MANY_BEFORE = re.compile(r"(?:单价|單價|单台|单股|均价)[^，。；]{0,4}\Z")
_ONE_OF_MANY_AFTER = re.compile(
    r"\s*(?:a|per|for each|each) (?:share|unit|tonne|ton|month|MWh|kWh)\b|(?:/|每)(?:股|台|吨|月)"
)
_CONTRACT = re.compile(
    r"\b(?:the|this) (?:contract|agreement|order|deal) (?:(?:is|was|will be) (?:worth|valued)|(?:would|will) bring)\b"
    r"|(?:合同|协议|協議)(?:总|總)?(?:额|額|价|價|金额|金額)"
)
_SIGNED = re.compile(r"签[约订署]|簽[約訂署]|\bsigned\b")
# What a sentence says that tells of something done, and of something signed; the labelled deals so called have one.
_STATED = {
    "completed": re.compile(
        r"完成|开业|开园|揭牌|成立|设立|設立|落成|投产|启用|交割|组建|建成|挂牌|收购|入驻|融资|获投|天使轮|到位|打造|共建|上线|售出|出售"
        r"|\b(?:clos(?:ed|es|ing)|complet\w+|open(?:ed|s)|launch\w+|found(?:ed|s)|set up|establish\w+|rais(?:ed|es)|drew"
        r"|acquired|bought|invested|won|formed|sold|lend\w*|lent|backed|led)\b",
        re.IGNORECASE,
    ),
    "signed": re.compile(
        r"签|簽|订立|訂立|订下|达成|達成|协议|協議|合同|决定|迁入|租用"
        r"|\b(?:sign\w*|agree\w*|contract\w*|deal|struck|inked|sealed|merger|acqui\w+|entered into|order(?:ed|s)|took|take a"
        r"|licen[cs]e\w*|commit\w*)\b",
        re.IGNORECASE,
    ),
}


def is_of_another_deal(
    article: ArticleText, party: Party, here: Evidence, others: Iterable[tuple[Deal, Evidence | None]]
) -> bool:
    """Return whether a party is named only beside another deal in which it takes part, or in that one's paragraph."""
    places = list(_mentions(article, party))
    if not places or any(article.sentence_at(place) <= _LEAD for place in places):
        return False
    names = {party.name, *party.aliases}
    theirs = [there for other, there in others if any(names & {one.name, *one.aliases} for one in other.parties)]
    # Who takes part in several other deals (the buyer of all lots) is no stranger to this one.
    if len(theirs) != 1 or theirs[0] is None:
        return False
    place = min(places, key=lambda one: abs(one - here.start))
    nearest, own, their = (article.sentence_at(one) for one in (place, here.start, theirs[0].start))
    if abs(nearest - own) <= _BESIDE:
        # A party named in the next sentence is named with the deal, if that sentence tells of it.
        paragraph = _paragraph(article, place)
        return nearest != own and _paragraph(article, here.start) != paragraph == _paragraph(article, theirs[0].start)
    return abs(their - nearest) <= _BESIDE or _paragraph(article, place) == _paragraph(article, theirs[0].start)


def _paragraph(article: ArticleText, at: int) -> int:
    """Return where the line begins that holds the character at `at`."""
    return article.text.rfind("\n", 0, at) + 1


def judge_nearness(article: ArticleText, deal: Deal) -> set[str]:
    """Ask for a look where a party, the sum or the status sits badly with the place that states the deal."""
    evidence = deal.evidence[0]
    here = article.sentence_at(evidence.start)
    reasons = set()
    for party in deal.parties:
        named = {article.sentence_at(place) for place in _mentions(article, party)}
        if len(named) < _THROUGHOUT and not any(abs(number - here) <= _PARTY_REACH for number in named):
            reasons.add("PARTY_FAR")
    if deal.consideration:
        distance = article.sentence_at(deal.consideration.evidence[0].start) - here
        is_far = not -_SUM_REACH < distance <= _SUM_REACH and not _is_of_contract(article, deal.consideration)
        if is_far or _is_part(article, deal.consideration) or not _is_its_own(article, deal, deal.consideration):
            reasons.add("CONSIDERATION_FAR")
    clause = article.clause_around(evidence.start, evidence.end)
    for date, words in ((deal.signed_on, deal.signed_text), (deal.effective_on, None)):
        is_near_by = date is None or is_near(article, date, words, evidence.start)
        if date and not (is_near_by and not is_contradicted(article, date, *clause)):
            reasons.add("DATE_FAR")
    low, high = article.sentence_bounds(evidence.start, evidence.end)
    # 与学院达成意向，并与20家企业签约: what its own clause says was signed is no intention.
    told = (clause[0] if _SIGNED.search(article.text, *clause) else low, high)
    if deal.status in ("signed", "completed") and _INTENDED.search(article.text, *told):
        reasons.add("STATUS_DOUBTFUL")
    stated = _STATED.get(deal.status)
    if stated is not None and not stated.search(article.text, low, high):
        reasons.add("STATUS_DOUBTFUL")
    return reasons


def _is_its_own(article: ArticleText, deal: Deal, consideration: Consideration) -> bool:
    """Return whether the words round the sum share with the deal's names about as much as those round other sums."""
    names = " ".join([deal.name, *(name for party in deal.parties for name in (party.name, *party.aliases))])
    sums = [one for one in article.quantities if one.kind == "currency" or one.unit is None]
    evidence = consideration.evidence[0]
    own = [one for one in sums if evidence.start <= one.start < evidence.end and one.value == consideration.value]
    score = closeness(article, names, own[0]) if own else None
    if score is None:
        return True
    # The same sum may be told again where the names stand: in the title.
    again = (one for one in sums if (one.value, one.unit) == (own[0].value, own[0].unit))
    score = max(closeness(article, names, one) or 0.0 for one in again)
    rivals = (closeness(article, names, one) or 0.0 for one in sums if one.kind == "currency")
    return score >= _SUM_ENOUGH * max(rivals, default=0.0)


def _is_of_contract(article: ArticleText, consideration: Consideration) -> bool:
    """Return whether the clause says itself that the sum is the contract's: the contract would bring, 合同总额.

    Where the sentence tells of a signing, the contract is the one signed there.
    """
    evidence = consideration.evidence[0]
    if _SIGNED.search(article.text, *article.sentence_bounds(evidence.start, evidence.end)):
        return False
    clause = article.clause_around(evidence.start, evidence.end)
    return _CONTRACT.search(article.text, *clause) is not None


def _is_part(article: ArticleText, consideration: Consideration) -> bool:
    """Return whether the sum pays for a phase, a piece or one of many, and a larger one stands before it: 其中, 一期, 单价."""
    evidence = consideration.evidence[0]
    at = evidence.start + max(0, evidence.quote.find(consideration.amount))
    end = at + len(consideration.amount)
    low, _ = article.sentence_bounds(at, end)
    if _ONE_OF_MANY_BEFORE.search(article.text, low, at) or _ONE_OF_MANY_AFTER.match(article.text, end):
        return True
    if not _PART.search(article.text, max(low, at - 60), at):
        return False
    low, _ = article.sentence_span(article.sentence_at(at) - 1) or (low, at)
    return any(
        one.kind == "currency"
        and one.unit == consideration.unit
        and Decimal(one.value or 0) > Decimal(consideration.value)
        for one in article.quantities_in(low, at)
    )


def _mentions(article: ArticleText, party: Party) -> Iterator[int]:
    """Yield where a party is named by its name, an alias, or what it may be called."""
    names = (party.name, *party.aliases, *called(party.name))
    found = [span for name in names for span in in_body(article, name)]
    found = found or [span for part in parts_of_name(party.name) for span in in_body(article, part)]
    return (start for start, _ in found)
