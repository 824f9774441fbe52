"""How fast the scanner and the verification are, next to parsing the same record's JSON in the same run.

    python -m benchmarks.speed

The articles are the five seeds with their recorded model answers. Absolute times depend on the machine; the ratios do not.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from summarizer.articles import Article, read_inputs
from summarizer.articles.reading import article_from_bytes
from summarizer.proposals import ArticleProposal, Proposals, proposals_of
from summarizer.quantities import scan
from summarizer.records import ArticleRecord, RunInfo
from summarizer.verify import verify_proposals, verify_record
from summarizer.wire.recordings import Recordings

ROOT = Path(__file__).parent.parent
ROUNDS = 7
BEST_OF = 25


def main() -> int:
    """Measure and print: the stages of an article by CPU time, and medians of seven rounds by the clock."""
    pairs = recorded()
    records = [record_of(article, proposals) for article, proposals in pairs]
    lines = [record.to_json() for record in records]
    text = "\n".join(article.text for article, _ in pairs) * 4
    scan_s = median_s(lambda: scan(text))
    json_s = median_s(lambda: [json.loads(line) for line in lines]) / len(lines)
    model_s = median_s(lambda: [ArticleRecord.model_validate_json(line) for line in lines]) / len(lines)
    verify_s = median_s(lambda: [verify_proposals(article, proposals) for article, proposals in pairs]) / len(pairs)
    texts = [article.text for article, _ in pairs]
    again_s = median_s(lambda: [verify_record(*one) for one in zip(records, texts, strict=True)]) / len(pairs)
    characters = sum(map(len, texts)) // len(texts)
    stages = stages_of(pairs)
    print(f"{len(pairs)} articles of {characters} characters on average, medians of {ROUNDS} rounds")
    print(f"scan                           {len(text) / scan_s:>12,.0f} characters a second")
    for name, cpu_s in stages.items():
        print(f"{name:<30} {cpu_s * 1e3:>12.2f} ms {cpu_s / json_s:>8.1f} x, CPU, best of {BEST_OF}")
    print(
        f"verify proposals of an article {verify_s * 1e3:>12.2f} ms {verify_s / json_s:>8.1f} x parsing its record's JSON"
    )
    print(f"verify a stored record         {again_s * 1e3:>12.2f} ms {again_s / json_s:>8.1f} x")
    print(f"load a record (pydantic)       {model_s * 1e3:>12.2f} ms {model_s / json_s:>8.1f} x")
    print(f"parse a record's JSON          {json_s * 1e3:>12.2f} ms {1:>8.1f} x")
    return 0


def stages_of(pairs: list[tuple[Article, Proposals]]) -> dict[str, float]:
    """Return the CPU seconds that each stage of an article takes, what a run does once for it: the mean of the articles."""
    totals = dict.fromkeys(("read", "scan", "verify, the scan included", "serialise"), 0.0)
    for article, proposals in pairs:
        data, hint = Path(article.source).read_bytes(), Path(article.source).suffix[1:]

        def read(data: bytes = data, hint: str = hint, article: Article = article) -> tuple[object, object]:
            fresh = article_from_bytes(data, article_id=article.id, source=article.source, format_hint=hint)
            return fresh.sentences, fresh.info()

        record = record_of(article, proposals)
        works: tuple[Callable[[], object], ...] = (
            read,
            partial(scan, article.text),
            partial(verify_proposals, article, proposals),
            record.to_json,
        )
        for name, work in zip(totals, works, strict=True):
            totals[name] += best_cpu_s(work) / len(pairs)
    return totals


def recorded() -> list[tuple[Article, Proposals]]:
    """Return the seeds with the proposals of their recorded answers, matched by the tag that an article's hash gives."""
    recordings = Recordings(ROOT / "evals" / "recordings")
    answers = {}
    for path in sorted(recordings.folder.glob("*.json")):
        exchange = recordings.load(path)
        user = str(exchange.request["messages"][1]["content"])
        tag = user.split("<article-", 1)[1].split(">", 1)[0]
        call = (exchange.answer or {})["choices"][0]["message"]["tool_calls"][0]
        if call["function"]["name"] != ArticleProposal.__name__:
            continue
        answers[tag] = ArticleProposal.model_validate_json(call["function"]["arguments"])
    articles = [one for one in read_inputs(sorted((ROOT / "seeds").glob("*.txt"))) if isinstance(one, Article)]
    found = []
    for article in articles:
        tag = next(tag for tag in answers if article.sha256.startswith(tag))
        found.append((article, proposals_of(answers[tag])))
    return found


def record_of(article: Article, proposals: Proposals) -> ArticleRecord:
    """Return the record that a run would write."""
    verified = verify_proposals(article, proposals)
    return ArticleRecord(
        article=article.info(),
        status=verified.status,
        summary=verified.summary,
        key_figures=verified.key_figures,
        deals=verified.deals,
        audit=verified.audit,
        run=RunInfo(engine="llm"),
    )


def best_cpu_s(work: Callable[[], object]) -> float:
    """Return the least CPU time of the work in seconds: what other programs on the machine do adds to it."""
    times = []
    for _ in range(BEST_OF):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def median_s(work: Callable[[], object]) -> float:
    """Return the median wall time of the work in seconds, after one round to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
