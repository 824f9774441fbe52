"""One record as the page shows it: sections of cards, and the places of the article they stand on.

All text is as it is in the record; `render` makes it harmless where it leaves for the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from summarizer.records import (
    ArticleRecord,
    Audit,
    Deal,
    Evidence,
    Item,
    KeyFigure,
    KeyPoint,
    ProseQuantity,
    RejectedItem,
    Summary,
    Term,
    Verdict,
)
from summarizer.report.amounts import Language
from summarizer.report.characters import one_line
from summarizer.report.labels import VERDICT_ORDER, code_word, label, word
from summarizer.report.page.pieces import Span, cut
from summarizer.report.page.words import page_word
from summarizer.report.periods import render_period
from summarizer.report.phrases import (
    consideration_text,
    figure_value,
    item_fields,
    party_text,
    person_text,
    plain_value,
    prose_place,
)
from summarizer.report.reasons import explain

# What becomes JSON for the page's script.
Json = dict[str, Any]
Fact = tuple[str, str]
# A field of a proposal that was refused may hold anything, of any length.
_REJECTED_LIMIT: Final = 300


class RecordCards:
    """The cards of one record. `sections` in the order of the page; `spans` are the places found on the way."""

    def __init__(self, record: ArticleRecord, text: str | None, language: Language) -> None:
        self._record = record
        self._text = text
        self._language = language
        self._audit = record.audit or Audit()
        self.spans: list[Span] = []
        self.sections = [section for section in self._sections() if section is not None]

    def prose(self, where: str, text: str) -> list[Json | str]:
        """Return a text of the summary in runs, its numbers marked by the item that says what supports them.

        `where` as in the audit: `headline`, `abstract`, `key_points.0`.
        """
        spans = [
            Span(start=one.start, end=one.end, item=name)
            for name, one in self._named_prose()
            if one.where == where and text[one.start : one.end] == one.text
        ]
        runs = cut(text, spans)
        return [{"text": run.text, "items": " ".join(run.items)} if run.items else run.text for run in runs]

    def open_items(self) -> list[Fact]:
        """Return name and title of what waits for a check: a summary in doubt, by its first doubtful number, then each card."""
        cards = [card for section in self.sections for card in _with_inner(section["cards"])]
        waiting = [(card["id"], card["title"]) for card in cards if card.get("verdict") == "review"]
        if not is_in_doubt(self._record.summary):
            return waiting
        doubts = (card["id"] for card in cards if card["kind"] in {"unsupported", "doubtful"})
        return [(next(doubts, ""), word("summary_review", self._language)), *waiting]

    def why(self, verdict: Verdict, reasons: Sequence[str]) -> Json | None:
        """Return what speaks against an item or, where it is verified all the same, what there is to know about it."""
        if verdict == "verified" and not reasons:
            return None
        language = self._language
        sentences = [(explain(code, language), code) for code in reasons] or [(word("no_reason", language), "")]
        return {
            "label": label("remark" if verdict == "verified" else "why", language),
            "sentences": [(said, "" if said == code else code) for said, code in sentences],
        }

    def _sections(self) -> Iterator[Json | None]:
        record, audit = self._record, self._audit
        points = record.summary.key_points if record.summary else ()
        yield self._section("key_points", [self._point(number, one) for number, one in enumerate(points, start=1)])
        figures, deals, items = record.key_figures, record.deals, record.items
        failed = record.status == "failed"
        yield self._judged("key_figures", [self._figure(at, one) for at, one in _numbered(figures)], figures, failed)
        yield self._judged("deals", [self._deal(at, one) for at, one in _numbered(deals)], deals, failed)
        if items is not None:
            yield self._judged("items", [self._item(at, one) for at, one in _numbered(items)], items, failed)
        prose = [(name, one) for name, one in self._named_prose() if not name.startswith("prose")]
        for key, kind in (("prose", "unsupported"), ("doubtful", "doubtful")):
            cards = [self._prose_card(name, one) for name, one in prose if name.startswith(kind)]
            yield self._section(key, cards)
        yield self._section("rejected", [self._rejected(at, one) for at, one in enumerate(audit.rejected, start=1)])
        yield self._section("unclaimed", list(self._unclaimed()), form="chips")
        # Supported numbers have no card of their own, but a place in the article.
        for name, one in self._named_prose():
            if one.supported_by is not None:
                self._quotes(name, [one.supported_by])

    def _section(self, key: str, cards: list[Json], *, note: str = "", form: str = "cards") -> Json | None:
        if not cards and not note:
            return None
        title = page_word(key, self._language) if key == "doubtful" else word(key, self._language)
        return {"key": key, "title": title, "cards": cards, "note": note, "form": form}

    def _judged(self, key: str, cards: list[Json], asked: Sequence[object] | None, failed: bool) -> Json | None:
        # Of an article that failed, nothing is known: "none found" would be wrong.
        if failed and not cards:
            return None
        note = "" if cards else word("not_asked" if asked is None else "none_found", self._language)
        return self._section(key, _by_verdict(cards), note=note)

    def _point(self, number: int, point: KeyPoint) -> Json:
        name = f"point-{number}"
        return {
            "id": name,
            "kind": "point",
            "mark": str(number),
            "title": point.text,
            "runs": self.prose(f"key_points.{number - 1}", point.text),
            "quotes": self._quotes(name, point.evidence),
        }

    def _figure(self, number: int, figure: KeyFigure) -> Json:
        language, name = self._language, f"figure-{number}"
        value = figure_value(figure, language)
        period = render_period(figure.period, language) if figure.period else figure.period_text
        tags = (figure.entity, period, code_word("figure_status", figure.status, language))
        return self._card(name, figure.verdict, figure.reasons) | {
            "title": figure.name,
            "amount": figure.amount,
            "value": value if value not in (None, figure.amount) else "",
            "tags": [tag for tag in tags if tag],
            "quotes": self._quotes(name, figure.evidence, figure.amount),
        }

    def _deal(self, number: int, deal: Deal) -> Json:
        language, name = self._language, f"deal-{number}"
        tags = [code_word("deal_type", deal.type, language), code_word("deal_status", deal.status, language)]
        quotes = self._quotes(name, deal.evidence)
        if deal.consideration is not None:
            quotes += self._quotes(name, deal.consideration.evidence)
        terms = [self._term(f"term-{number}-{at}", term) for at, term in enumerate(deal.terms, start=1)]
        return self._card(name, deal.verdict, deal.reasons) | {
            "title": deal.name,
            "tags": tags,
            "facts": list(self._deal_facts(deal)),
            "quotes": quotes,
            "cards": _by_verdict(terms),
            "inner": word("terms", language),
        }

    def _deal_facts(self, deal: Deal) -> Iterator[tuple[str, list[str]]]:
        language = self._language
        facts: tuple[tuple[str, Iterable[str | None]], ...] = (
            ("parties", (party_text(party, language) for party in deal.parties)),
            ("consideration", [consideration_text(deal.consideration, language)] if deal.consideration else []),
            ("signed_on", [render_period(deal.signed_on, language) if deal.signed_on else deal.signed_text]),
            ("effective_on", [render_period(deal.effective_on, language) if deal.effective_on else None]),
            ("place", [deal.place]),
            ("duration", [deal.duration]),
            ("areas", [("、" if language == "zh" else ", ").join(deal.areas)]),
            ("signatories", (person_text(person, language) for person in deal.signatories)),
        )
        for key, values in facts:
            said = [value for value in values if value]
            if said:
                yield word(key, language), said

    def _term(self, name: str, term: Term) -> Json:
        language = self._language
        sides = (("obligor", term.obligor), ("beneficiary", term.beneficiary), ("condition", term.condition))
        return self._card(name, term.verdict, term.reasons) | {
            "title": term.text,
            "tags": [
                code_word("term_kind", term.kind, language),
                *(label(key, language) + code_word("bound", side, language) for key, side in sides if side),
            ],
            "quotes": self._quotes(name, term.evidence),
        }

    def _item(self, number: int, item: Item) -> Json:
        name = f"item-{number}"
        quotes = self._quotes(name, item.evidence)
        for field in item.fields:
            quotes += self._quotes(name, field.evidence, field.text)
        return self._card(name, item.verdict, item.reasons) | {
            "title": "; ".join(item_fields(item)) or item.kind,
            "tags": [item.kind],
            "quotes": quotes,
        }

    def _rejected(self, number: int, rejected: RejectedItem) -> Json:
        said = {key: plain_value(value) for key, value in rejected.item.items() if value not in (None, "", [], {})}
        # By what the proposal calls itself, or else by its first words.
        title = next((said[key] for key in ("name", "text", "amount") if key in said), next(iter(said.values()), ""))
        return self._card(f"rejected-{number}", "rejected", rejected.reasons) | {
            "title": one_line(title, _REJECTED_LIMIT),
            "facts": [(key, [one_line(value, _REJECTED_LIMIT)]) for key, value in said.items()],
        }

    def _prose_card(self, name: str, quantity: ProseQuantity) -> Json:
        quotes = [] if quantity.supported_by is None else [self._quote(quantity.supported_by)]
        return {
            "id": name,
            "kind": name.partition("-")[0],
            "mark": "!",
            "title": quantity.text,
            "tags": [prose_place(quantity.where, self._language)],
            "quotes": quotes,
        }

    def _unclaimed(self) -> Iterator[Json]:
        for number, quantity in enumerate(self._audit.unclaimed, start=1):
            name = f"unclaimed-{number}"
            evidence = Evidence(quote=quantity.text, start=quantity.start, end=quantity.end)
            yield {"id": name, "kind": "unclaimed", "title": quantity.text, "quotes": self._quotes(name, [evidence])}

    def _named_prose(self) -> Iterator[tuple[str, ProseQuantity]]:
        """Numbers, and those names that nothing supports: a supported name is no news."""
        for number, one in enumerate(self._audit.prose, start=1):
            if one.supported_by is None:
                yield f"unsupported-{number}", one
            elif one.is_doubtful:
                yield f"doubtful-{number}", one
            elif not one.is_name:
                yield f"prose-{number}", one

    def _card(self, name: str, verdict: Verdict, reasons: Sequence[str]) -> Json:
        return {
            "id": name,
            "kind": name.partition("-")[0],
            "verdict": verdict,
            "says": code_word("verdict", verdict, self._language),
            "why": self.why(verdict, reasons),
        }

    def _quotes(self, name: str, evidence: Sequence[Evidence], words: str = "") -> list[Json]:
        """Note the places of an item, `words` inside each as its core, and return the quotations."""
        for one in evidence:
            if not self._stands(one):
                continue
            self.spans.append(Span(start=one.start, end=one.end, item=name))
            if words and one.quote.count(words) == 1:
                start = one.start + one.quote.index(words)
                self.spans.append(Span(start=start, end=start + len(words), item=name, is_core=True))
        return [self._quote(one) for one in evidence]

    def _quote(self, evidence: Evidence) -> Json:
        warning = "" if self._text is None or self._stands(evidence) else page_word("elsewhere", self._language)
        return {"text": evidence.quote, "at": f"{evidence.start}:{evidence.end}", "warning": warning}

    def _stands(self, evidence: Evidence) -> bool:
        if self._text is None or not 0 <= evidence.start < evidence.end:
            return False
        return self._text[evidence.start : evidence.end] == evidence.quote


def is_in_doubt(summary: Summary | None) -> bool:
    """Return whether verification found something in the summary to check; one that was never judged gives no reason."""
    return summary is not None and summary.verdict == "review" and bool(summary.reasons)


def _numbered(items: Sequence[Any] | None) -> Iterable[tuple[int, Any]]:
    return enumerate(items or (), start=1)


def _by_verdict(cards: list[Json]) -> list[Json]:
    """Verified ones first, otherwise in the order of the record, which their names keep."""
    return sorted(cards, key=lambda card: VERDICT_ORDER[card["verdict"]])


def _with_inner(cards: Iterable[Json]) -> Iterator[Json]:
    for card in cards:
        yield card
        yield from card.get("cards", ())
