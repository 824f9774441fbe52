"""The check itself: every number, date and party of a draft, in order, with what the articles say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from summarizer.check.amounts import Amounts, Answer, Claim
from summarizer.check.dates import DateAnswer, DatedAmount, clause_of, resolve_date
from summarizer.check.draft import Draft
from summarizer.check.findings import CheckReport, Finding, Outcome, Saying
from summarizer.check.naming import KnownNames
from summarizer.check.parties import Parties, PartyAnswer
from summarizer.check.places import quoted
from summarizer.check.relevance import Statement, statements_of
from summarizer.check.sources import Source, Sources
from summarizer.check.strangers import is_any_word
from summarizer.check.words import outcome_of
from summarizer.records import Quantity
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText
from summarizer.verify.locate import nearest

# The number of a list's item or of a chapter, which claims nothing.
_LIST_NUMBER = re.compile(r"\s*(?:[#>*-]\s*)*[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）.、．]|\s*$)")
_WORD_NUMBER = re.compile(r"[0-9０-９]")
_TOGETHER = re.compile(
    r"两家|两方|二者|两者|两大|兩家|both|two (?:companies|sides|parties|firms|groups)", re.IGNORECASE
)
# 一个、一项、one: an article in the grammar's sense as often as a number.
_ONE = re.compile(r"一[个项家种份次批条座名位]|one|a|an|single|一", re.IGNORECASE)

_YEAR = re.compile(r"(?:19|20)\d\d")
_STOPS = "。.!?！？；;"

# What looks like a name in a sentence about an article of the other language.
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+)+|\b[A-Z][A-Za-z]*\.com\b")
_ORGANISATION = re.compile(r"[\u3400-\u9fff]{2,8}(?:公司|集团|银行|资本|大学|医院)")


def check_draft(draft: Draft, sources: Sources) -> CheckReport:
    """Resolve every number, date and party of a draft against the articles.

    Cost: some 10 ms for each article that the draft is about, and a millisecond for each other one.
    """
    known = KnownNames(sources)
    amounts = Amounts(sources.articles, known)
    parties = Parties(sources, known)
    found: list[Finding] = []
    uncompared: list[str] = []
    for statement in statements_of(draft, sources, known):
        found += _Sentence(draft=draft, statement=statement, amounts=amounts, known=known).findings()
        found += [_party(draft, answer) for answer in parties.answers(draft.article, statement)]
        if not parties.strangers.is_compared(draft.article, statement):
            uncompared += _foreign_names(draft.article, statement)
    found.sort(key=lambda finding: (finding.start, finding.end))
    return CheckReport(
        source=draft.source,
        text=draft.text,
        findings=tuple(found),
        articles=len(sources.articles),
        uncompared=tuple(dict.fromkeys(uncompared)),
        missing=sources.missing,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """The numbers and dates of one sentence of the draft."""

    draft: Draft
    statement: Statement
    amounts: Amounts
    known: KnownNames

    def findings(self) -> list[Finding]:
        article = self.draft.article
        quantities = article.quantities_in(self.statement.start, self.statement.end)
        claims = [self.amounts.claim(article, one, self.statement) for one in quantities if one.kind in AMOUNT_KINDS]
        answered = [(claim, answer) for claim in claims if (answer := self._number(claim)) is not None]
        carried = [(claim, answer) for claim, answer in answered if answer.is_support]
        swapped = [carried[index][0] for index in self.amounts.exchanged(carried)]
        numbers = [
            (claim.quantity, replace(answer, reason="OF_ANOTHER") if claim in swapped else answer)
            for claim, answer in answered
        ]
        found = [self._told(quantity, answer) for quantity, answer in numbers]
        for date in (one for one in quantities if one.kind in ("date", "date_rel")):
            if date.kind == "date" or date.value is not None or _is_calendar(date):
                told = resolve_date(article, date, self.statement, self._beside(date, numbers), self.known)
                found.append(_date(self.draft, date, told))
        if self.statement.about and not self.statement.is_foreign:
            found += [self._code(one) for one in quantities if one.kind in ("code", "name")]
        return found

    def _number(self, claim: Claim) -> Answer | None:
        """Return what the articles say to a number; None for one that claims nothing."""
        quantity, article = claim.quantity, self.draft.article
        low = max((start for start, _ in self.draft.paragraphs if start <= quantity.start), default=0)
        match = _LIST_NUMBER.match(article.text, low)
        if match is not None and quantity.end <= match.end():
            return None
        answer = self.amounts.answer(claim)
        if answer.is_support:
            return answer
        if _TOGETHER.fullmatch(quantity.text) or _TOGETHER.match(article.text, quantity.start):
            return None
        if _YEAR.fullmatch(quantity.text) and self._is_year(quantity.text):
            return None
        if self._is_headline and not _WORD_NUMBER.search(quantity.text):
            return None
        if _ONE.fullmatch(quantity.text) and not _WORD_NUMBER.search(quantity.text):
            return None
        return answer

    @property
    def _is_headline(self) -> bool:
        """Whether the sentence is a line of its own without a stop; its writer counts what follows: two takeovers, 两笔投资."""
        text = self.draft.article.text[self.statement.start : self.statement.end].rstrip()
        return text[-1:] not in _STOPS and (self.statement.start, self.statement.end) in self.draft.paragraphs

    def _is_year(self, text: str) -> bool:
        """Return whether a number is a year that an article states: the 2023 loss."""
        return any(text in source.article.years for source in self.statement.about)

    def _beside(self, date: Quantity, numbers: Sequence[tuple[Quantity, Answer]]) -> list[list[DatedAmount]]:
        """Return for each amount in the date's own clause, or right behind it, the places that state it."""
        low, high = clause_of(self.draft.article, date)
        found = []
        for quantity, answer in numbers:
            if answer.is_support and answer.place is not None and low <= quantity.start < high:
                places = [answer.place, *(one for one in answer.also if one.source is answer.place.source)]
                found.append(
                    [DatedAmount(source=one.source, start=one.quantity.start, end=one.quantity.end) for one in places]
                )
        return found

    def _told(self, quantity: Quantity, answer: Answer) -> Finding:
        says = () if answer.place is None else (_saying(answer.place.source, *quoted(answer.place)),)
        start, end = quantity.start, quantity.end
        if (
            quantity.qualifier_start is not None
            and quantity.qualifier_end is not None
            and quantity.qualifier != "exact"
        ):
            start, end = min(start, quantity.qualifier_start), max(end, quantity.qualifier_end)
        return _finding(self.draft, "number", (start, end), answer.reason, says)

    def _code(self, quantity: Quantity) -> Finding:
        """A code (OV-3, 5G) is looked up as it is written."""
        for source in self.statement.about:
            place = nearest(source.article, quantity.text, 0)
            if place is not None:
                says = (_saying(source, *source.article.clause_around(*place)),)
                return _finding(self.draft, "number", (quantity.start, quantity.end), "SAME", says)
        return _finding(self.draft, "number", (quantity.start, quantity.end), "NOT_STATED", ())


def _is_calendar(date: Quantity) -> bool:
    """Return whether a relative date names a year, a quarter or a month (去年, last year), not a day of the writer's week."""
    return (date.note or "").startswith(("year", "quarter", "month"))


def _date(draft: Draft, date: Quantity, answer: DateAnswer) -> Finding:
    says: tuple[Saying, ...] = ()
    if answer.source is not None and answer.end > answer.start:
        low, high = answer.source.article.clause_around(answer.start, answer.end)
        says = (_saying(answer.source, min(low, answer.start), max(high, answer.end)),)
    return _finding(draft, "date", (date.start, date.end), answer.reason, says)


def _party(draft: Draft, answer: PartyAnswer) -> Finding:
    says: tuple[Saying, ...] = ()
    if answer.source is not None and answer.says[1] > answer.says[0]:
        low, high = answer.source.article.clause_around(*answer.says)
        says = (_saying(answer.source, min(low, answer.says[0]), max(high, answer.says[1])),)
    return _finding(draft, "party", (answer.start, answer.end), answer.reason, says)


def _finding(draft: Draft, kind: str, span: tuple[int, int], reason: str, says: tuple[Saying, ...]) -> Finding:
    outcome: Outcome = outcome_of(reason)
    return Finding(
        kind=kind,  # type: ignore[arg-type]
        text=draft.text[span[0] : span[1]],
        start=span[0],
        end=span[1],
        line=draft.line_at(span[0]),
        outcome=outcome,
        reason=reason,
        says=says,
    )


def _saying(source: Source, start: int, end: int) -> Saying:
    return Saying(article_id=source.id, quote=source.text[start:end], start=start, end=end)


def _foreign_names(article: ArticleText, statement: Statement) -> Iterable[str]:
    """Return what looks like names in a sentence about an article of the other language."""
    text = article.text[statement.start : statement.end]
    if article.is_chinese:
        return [match[0] for match in _ORGANISATION.finditer(text)]
    found = []
    for match in _CAPITALISED.finditer(text):
        first, _, rest = match[0].partition(" ")
        found.append(rest if is_any_word(first) else match[0])
    return found
