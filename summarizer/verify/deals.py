"""Deals and their terms: placed, read and judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from summarizer.proposals import ProposedDeal, ProposedSignatory, ProposedTerm
from summarizer.records import Consideration, Deal, Evidence, Party, RejectedItem, Signatory, Term
from summarizer.verify.article_text import ArticleText
from summarizer.verify.dates import stated_date, states_years_of
from summarizer.verify.deal_places import is_of_another_deal, judge_nearness
from summarizer.verify.evidence import judge_evidence
from summarizer.verify.figures import amount_at, read_amount_at
from summarizer.verify.locate import locate, nearest, quote_around
from summarizer.verify.names import TOGETHER, aliases_of, called, is_named
from summarizer.verify.reasons import HARD, OF_LOCATING, ordered, verdict_of

# A clause shorter than this does not tell what was agreed; it is widened to the article's own clause.
_MIN_TERM_CHARS = 8


@dataclass(slots=True)
class _Draft:
    """What is gathered while a deal is built: codes, and the pieces that were not admitted."""

    deal_name: str
    reasons: set[str] = field(default_factory=set)
    rejected: list[RejectedItem] = field(default_factory=list)

    def refuse(self, part: str, item: dict[str, Any], *codes: str) -> None:
        self.rejected.append(RejectedItem(item={"part": part, "deal": self.deal_name, **item}, reasons=ordered(codes)))

    def drop(self, part: str, item: dict[str, Any], code: str) -> None:
        """Leave a piece out and ask for a look at the deal that lost it."""
        self.reasons.add(code)
        self.refuse(part, item, code)


def admit_deal(
    article: ArticleText, proposed: ProposedDeal, *, marks: Iterable[str] = ()
) -> tuple[Deal | None, list[RejectedItem]]:
    """Turn a proposal into a deal with evidence and verdicts; what was not admitted comes beside it.

    `marks` are codes that hold for the deal and each of its terms, whatever is found.
    """
    draft = _Draft(proposed.name)
    evidence = _place(article, proposed, draft)
    if evidence is None:
        draft.refuse("deals", proposed.model_dump(), *draft.reasons)
        return None, draft.rejected
    at = evidence.start
    parties = _parties(article, proposed, draft)
    if not parties:
        draft.refuse("deals", proposed.model_dump(), "TOO_FEW_PARTIES", "PARTY_NOT_IN_ARTICLE")
        return None, draft.rejected
    terms, refused = admit_terms(article, proposed.terms, proposed.name, marks)
    draft.rejected += refused
    deal = Deal(
        name=proposed.name,
        type=proposed.type,
        status=proposed.status,
        parties=parties,
        signed_on=_date(article, proposed.signed, at, draft),
        signed_text=proposed.signed.strip() if nearest(article, proposed.signed, at) else None,
        effective_on=_date(article, proposed.effective, at, draft),
        place=_copied(article, proposed.place, "place", "PLACE_NOT_IN_ARTICLE", draft),
        signatories=_signatories(article, proposed.people, draft),
        areas=tuple(
            area
            for area in dict.fromkeys(proposed.areas)
            if _copied(article, area, "area", "AREA_NOT_IN_ARTICLE", draft)
        ),
        consideration=_consideration(article, proposed, at, draft),
        duration=_copied(article, proposed.duration, "duration", "DURATION_NOT_IN_ARTICLE", draft),
        terms=terms,
        evidence=(evidence,),
        verdict="review",
        reasons=ordered((*draft.reasons, *marks)),
    )
    return judge_deal(article, deal), draft.rejected


def judge_deal(article: ArticleText, deal: Deal) -> Deal:
    """Derive the verdicts of a deal and its terms anew from the article; codes of pieces left out are kept."""
    dropped = {code for code in deal.reasons if code.endswith("_NOT_IN_ARTICLE")}
    reasons = {code for code in deal.reasons if code in OF_LOCATING} | dropped | judge_evidence(article, deal.evidence)
    reasons |= {"PARTY_NOT_IN_ARTICLE" for party in deal.parties if nearest(article, party.name, 0) is None}
    reasons |= {"PERSON_NOT_IN_ARTICLE" for person in deal.signatories if not is_named(article, person.name)}
    reasons |= {"AREA_NOT_IN_ARTICLE" for area in deal.areas if nearest(article, area, 0) is None}
    if deal.place and nearest(article, deal.place, 0) is None:
        reasons.add("PLACE_NOT_IN_ARTICLE")
    if deal.duration and nearest(article, deal.duration, 0) is None:
        reasons.add("DURATION_NOT_IN_ARTICLE")
    for date in (deal.signed_on, deal.effective_on):
        if date and not states_years_of(article, date):
            reasons.add("YEAR_NOT_IN_ARTICLE")
    if deal.consideration and not _holds(article, deal.consideration):
        reasons.add("VALUE_MISMATCH")
    if not deal.parties:
        reasons.add("TOO_FEW_PARTIES")
    if not reasons & HARD:
        reasons |= judge_nearness(article, deal)
    terms = tuple(judge_term(article, term) for term in deal.terms)
    return deal.model_copy(update={"terms": terms, "verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def judge_deals(article: ArticleText, deals: Iterable[Deal]) -> list[Deal]:
    """Derive the verdicts of a record's deals anew, each by itself and then beside the others."""
    return settle_deals(article, [judge_deal(article, deal) for deal in deals])


def settle_deals(article: ArticleText, deals: Iterable[Deal]) -> list[Deal]:
    """Judge deals beside each other that have been judged by themselves.

    A party that is named near the deal's own words only where another deal with it is stated is in doubt (`PARTY_FAR`).
    """
    judged = list(deals)
    stated = [deal.evidence[0] if deal.evidence else None for deal in judged]
    for index, deal in enumerate(judged):
        here = stated[index]
        if deal.verdict == "rejected" or here is None:
            continue
        others = [one for number, one in enumerate(zip(judged, stated, strict=True)) if number != index]
        if any(is_of_another_deal(article, party, here, others) for party in deal.parties):
            reasons = {*deal.reasons, "PARTY_FAR"}
            judged[index] = deal.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})
    return judged


def admit_terms(
    article: ArticleText, proposed: Iterable[ProposedTerm], deal_name: str, marks: Iterable[str] = ()
) -> tuple[tuple[Term, ...], list[RejectedItem]]:
    """Turn proposed terms into terms whose text is the article's own clause; refused ones come beside them."""
    terms: list[Term] = []
    draft = _Draft(deal_name)
    seen: set[tuple[int, int]] = set()
    for wanted in proposed:
        place = locate(article, wanted.words, wanted.s, f"{wanted.by} {wanted.to}")
        if place.reason in HARD:
            draft.refuse("terms", wanted.model_dump(), place.reason or "")
            continue
        low, high = place.start, place.end
        low, high = _with_bounds(article, low, high)
        if high - low < _MIN_TERM_CHARS:
            low, high = article.clause_around(low, high)
        if (low, high) in seen:
            draft.refuse("terms", wanted.model_dump(), "DUPLICATE")
            continue
        seen.add((low, high))
        codes = {place.reason} if place.reason else set()
        own = _Draft(deal_name)
        term = Term(
            kind=wanted.kind,
            text=" ".join(article.text[low:high].split()),
            obligor=_bound(article, wanted.by, own),
            beneficiary=_bound(article, wanted.to, own),
            condition=_copied(article, wanted.cond, "condition", "CONDITION_NOT_IN_ARTICLE", own),
            evidence=(article.evidence(low, high),),
            verdict="review",
            reasons=ordered((*codes, *own.reasons, *marks)),
        )
        draft.rejected += own.rejected
        terms.append(judge_term(article, term))
    return tuple(terms), draft.rejected


def _with_bounds(article: ArticleText, low: int, high: int) -> tuple[int, int]:
    """Widen a term by the qualifier of an amount at its edge: 70% of the components is a term of at least 70%."""
    for quantity in article.quantities_in(low, high):
        start, end = quantity.qualifier_start, quantity.qualifier_end
        if start is not None and end is not None:
            low = start if end <= quantity.start and start < low <= quantity.start else low
            high = end if start >= quantity.end and quantity.end <= high < end else high
    return low, high


def judge_term(article: ArticleText, term: Term) -> Term:
    """Derive a term's verdict anew; its text must be what its evidence says."""
    kept = {code for code in term.reasons if code in OF_LOCATING or code.endswith("_NOT_IN_ARTICLE")}
    reasons = kept | judge_evidence(article, term.evidence)
    if term.evidence and term.text != " ".join(term.evidence[0].quote.split()):
        reasons.add("QUOTE_NOT_FOUND")
    for name in (term.obligor, term.beneficiary):
        if name and name not in TOGETHER and not is_named(article, name):
            reasons.add("PARTY_NOT_IN_ARTICLE")
    if term.condition and nearest(article, term.condition, 0) is None:
        reasons.add("CONDITION_NOT_IN_ARTICLE")
    return term.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def _place(article: ArticleText, proposed: ProposedDeal, draft: _Draft) -> Evidence | None:
    names = [party.name for party in proposed.parties]
    place = locate(article, proposed.words, proposed.s, " ".join(names))
    if place.reason not in HARD:
        if place.reason:
            draft.reasons.add(place.reason)
        low, high = quote_around(article, place.start, place.end, names[:2])
        return article.evidence(min(low, place.start), max(high, place.end))
    # The words are not there, but a sentence that names two of the parties may still be the deal's; the cited one first.
    called_so = [(name, *aliases_of(article, name), *called(name)) for name in names if name]
    spans = [
        span for number in _outwards(proposed.s, len(article.sentences)) if (span := article.sentence_span(number))
    ]
    for span in spans:
        is_body = not article.is_furniture(*span)
        if is_body and sum(any(article.text.find(one, *span) >= 0 for one in known) for known in called_so) >= 2:
            draft.reasons.add("DEAL_WORDS_NOT_FOUND")
            return article.evidence(*span)
    draft.reasons.add(place.reason or "QUOTE_NOT_FOUND")
    return None


def _outwards(number: int, last: int) -> list[int]:
    """Return all numbers from 1 to `last`, the nearest to `number` first."""
    return sorted(range(1, last + 1), key=lambda one: (abs(one - number), one))


def _parties(article: ArticleText, proposed: ProposedDeal, draft: _Draft) -> tuple[Party, ...]:
    parties: dict[str, Party] = {}
    for party in proposed.parties:
        name = party.name.strip()
        if not name or nearest(article, name, 0) is None:
            # As the article writes it: a party put together from pieces of names may be nobody.
            draft.drop("party", party.model_dump(), "PARTY_NOT_IN_ARTICLE")
            continue
        role = None if party.role == "party" else party.role
        parties.setdefault(name, Party(name=name, aliases=aliases_of(article, name), kind=party.kind, role=role))
    return tuple(parties.values())


def _signatories(article: ArticleText, people: Iterable[ProposedSignatory], draft: _Draft) -> tuple[Signatory, ...]:
    admitted = []
    for person in people:
        if not person.name.strip() or nearest(article, person.name, 0) is None:
            draft.drop("signatory", person.model_dump(), "PERSON_NOT_IN_ARTICLE")
            continue
        title = _copied(article, person.title, "title", "PERSON_NOT_IN_ARTICLE", draft)
        organization = person.org.strip() or None
        if organization and not is_named(article, organization):
            draft.drop("organization", {"words": organization}, "PARTY_NOT_IN_ARTICLE")
            organization = None
        admitted.append(Signatory(name=person.name.strip(), title=title, organization=organization, role=person.role))
    return tuple(admitted)


def _date(article: ArticleText, words: str, at: int, draft: _Draft) -> str | None:
    value, problem = stated_date(article, words, at)
    if problem:
        draft.drop("date", {"words": words}, problem)
    return value


def _consideration(article: ArticleText, proposed: ProposedDeal, at: int, draft: _Draft) -> Consideration | None:
    words = proposed.amount
    if not words.strip():
        return None
    place = nearest(article, words, at)
    amount = read_amount_at(article, *place)[0] if place else None
    is_money = amount is not None and (amount.quantity.kind == "currency" or amount.unit == "CNY")
    if amount is None or not is_money or amount.quantity.value is None:
        draft.drop("consideration", {"words": words}, "CONSIDERATION_NOT_IN_ARTICLE")
        return None
    low, high = quote_around(article, amount.start, amount.end)
    return Consideration(
        value=amount.quantity.value,
        value_max=amount.quantity.value_max,
        unit=amount.unit,
        qualifier=amount.quantity.qualifier,
        amount=amount.text,
        evidence=(article.evidence(min(low, amount.start), max(high, amount.end)),),
    )


def _holds(article: ArticleText, consideration: Consideration) -> bool:
    if judge_evidence(article, consideration.evidence):
        return False
    evidence = consideration.evidence[0]
    stated = (consideration.value, consideration.value_max, consideration.unit, consideration.qualifier)
    amounts = [amount_at(article, quantity) for quantity in article.quantities_in(evidence.start, evidence.end)]
    return any(one.reading == stated and one.text == consideration.amount for one in amounts)


def _copied(article: ArticleText, words: str, part: str, code: str, draft: _Draft) -> str | None:
    words = words.strip()
    if not words:
        return None
    place = nearest(article, words, 0)
    if place is None:
        draft.drop(part, {"words": words}, code)
        return None
    return article.text[place[0] : place[1]]


def _bound(article: ArticleText, name: str, draft: _Draft) -> str | None:
    name = name.strip()
    if not name or name in TOGETHER or is_named(article, name):
        return name or None
    draft.drop("term_party", {"words": name}, "PARTY_NOT_IN_ARTICLE")
    return None
