"""Who is named in the draft: known or not, with the right partner, on the right side, in the right office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from summarizer.check.fillers import Fillers
from summarizer.check.naming import KnownNames, Mention, Name, are_related, places_of
from summarizer.check.relevance import Statement
from summarizer.check.sources import Source, Sources
from summarizer.check.strangers import Strangers
from summarizer.quantities.folding import fold
from summarizer.records import Deal, Signatory
from summarizer.verify.article_text import ArticleText, clause_bounds
from summarizer.verify.locate import nearest
from summarizer.verify.wording import shingles

# What joins the two sides of an agreement.
_JOINT = re.compile(r"\s*(?:与|和|同|及|跟|携手|联手|联合|牵手|與|、|and|with)\s*", re.IGNORECASE)
_AGREED = re.compile(
    r"签署|签订|签约|签下|簽署|簽訂|訂立|订立|达成|合资|合營|合营|协议|協議|合同|共建|携手|"
    r"\b(?:sign(?:ed|s)?|agree(?:d|ment|s)?|contract|joint venture|partner\w*|deal|merger|pact)\b",
    re.IGNORECASE,
)
# verb: roles of who does it, roles of whom it is done to.
_BUYERS: Final = {"buyer", "investor", "customer"}
_SELLERS: Final = {"target", "seller", "supplier", "investee", "contractor"}
_ROLES: Final = (
    (
        r"收购|并购|收購|\b(?:acqui\w+|buy(?:s|ing)?|bought|tak(?:e|es|ing) over|takeover of)\b"
        r"|\bpurchas\w+\b(?! agreement| contract)",
        _BUYERS,
        _SELLERS,
    ),
    (r"(?:采购|购买|订购|採購)(?!合同|协议|協議)|\border(?:ed|s)?\b", _BUYERS, _SELLERS),
    (
        r"投资|入股|增资|认购|領投|领投|認購|\b(?:invest(?:ed|s)? in|led|leads)\b",
        {"investor", "buyer"},
        {"investee", "target"},
    ),
    (
        r"供应|供货|出售|供應|\b(?:suppl(?:y|ies|ied)|sells?|sold)\b",
        {"supplier", "seller", "contractor"},
        {"buyer", "customer"},
    ),
    (r"放贷|\b(?:lends?|lent)\b", {"lender"}, {"borrower"}),
    (r"\braise[sd]?\b.*\bfrom\b|获得?.*投资", {"investee"}, {"investor"}),
    (r"\b(?:debt|loan|facility|borrow\w*)\b.*\b(?:from|with)\b|向.*(?:贷款|借款)", {"borrower"}, {"lender"}),
)
_ONE_SIDED = re.compile(
    "优先|收购|收購|采购|採購|购买|供应|供應|提供|委托|授权|许可|补助|支付|协助|出售|转让|承诺|投资|领投|认购|認購|贷款|要求|落户|布局"
    r"|\b(?:pay|paid|owe|acqui|buy|bought|suppl|sell|sold|licen|lend|lent|grant|guarant|led\b|raise|invest|borrow|loan|order|closed"
    r"|agreed a)\w*",
    re.IGNORECASE,
)
# Words that tell what somebody is in a deal; who stands beside them in the draft stands beside them in an article.
_OFFICE_WORDS: Final = re.compile(
    r"联合领投|领投|領投|跟投|招标人|采购人|中标人|牵头方|牵头|担保人|承建|落户|迁入|\b(?:co-led|led|guarantee[sd]?|underwr\w+|arranger|adviser|advisor)\b"
)
# The same deed told from the other side: lent to and borrowed from.
_DEEDS: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"借给|放贷|\b(?:lends?|lent|lending)\b",
        r"借入|借款|向.{1,12}贷款|\bborrow",
        r"采购|採購|购买|收购|\b(?:buys?|bought|buying|acqui|purchas|order)",
        r"出售|售予|供应|供應|供货|\b(?:sells?|sold|selling|suppl|deliver)",
        r"支付|付款|\b(?:pays?|paid|owes?|owed)\b",
        r"收取|收到|\b(?:receiv|gets?\b|got\b)",
        r"出租|\b(?:leases? (?:out|to)|let to)\b",
        r"租用|承租|租入|\b(?:rents?|leases? from)\b",
    )
)
_PASSIVE = re.compile(r"被|由|获|獲|\bby\b", re.IGNORECASE)
_ALIKE = 0.6
_TITLE_ZH = re.compile(r"[^，。；、：\s]{0,14}")
_TITLE_EN = re.compile(r"(?:,| of| at)\s*(?:the\s+)?(?:[a-z][a-z-]*\s+){0,5}(?:of\s+|at\s+|for\s+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAnswer:
    """What the articles say to a span of the draft that names somebody."""

    start: int
    end: int
    reason: str
    source: Source | None = None
    says: tuple[int, int] = (0, 0)


class Parties:
    """Looks up the names of a draft in records and articles."""

    def __init__(self, sources: Sources, known: KnownNames) -> None:
        self._sources = sources
        self._known = known
        self._fillers = Fillers(known)
        self.strangers = Strangers(sources, known)

    def answers(self, draft: ArticleText, statement: Statement) -> list[PartyAnswer]:
        """Return what the articles say to every party and person that a sentence names."""
        found = list(self._known_names(statement))
        taken = [(one.start, one.end) for one in found]
        for start, end in self.strangers.spans(draft, statement):
            if not any(start < high and end > low for low, high in taken):
                taken.append((start, end))
                found.append(PartyAnswer(start=start, end=end, reason="NAME_UNKNOWN"))
        wrong = [
            *self._partners(draft, statement),
            *self._exchanged(draft, statement),
            *self._offices(draft, statement),
            *self._beside_words(draft, statement),
            *self._others_filling(draft, statement),
        ]
        for one in wrong:
            # What is wrong with a name says more than that the name is known.
            found = [other for other in found if not (one.start < other.end and one.end > other.start)]
            found.append(one)
        return found

    def _known_names(self, statement: Statement) -> Iterator[PartyAnswer]:
        for mention in statement.mentions:
            if not (mention.is_party or mention.is_person):
                continue
            for source in (*statement.about, *self._sources.articles):
                place = next(iter(sorted(places_of(source, mention.names))), None)
                if place is not None:
                    yield PartyAnswer(start=mention.start, end=mention.end, reason="NAMED", source=source, says=place)
                    break

    def _partners(self, draft: ArticleText, statement: Statement) -> Iterator[PartyAnswer]:
        """Two that the draft joins in an agreement, where the articles have each of them with others only."""
        parties = [one for one in statement.mentions if one.is_party]
        for one, other in pairwise(parties):
            if are_related(one.names, other.names) or not _JOINT.fullmatch(draft.text, one.end, other.start):
                continue
            _, high = clause_bounds(draft.text, statement.start, one.start, other.end, statement.end)
            if not _AGREED.search(draft.text, other.end, high):
                continue
            if any(self._are_together(one, other, source) for source in self._sources.articles):
                continue
            deal = next(self._deals_of(statement, (one, other)), None)
            source, says = deal if deal else (None, (0, 0))
            reason = "OTHER_PARTIES" if deal else "NOT_STATED"
            yield PartyAnswer(start=one.start, end=other.end, reason=reason, source=source, says=says)

    def _are_together(self, one: Mention, other: Mention, source: Source) -> bool:
        """Return whether a deal has both, or a clause names both; a sentence where no deal tells with whom each agreed."""
        if any(_has(deal, one, self._known) and _has(deal, other, self._known) for deal in source.deals):
            return True
        has_deals = all(any(_has(deal, mention, self._known) for deal in source.deals) for mention in (one, other))
        unit = source.article.clause_around if has_deals else source.article.sentence_bounds
        first = {unit(*place) for place in places_of(source, one.names)}
        return bool(first) and any(unit(*place) in first for place in places_of(source, other.names))

    def _deals_of(self, statement: Statement, mentions: Iterable[Mention]) -> Iterator[tuple[Source, tuple[int, int]]]:
        sources = (*statement.about, *self._sources.articles)
        for mention in mentions:
            for source in sources:
                for deal in source.deals:
                    if _has(deal, mention, self._known):
                        yield source, (deal.evidence[0].start, deal.evidence[0].end)

    def _exchanged(self, draft: ArticleText, statement: Statement) -> Iterator[PartyAnswer]:
        """Two in one clause where one does something to the other, and the articles have them the other way round."""
        for low, high, pair in _pairs(draft, statement):
            first, second = pair
            between = draft.text[first.end : second.start]
            if not _ONE_SIDED.search(draft.text, low, high) or _JOINT.fullmatch(between):
                continue
            is_passive = _PASSIVE.search(between) is not None
            doer, other = (second, first) if is_passive else (first, second)
            answer = self._by_roles(
                statement, between + draft.text[second.end : high], doer, other, (first.start, second.end)
            )
            answer = answer or self._by_wording(draft.text[low:high], statement, first, second)
            if answer is not None:
                yield answer

    def _by_roles(
        self, statement: Statement, words: str, doer: Mention, other: Mention, span: tuple[int, int]
    ) -> PartyAnswer | None:
        for verb, doing, done in _ROLES:
            if not re.search(verb, words):
                continue
            for source in statement.about:
                for deal in source.deals:
                    own = {party.role for party in deal.parties if are_related(self._named(party.name), doer.names)}
                    theirs = {party.role for party in deal.parties if are_related(self._named(party.name), other.names)}
                    if own & doing and theirs & done:
                        return None
                    if own & done and theirs & doing and not (own & doing or theirs & done):
                        says = (deal.evidence[0].start, deal.evidence[0].end)
                        return PartyAnswer(start=span[0], end=span[1], reason="EXCHANGED", source=source, says=says)
            return None
        return None

    def _named(self, text: str) -> list[Name]:
        return [name for mention in self._known.mentions(text) for name in mention.names]

    def _by_wording(self, clause: str, statement: Statement, first: Mention, second: Mention) -> PartyAnswer | None:
        """The clause of an article that says the same with the names the other way round, where none has them so."""
        called = {
            word for one in (first, second) for name in one.names for form in name.forms for word in shingles(form)
        }
        wanted = shingles(clause) - called
        if len(wanted) < 3:
            return None
        is_passive = _PASSIVE.search(clause) is not None
        reverse: PartyAnswer | None = None
        for source in statement.about:
            article = source.article
            for low, high, (one, other) in _article_pairs(article, self._known):
                text = article.text[low:high]
                if (
                    len(wanted & shingles(text)) < _ALIKE * len(wanted)
                    or (_PASSIVE.search(text) is not None) != is_passive
                    or any(deed.search(clause) and not deed.search(text) for deed in _DEEDS)
                ):
                    continue
                if are_related(one.names, first.names) and are_related(other.names, second.names):
                    return None
                if are_related(one.names, second.names) and are_related(other.names, first.names):
                    reverse = reverse or PartyAnswer(
                        start=first.start, end=second.end, reason="EXCHANGED", source=source, says=(low, high)
                    )
        return reverse

    def _beside_words(self, draft: ArticleText, statement: Statement) -> Iterator[PartyAnswer]:
        """Somebody put beside a word (领投, 招标人) beside which the articles put others only."""
        for match in _OFFICE_WORDS.finditer(draft.text, statement.start, statement.end):
            low, high = clause_bounds(draft.text, statement.start, match.start(), match.end(), statement.end)
            named = [one for one in statement.mentions if one.is_party and low <= one.start < high]
            said = [found for source in statement.about if (found := self._named_beside(source, match[0])) is not None]
            if not named or not said:
                continue
            stated = [name for _, _, names in said for name in names]
            if not any(are_related(one.names, stated) for one in named):
                source, span, _ = said[0]
                yield PartyAnswer(
                    start=named[0].start, end=named[-1].end, reason="OTHER_PARTY", source=source, says=span
                )

    def _named_beside(self, source: Source, word: str) -> tuple[Source, tuple[int, int], list[Name]] | None:
        """Return who is named in the clauses of an article that have the word, with the first of them; None where nobody is."""
        article = source.article
        names: list[Name] = []
        first: tuple[int, int] | None = None
        for match in re.finditer(re.escape(word), source.text):
            low, high = article.clause_around(*match.span())
            found = [one for one in self._known.mentions(source.text, low, high) if one.is_party]
            if not found:
                # Somebody is meant whom the clause does not name.
                return None
            first = first or (low, high)
            names += [name for one in found for name in one.names]
        return (source, first, names) if first else None

    def _others_filling(self, draft: ArticleText, statement: Statement) -> Iterator[PartyAnswer]:
        """A name of whom the draft says what the articles say of another, and two that do so of each other."""
        for one in self._fillers.misfits(draft, statement):
            yield PartyAnswer(
                start=one.slot.start,
                end=one.slot.end,
                reason="OTHER_PARTY",
                source=one.source,
                says=(one.start, one.end),
            )

        for pair in self._fillers.exchanges(draft, statement):
            low, high = pair.first.start, pair.second.end
            yield PartyAnswer(start=low, end=high, reason="EXCHANGED", source=pair.source, says=(pair.start, pair.end))

    def _offices(self, draft: ArticleText, statement: Statement) -> Iterator[PartyAnswer]:
        """A person put into the office of another organisation than the one that the person signs for."""
        people = [one for one in statement.mentions if one.is_person]
        firms = [one for one in statement.mentions if one.is_party]
        for person in people:
            for firm in firms:
                if firm.end <= person.start:
                    is_office = draft.is_chinese and _TITLE_ZH.fullmatch(draft.text, firm.end, person.start)
                else:
                    is_office = not draft.is_chinese and _TITLE_EN.fullmatch(draft.text, person.end, firm.start)
                between = (min(firm.end, person.end), max(firm.start, person.start))
                if not is_office or any(between[0] <= one.start < between[1] for one in statement.mentions):
                    continue
                for source, deal, signatory in self._signatories(statement, person):
                    own = self._named(signatory.organization or "")
                    if own and not are_related(own, firm.names):
                        low, high = min(firm.start, person.start), max(firm.end, person.end)
                        place = nearest(source.article, signatory.name, deal.evidence[0].start)
                        says = source.article.sentence_bounds(*place) if place else (0, 0)
                        yield PartyAnswer(start=low, end=high, reason="OTHER_ORGANIZATION", source=source, says=says)
                        break

    def _signatories(self, statement: Statement, person: Mention) -> Iterator[tuple[Source, Deal, Signatory]]:
        forms = {form for name in person.names for form in name.forms}
        for source in statement.about:
            for deal in source.deals:
                for signatory in deal.signatories:
                    if fold(signatory.name) in forms:
                        yield source, deal, signatory


def _has(deal: Deal, mention: Mention, known: KnownNames) -> bool:
    return any(
        are_related(
            [name for found in known.mentions(party.name) for name in found.names], mention.names, is_strict=True
        )
        for party in deal.parties
    )


def _pairs(draft: ArticleText, statement: Statement) -> Iterator[tuple[int, int, tuple[Mention, Mention]]]:
    parties = [one for one in statement.mentions if not one.is_person]
    for first, second in pairwise(parties):
        low, high = clause_bounds(draft.text, statement.start, first.start, first.end, statement.end)
        if second.end <= high and not are_related(first.names, second.names):
            yield low, high, (first, second)


def _article_pairs(article: ArticleText, known: KnownNames) -> Iterator[tuple[int, int, tuple[Mention, Mention]]]:
    for start, end in article.sentences:
        mentions = [one for one in known.mentions(article.text, start, end) if not one.is_person]
        for first, second in pairwise(mentions):
            low, high = clause_bounds(article.text, start, first.start, first.end, end)
            if second.end <= high and not are_related(first.names, second.names):
                yield low, high, (first, second)
