"""The five seed articles through the model engine, from recorded answers: no network, no key.

The recordings in evals/recordings were made over an OpenAI-compatible endpoint by `summarizer run seeds --record`;
the answers are a model's own (`queue-model`), right or wrong. They go stale when a template, a field description or the
reading of a seed changes: record them again.
"""

import asyncio
from pathlib import Path

import pytest

from summarizer import Article, ArticleRecord, Settings, Summarizer
from summarizer.articles import read_inputs
from summarizer.records import Deal, Evidence, KeyFigure
from summarizer.verify import verify_record

ROOT = Path(__file__).parent.parent
RECORDINGS = ROOT / "evals" / "recordings"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def records() -> dict[str, ArticleRecord]:
    summarizer = Summarizer(Settings(replay=RECORDINGS, model="queue-model", concurrency=5))

    async def run() -> list[ArticleRecord]:
        return [record async for record in summarizer.stream(SEEDS)]

    found = asyncio.run(run())
    assert [record.article.source for record in found] == [str(path) for path in SEEDS]
    return {record.article.id[:3]: record for record in found}


def figure(record: ArticleRecord, amount: str) -> KeyFigure:
    return next(one for one in record.key_figures or () if one.amount == amount)


def all_evidence(record: ArticleRecord) -> list[Evidence]:
    found = [piece for point in (record.summary.key_points if record.summary else ()) for piece in point.evidence]
    found += [piece for one in record.key_figures or () for piece in one.evidence]
    for deal in record.deals or ():
        found += [*deal.evidence, *(piece for term in deal.terms for piece in term.evidence)]
    return found


def test_every_seed_has_a_record_made_by_the_model_it_names(records: dict[str, ArticleRecord]) -> None:
    assert {record.status for record in records.values()} <= {"ok", "needs_review"}
    for record in records.values():
        assert record.run.model == "queue-model"
        assert record.run.tokens_are_estimated
        assert (record.run.requests, record.run.paid_requests) == (1, 0)
        assert record.run.prompt_version is not None
        assert record.run.prompt_version.startswith("system@")


def test_every_piece_of_evidence_stands_where_it_says(records: dict[str, ArticleRecord]) -> None:
    articles = {one.id[:3]: one for one in read_inputs(SEEDS) if isinstance(one, Article)}
    for number, record in records.items():
        text = articles[number].text
        pieces = all_evidence(record)
        assert pieces
        for piece in pieces:
            assert text[piece.start : piece.end] == piece.quote
        assert verify_record(record, text) == record


def test_evidence_of_the_marked_up_seed_leads_back_into_its_file(records: dict[str, ArticleRecord]) -> None:
    source = SEEDS[2].read_bytes().decode("utf-8")
    schools = figure(records["002"], "5万多所").evidence[0]
    assert schools.source_start is not None
    assert schools.source_end is not None
    raw = source[schools.source_start : schools.source_end]
    assert "<strong>5</strong><strong>万多所学校" in raw
    assert raw.startswith(schools.quote[0])
    assert raw.endswith(schools.quote[-1])


def signed(record: ArticleRecord) -> list[Deal]:
    return [deal for deal in record.deals or () if deal.type == "strategic_cooperation" and deal.signed_on]


def test_agreements_are_dated_as_precisely_as_the_articles_are(records: dict[str, ArticleRecord]) -> None:
    dates = {number: [deal.signed_on for deal in signed(record)] for number, record in records.items()}
    assert dates == {"000": ["--11-18"], "001": [], "002": ["2022-03-31"], "003": [], "004": ["--08-16"]}
    assert records["003"].deals == ()


def test_the_parties_and_people_of_the_shaoguan_agreement_are_there(records: dict[str, ArticleRecord]) -> None:
    [deal] = signed(records["002"])
    assert [party.name for party in deal.parties] == ["科大讯飞", "广东省韶关市政府"]
    roles = {person.name: person.role for person in deal.signatories}
    assert roles == {"王瑞军": "attended", "杜兰": "attended", "罗晓勤": "signed", "王彬彬": "signed"}


@pytest.mark.parametrize(
    ("number", "amount", "value", "unit", "qualifier"),
    [
        ("000", "超过60%", "60", "%", "more_than"),
        ("001", "约30亿元", "3000000000", "CNY", "about"),
        ("001", "近6万平方米", "60000", "平方米", "nearly"),
        ("001", "1.37亿元", "137000000", "CNY", "exact"),
        ("002", "5万多所", "50000", "所", "more_than"),
        ("002", "超过1亿", "100000000", "人", "more_than"),
        ("003", "超5.5亿", "550000000", "人", "more_than"),
        ("004", "20.2%", "20.2", "%", "exact"),
    ],
)
def test_figures_are_read_from_the_words_of_the_article(
    records: dict[str, ArticleRecord], number: str, amount: str, value: str, unit: str, qualifier: str
) -> None:
    one = figure(records[number], amount)
    assert (one.value, one.unit, one.qualifier, one.verdict) == (value, unit, qualifier, "verified")


def test_nothing_comes_from_the_page_furniture(records: dict[str, ArticleRecord]) -> None:
    for record in records.values():
        for piece in all_evidence(record):
            assert not any(piece.start < one.end and one.start < piece.end for one in record.article.furniture)


def test_no_recording_holds_a_header_or_a_key() -> None:
    files = list(RECORDINGS.glob("*.json"))
    assert len(files) >= len(SEEDS)
    for path in files:
        text = path.read_text(encoding="utf-8").lower()
        assert not any(word in text for word in ("authorization", "bearer ", "api_key", "sk-", "cookie", "127.0.0.1"))
