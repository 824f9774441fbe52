"""The mistakes that `benchmarks.check` plants in correct drafts, each alone, chosen by the labels and not by the tool."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from summarizer.articles.sentences import split_sentences
from summarizer.quantities import same_unit, scan
from summarizer.records import Quantity

GOLD = Path(__file__).parent.parent / "evals" / "cases" / "gold"
# Of a kind at most so many a draft, so that no long article decides alone.
PER_DRAFT = 8
SEED = 7

_SCALES = (("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("billion", "million"), ("million", "billion"))
_BOUNDS = re.compile(
    r"(?:超过|(?<!节)约|近|逾|不低于|不超过|至少|超)(?=\d)|(?:about|more than|nearly|over|at least|up to|around) (?=[\d$€£])"
)
# Two who are joined so may be named in either order.
_EQUALS = re.compile(r"\A\s*(?:与|和|同|及|以及|、|與|,|and|with|–|/)\s*\Z")
_STRANGERS = {"zh": "北辰智联集团", "en": "Northvale Holdings"}
# A name goes on here, so that what stands before is not the whole of it: Halvorsen Instruments, 南通市, 京东云.
_GOES_ON = re.compile(r"[市省县區区云]| (?!And\b|The\b)[A-Z][a-z]")
_LED_BY_NAME = re.compile(r"[A-Z][a-z]+ \Z")


@dataclass(frozen=True, slots=True)
class Plant:
    """A draft with one mistake: which kind, the text, and where the mistake stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subject:
    """An article by its label: id, language, figures, and of every party all the names that the label allows."""

    id: str
    language: str
    figures: Sequence[dict[str, Any]]
    parties: Sequence[frozenset[str]]
    names: frozenset[str]
    deals: Sequence[dict[str, Any]]
    summary: dict[str, Any]


@lru_cache(maxsize=64)
def subject(article_id: str) -> Subject:
    """Read the label of an article."""
    label = json.loads((GOLD / f"{article_id}.json").read_text("utf-8"))
    groups: list[set[str]] = []
    for party in (party for deal in label["deals"] for party in deal["parties"]):
        forms = {party["name"], *(party.get("aliases") or ())}
        same = [group for group in groups if group & forms]
        groups = [group for group in groups if not group & forms] + [forms.union(*same)]
    entities = {figure["entity"] for figure in label["key_figures"] if figure["entity"]}
    return Subject(
        id=article_id,
        language=label["language"],
        figures=label["key_figures"],
        parties=[frozenset(group) for group in groups],
        names=frozenset(entities.union(*groups)),
        deals=label["deals"],
        summary=label["summary"],
    )


def plants(article: Subject, draft: str, following: Subject) -> Iterator[Plant]:
    """Yield drafts with one mistake each, at most `PER_DRAFT` of a kind; the same for the same labels.

    `following` is the article whose numbers are planted as those of another one.
    """
    chance = random.Random(f"{SEED} {article.id}")  # noqa: S311 - which mistakes are planted is no secret
    makers: dict[str, Callable[[], list[Plant]]] = {
        "wrong scale": lambda: _scales(draft),
        "changed digit": lambda: _digits(draft),
        "wrong year": lambda: _years(draft),
        "bound dropped": lambda: _bounds(draft, article),
        "another number of the article": lambda: _others(draft, article, "another number of the article"),
        "number of another article": lambda: _others(draft, following, "number of another article"),
        "two numbers exchanged": lambda: _exchanged_numbers(draft),
        "another party named": lambda: _renamed(draft, article),
        "two parties exchanged": lambda: _swapped(draft, article),
        "invented party": lambda: _invented(draft, article),
    }
    for make in makers.values():
        made = make()
        yield from chance.sample(made, min(PER_DRAFT, len(made)))


def _replaced(kind: str, draft: str, start: int, end: int, words: str) -> Plant:
    return Plant(kind, draft[:start] + words + draft[end:], start, start + len(words))


def _amounts(draft: str) -> list[Quantity]:
    return [
        one
        for one in scan(draft)
        if one.value is not None and one.kind in ("currency", "count", "percent", "number", "multiple", "dimension")
    ]


def _scales(draft: str) -> list[Plant]:
    found = []
    for quantity in _amounts(draft):
        for scale, other in _SCALES:
            at = draft.find(scale, quantity.start, quantity.end)
            if at >= 0:
                found.append(_replaced("wrong scale", draft, at, at + len(scale), other))
                break
    return found


def _digits(draft: str) -> list[Plant]:
    found = []
    for quantity in _amounts(draft):
        match = re.compile(r"\d").search(draft, quantity.start, quantity.end)
        if match:
            digit = str((int(match[0]) + 3) % 10 or 4)
            found.append(_replaced("changed digit", draft, *match.span(), digit))
    return found


def _years(draft: str) -> list[Plant]:
    found = []
    for match in re.finditer(r"(?<!\d)20\d\d(?!\d)", draft):
        found.append(_replaced("wrong year", draft, *match.span(), str(int(match[0]) + 2)))
    return found


def _bounds(draft: str, article: Subject) -> list[Plant]:
    """Drop a bound, where the label does not accept the bare number too."""
    found = []
    for match in _BOUNDS.finditer(draft):
        number = next((one for one in _amounts(draft) if one.end > match.end()), None)
        if number is None or not _is_accepted_bare(number, article):
            found.append(_replaced("bound dropped", draft, *match.span(), ""))
    return found


def _is_accepted_bare(number: Quantity, article: Subject) -> bool:
    values = {value for value in (number.value, number.value_max) if _is_number(value)}
    return any(
        figure["value"] in values and "exact" in (figure["qualifier"], *(figure.get("qualifier_accept") or ()))
        for figure in article.figures
    )


def is_bounded(number: str, article: Subject) -> bool:
    """Return whether the label bounds an amount (about, over) and accepts it no other way: a summary that drops it errs."""
    return any(
        figure["value"] in {one.value for one in scan(number)}
        and "exact" not in (figure["qualifier"], *(figure.get("qualifier_accept") or ()))
        for figure in article.figures
    )


def _others(draft: str, source: Subject, kind: str) -> list[Plant]:
    """Put the amount of another labelled figure, as its article writes it, in place of one of the draft's.

    Not one that rounds to the draft's own (half for 49 %).
    """
    stated = [one for figure in source.figures if (one := _amount_of(figure)) is not None]
    own = {one.value for one in _amounts(draft)}
    found = []
    for quantity in _amounts(draft):
        start = quantity.start if quantity.qualifier_start is None else min(quantity.start, quantity.qualifier_start)
        end = quantity.end if quantity.qualifier_end is None else max(quantity.end, quantity.qualifier_end)
        for other in stated:
            is_alike = other.kind == quantity.kind and same_unit(other.unit, quantity.unit)
            if is_alike and other.value not in own and not _is_about(other, quantity):
                found.append(_replaced(kind, draft, start, end, other.text))
                break
    return found


def _amount_of(figure: dict[str, Any]) -> Quantity | None:
    """Return the amount that a label's quote states in digits; in words (half, 三) it would read as a broken sentence."""
    amounts = [
        one for one in scan(figure["quote"]) if one.value == figure["value"] and re.search(r"[0-9０-９]", one.text)
    ]
    return amounts[0] if len(amounts) == 1 and _is_number(amounts[0].value) else None


def _is_about(one: Quantity, other: Quantity) -> bool:
    first, second = Decimal(one.value or 0), Decimal(other.value or 0)
    return abs(first - second) * 20 <= max(abs(first), abs(second))


def _exchanged_numbers(draft: str) -> list[Plant]:
    """Exchange two amounts of one sentence and one unit."""
    by_sentence: dict[tuple[int, int], list[Quantity]] = defaultdict(list)
    for quantity in _amounts(draft):
        by_sentence[sentence_around(draft, quantity.start, quantity.end)].append(quantity)
    found = []
    for quantities in by_sentence.values():
        for one, other in pairwise(quantities):
            if one.value != other.value and same_unit(one.unit, other.unit):
                first, second = draft[one.start : one.end], draft[other.start : other.end]
                text = draft[: one.start] + second + draft[one.end : other.start] + first + draft[other.end :]
                found.append(Plant("two numbers exchanged", text, one.start, other.end))
    return found


def _values(text: str) -> set[Decimal]:
    return {Decimal(value or 0) for one in scan(text) for value in (one.value, one.value_max) if _is_number(value)}


def _is_number(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"-?[0-9.]+", value) is not None


def _whole_names(draft: str, article: Subject, forms: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where a party is named by a name that is no piece of a longer one."""
    longer = [name for name in article.names if name not in forms]
    for form in sorted(forms):
        for match in re.finditer(re.escape(form), draft):
            low, high = match.span()
            around = draft[max(0, low - 30) : high + 30]
            is_piece = any(form in name and name in around for name in (*longer, *forms) if name != form)
            if not is_piece and not _GOES_ON.match(draft, high) and not _LED_BY_NAME.search(draft, 0, low):
                yield low, high


def _is_true_of(sentence: str, forms: frozenset[str], article: Subject) -> bool:
    """Return whether the label gives a figure of the sentence to the planted party, so that the sentence stays true."""
    values = _values(sentence)
    return any(
        any(form in (figure["entity"] or "") or (figure["entity"] or "-") in form for form in forms)
        and _is_number(figure["value"])
        and Decimal(figure["value"]) in values
        for figure in article.figures
    )


def _renamed(draft: str, article: Subject) -> list[Plant]:
    """Name another labelled party of the article, whole, in a sentence that does not name it and is not true of it."""
    found = []
    for forms in article.parties:
        for low, high in _whole_names(draft, article, forms):
            start, end = sentence_around(draft, low, high)
            sentence = draft[start:end]
            others = [
                group
                for group in article.parties
                if group is not forms
                and any(name in draft for name in group)
                and not any(name in sentence for name in group)
                and not _is_true_of(sentence, group, article)
            ]
            if others:
                other = min((name for name in others[0] if name in draft), key=lambda name: (-len(name), name))
                found.append(_replaced("another party named", draft, low, high, other))
    return found


def _swapped(draft: str, article: Subject) -> list[Plant]:
    """Exchange the party that a labelled term binds with another party that the term names.

    Only where the label says who is bound: in an agreement of equals (A with B, B with A) both orders are true.
    """
    found = []
    for term in (term for deal in article.deals for term in deal["terms"] if term["text"] in draft):
        bound = next((forms for forms in article.parties if term["obligor"] in forms), None)
        low = draft.index(term["text"])
        high = low + len(term["text"])
        inside = [
            (*span, forms is bound)
            for forms in article.parties
            for span in _whole_names(draft, article, forms)
            if low <= span[0] < high
        ]
        for (start, end, is_bound), (first, last, is_other) in pairwise(sorted(inside)):
            if is_bound != is_other and not _EQUALS.search(draft[end:first]):
                text = draft[:start] + draft[first:last] + draft[end:first] + draft[start:end] + draft[last:]
                found.append(Plant("two parties exchanged", text, start, last))
    return found


def _invented(draft: str, article: Subject) -> list[Plant]:
    stranger = _STRANGERS["zh" if article.language == "zh" else "en"]
    return [
        _replaced("invented party", draft, low, high, stranger)
        for forms in article.parties
        for low, high in _whole_names(draft, article, forms)
    ]


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence, or line, in which a span stands."""
    spans = split_sentences(text)
    low = max((one for one, _ in spans if one <= start), default=0)
    return low, min((stop for _, stop in spans if stop >= end), default=len(text))


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether two half-open spans share a character."""
    return one[0] < other[1] and other[0] < one[1]
