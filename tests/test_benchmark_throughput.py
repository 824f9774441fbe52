"""The throughput benchmark works and measures what it says: right answers, all counted."""

import json
from pathlib import Path

import pytest

from benchmarks.throughput.material import arguments_of, article_text, number_in, originals
from benchmarks.throughput.running import Load, Workplace, measure
from benchmarks.throughput.server import Plan
from summarizer.articles import Article
from summarizer.proposals import ArticleProposal, proposals_of
from summarizer.verify import verify_proposals


@pytest.mark.parametrize("number", range(len(originals())))
def test_the_answer_to_an_original_is_right_for_its_copies_and_asks_for_nothing_more(number: int) -> None:
    text = article_text(number + 600)
    assert number_in(json.dumps({"content": text}).encode()) == number + 600
    assert 2_000 <= len(text) <= 4_000
    proposals = proposals_of(ArticleProposal.model_validate_json(arguments_of(number)))
    copy = verify_proposals(Article.from_text(text, id="a"), proposals)
    original = verify_proposals(Article.from_text("".join(originals()[number].pieces), id="a"), proposals)
    assert not copy.findings
    assert copy.status == original.status
    for part in ("key_figures", "deals"):
        verdicts = [[item.verdict for item in getattr(verified, part)] for verified in (copy, original)]
        assert verdicts[0] == verdicts[1]


def test_a_small_run_with_faults_is_measured_whole(tmp_path: Path) -> None:
    load = Load(articles=12, concurrency=4, plan=Plan(latency_s=0.01, faulty_each=6))
    measured = measure("batch", load, Workplace(tmp_path))
    assert (measured.completed, measured.failed) == (12, 0)
    assert (measured.stats.faults, measured.stats.requests) == (2, 14)
    assert measured.stats.connections <= measured.stats.most_in_flight + 2
    assert measured.wall_s > load.ideal_s
    assert measured.cpu_s > 0
