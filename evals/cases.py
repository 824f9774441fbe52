"""The cases: articles with their labels, read and checked like code."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from evals.gold import Gold, GoldDeal, GoldFigure, GoldQuoted
from summarizer.articles import Article, read_inputs

CASES_DIR: Final = Path(__file__).parent / "cases"
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TAG = re.compile(r"<[^>]+>")


class LabelError(Exception):
    """A label file cannot be used; the message names file, field and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article with its labels. `source` is the decoded file, which the labels' offsets index."""

    id: str
    path: Path
    source: str
    article: Article
    gold: Gold


def load_cases(folder: Path = CASES_DIR, only: Sequence[str] = ()) -> tuple[Case, ...]:
    """Read all cases, or those whose id begins with one of `only`, in the order of their ids.

    Raises:
        LabelError: an article has no label or the other way round, a label is malformed, or `only` names no case.
    """
    articles = {path.stem: path for path in sorted((folder / "articles").iterdir()) if path.is_file()}
    labels = {path.stem: path for path in sorted((folder / "gold").glob("*.json"))}
    for name in sorted(articles.keys() ^ labels.keys()):
        raise LabelError(
            f"case {name!r} has no {'label' if name in articles else 'article'}; add the file or drop both"
        )
    wanted = [name for name in articles if not only or any(name.startswith(prefix) for prefix in only)]
    if not wanted:
        raise LabelError(f"no case begins with {' or '.join(map(repr, only))}; the cases are {', '.join(articles)}")
    return tuple(_load(articles[name], labels[name]) for name in wanted)


def _load(path: Path, label: Path) -> Case:
    try:
        gold = Gold.model_validate_json(label.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise LabelError(f"{label.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    article = next(iter(read_inputs([str(path)])), None)
    if not isinstance(article, Article):
        raise LabelError(f"{path.name}: {article.message if article else 'holds no article'}")
    if gold.article_id != path.stem:
        raise LabelError(f"{label.name}: article_id is {gold.article_id!r}, expected {path.stem!r}")
    source = path.read_bytes().decode("utf-8")
    return Case(id=path.stem, path=path, source=source, article=article, gold=gold)


def corpus_digest(cases: Sequence[Case]) -> str:
    """Return the SHA-256 of all articles and labels, so that two runs can tell whether they saw the same."""
    digest = hashlib.sha256()
    for case in cases:
        for part in (case.id, case.source, case.gold.model_dump_json()):
            content = part.encode("utf-8")
            digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def problems_of(case: Case) -> list[str]:
    """Return what is wrong with a case's labels: quotes, offsets, patterns, `*_accept` lists, one place labelled twice."""
    return [f"{case.id}: {problem}" for problem in _problems(case)]


def _problems(case: Case) -> Iterator[str]:
    visible = html.unescape(_TAG.sub("", case.source))
    seen: dict[tuple[object, ...], int] = {}
    for index, figure in enumerate(case.gold.key_figures):
        yield from _figure_problems(case.source, visible, figure, f"key_figures.{index}")
        identity = (figure.name, figure.entity, figure.value, figure.unit, figure.period, figure.start)
        if identity in seen:
            yield f"key_figures.{index} is the same as key_figures.{seen[identity]}"
        seen[identity] = index
    for index, deal in enumerate(case.gold.deals):
        yield from _deal_problems(case.source, visible, deal, f"deals.{index}")
    yield from _summary_problems(case.gold)


def _figure_problems(source: str, visible: str, figure: GoldFigure, where: str) -> Iterator[str]:
    yield from _quote_problems(source, visible, figure, where)
    yield from _accept_problems(figure, ("value", "unit", "qualifier", "period", "status"), where)
    for number in (figure.value, figure.value_max, *figure.value_accept):
        if number is not None and not _DECIMAL.fullmatch(number):
            yield f"{where}: {number!r} is no decimal number"
    for pattern in figure.name_accept:
        yield from _pattern_problems(pattern, f"{where}.name_accept")
    if figure.importance == "key" and not figure.name_accept:
        yield f"{where} is key and has no name_accept"


def _deal_problems(source: str, visible: str, deal: GoldDeal, where: str) -> Iterator[str]:
    yield from _quote_problems(source, visible, deal, where)
    yield from _accept_problems(deal, ("type", "status", "signed_on", "place", "duration", "consideration"), where)
    for party in deal.parties:
        if party.name not in visible:
            yield f"{where}: party {party.name!r} is not in the article"
    for number, term in enumerate(deal.terms):
        yield from _quote_problems(source, visible, term, f"{where}.terms.{number}")
        yield from _accept_problems(term, ("kind", "obligor"), f"{where}.terms.{number}")


def _accept_problems(label: GoldQuoted, fields: Iterable[str], where: str) -> Iterator[str]:
    for field in fields:
        accepted, own = getattr(label, f"{field}_accept"), getattr(label, field)
        if accepted and own not in accepted:
            yield f"{where}.{field}_accept lacks the label's own {own!r}"


def _quote_problems(source: str, visible: str, label: GoldQuoted, where: str) -> Iterator[str]:
    for quote in (label.quote, *label.also):
        if not quote or (quote not in source and quote not in visible):
            yield f"{where}: quote {quote[:30]!r} is not in the article"
    if label.start is not None and label.end is not None and source[label.start : label.end] != label.quote:
        yield f"{where}: offsets do not hold the quote {label.quote[:30]!r}"


def _pattern_problems(pattern: str, where: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"{where}: {pattern!r} is no regular expression: {error}"


def _summary_problems(gold: Gold) -> Iterator[str]:
    own = f"{gold.summary.headline} {gold.summary.abstract}"
    for fact in gold.summary.must_mention:
        bad = [
            problem for pattern in fact.accept for problem in _pattern_problems(pattern, f"must_mention {fact.fact!r}")
        ]
        yield from bad
        if not bad and not any(re.search(pattern, own) for pattern in fact.accept):
            yield f"the label's own abstract does not mention {fact.fact!r}"
    for mistake in gold.summary.must_not_claim:
        bad = [
            one for pattern in mistake.reject for one in _pattern_problems(pattern, f"must_not_claim {mistake.claim!r}")
        ]
        yield from bad
        if not bad and any(re.search(pattern, own) for pattern in mistake.reject):
            yield f"the label's own abstract trips {mistake.claim!r}"
