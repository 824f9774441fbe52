"""A batch of one article, made in the test: its text, the parties of its deal, and the figures that a record states."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from summarizer.articles.article import Article
from summarizer.check import Finding, Source, Sources, check_draft, draft_of
from summarizer.quantities import scan
from summarizer.records import ArticleInfo, ArticleRecord, Deal, Evidence, KeyFigure, Party, RunInfo


def sources_of(text: str, parties: Sequence[str], figures: Sequence[tuple[str, str, str]] = ()) -> Sources:
    """Return the batch of one article; `figures` are name, entity and amount as written, each amount standing once."""
    article = Article.from_text(text, id="made")
    evidence = Evidence(quote=text[:1], start=0, end=1)
    deal = Deal(
        name="deal",
        type="other",
        status="signed",
        parties=tuple(Party(name=name, kind="company") for name in parties),
        evidence=(evidence,),
        verdict="verified",
    )
    record = ArticleRecord(
        article=ArticleInfo(
            id="made",
            source="made.txt",
            language=article.language,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            chars=len(text),
        ),
        status="ok",
        key_figures=tuple(_figure(text, *one) for one in figures),
        deals=(deal,),
        run=RunInfo(engine="offline"),
    )
    return Sources(articles=(Source(record=record, text=text),))


def _figure(text: str, name: str, entity: str, amount: str) -> KeyFigure:
    assert text.count(amount) == 1
    start = text.index(amount)
    quantity = next(one for one in scan(text) if one.start < start + len(amount) and one.end > start)
    return KeyFigure(
        name=name,
        entity=entity,
        amount=amount,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        qualifier=quantity.qualifier,
        status="actual",
        evidence=(Evidence(quote=amount, start=start, end=start + len(amount)),),
        verdict="verified",
    )


def doubts(draft: str, sources: Sources) -> list[tuple[str, str]]:
    """Return text and reason of what a check does not find supported."""
    findings: Sequence[Finding] = check_draft(draft_of(draft), sources).findings
    return [(one.text, one.reason) for one in findings if one.outcome != "supported"]
