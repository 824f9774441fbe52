"""How many planted mistakes `summarizer check` finds in a draft, and how often it doubts a correct one.

    python -m benchmarks.check [-v]

The batch are the labelled articles of evals/cases with their recorded answers. Drafts are the summaries of single articles
(headline, abstract, key points) whose every number has support, and what people wrote over the articles: the summaries and
the terms of the labels. A draft as it stands must raise nothing; each mistake is planted alone (`benchmarks.plants`), and
found where a finding beside its sentence says contradicted or unsupported that did not say so before. The rules were made
with these articles in sight, so that figures on others will be lower.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plants import Subject, is_bounded, overlaps, plants, sentence_around, subject
from summarizer.api import Summarizer
from summarizer.batch import hold_folder, run_batch
from summarizer.check import Sources, check_draft, read_draft, read_sources
from summarizer.records import ArticleRecord
from summarizer.settings import Settings

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Make the batch, check all drafts and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        sources = make_batch(out)
        drafts = list(drafts_of(list(ArticleRecord.load_jsonl(out / "results.jsonl"))))
        began = time.perf_counter()
        report(check_all(drafts, sources, Path(folder)), len(drafts), time.perf_counter() - began)
    return 0


@dataclass(frozen=True, slots=True)
class Right:
    """A draft that is right, with the label of the article that it is about; `kind` says who wrote it."""

    kind: str
    article: Subject
    text: str


def drafts_of(records: Sequence[ArticleRecord]) -> Iterator[Right]:
    """Yield the drafts that mistakes are planted in."""
    for record in records:
        article = subject(record.article.id)
        if is_supported(record):
            yield Right("summary", article, draft_of(record))
        yield Right("label", article, f"{article.summary['headline']}\n\n{article.summary['abstract']}\n")
        terms = [term["text"] for deal in article.deals for term in deal["terms"]]
        if terms:
            yield Right("terms", article, "\n\n".join(terms) + "\n")


@dataclass(slots=True)
class Tally:
    """What was planted and found, by kind and language; correct drafts, their findings, and the false alarms."""

    planted: Counter[tuple[str, str]]
    found: Counter[tuple[str, str]]
    findings: int
    alarms: list[str]
    missed: list[str]


class Silent:
    """Hears how the batch goes and says nothing."""

    def begin(self, total: int, settings: Settings) -> None:
        """Nothing to show."""

    def finished(self, record: ArticleRecord) -> None:
        """Nothing to show."""

    def problem(self, message: str) -> None:
        """Nothing that concerns the drafts."""

    def end(self) -> None:
        """Nothing to show."""


def make_batch(out: Path) -> Sources:
    """Run the labelled articles from their recorded answers into a folder, and read it as `check` does."""
    settings = Settings(replay=ROOT / "evals" / "recordings", model="queue-model", engine="llm")
    with hold_folder(out) as folder:
        run_batch(Summarizer(settings), [ROOT / "evals" / "cases" / "articles"], folder, Silent())
    return read_sources(out)


def is_supported(record: ArticleRecord) -> bool:
    """Return whether the article supports every number and name of the summary: only then the draft is known to be right."""
    prose = record.audit.prose if record.audit else ()
    return record.summary is not None and all(one.supported_by and not one.is_doubtful for one in prose)


def check_all(drafts: Sequence[Right], sources: Sources, folder: Path) -> Tally:
    """Check each draft as it stands and with each plant."""
    tally = Tally(planted=Counter(), found=Counter(), findings=0, alarms=[], missed=[])
    following = {one.article.id: other.article for one, other in zip(drafts, [*drafts[1:], drafts[0]], strict=True)}
    for draft in drafts:
        name = f"{draft.article.id} ({draft.kind})"
        before = doubts(draft.text, sources, folder)
        tally.findings += before.count
        tally.alarms += [
            f"{name}: {text!r} {reason}"
            for _, _, text, reason in before.doubted
            if not (reason == "QUALIFIER_DROPPED" and is_bounded(text, draft.article))
        ]
        known = {(text, reason) for _, _, text, reason in before.doubted}
        for plant in plants(draft.article, draft.text, following[draft.article.id]):
            key = (plant.kind, draft.article.language)
            tally.planted[key] += 1
            after = doubts(plant.text, sources, folder).doubted
            sentence = sentence_around(plant.text, plant.start, plant.end)
            new = [one for one in after if (one[2], one[3]) not in known and overlaps(one[:2], sentence)]
            if new:
                tally.found[key] += 1
            else:
                shown = plant.text[sentence[0] : sentence[1]]
                tally.missed.append(f"{name} {plant.kind}: {plant.text[plant.start : plant.end]!r} in {shown!r}")
    return tally


def draft_of(record: ArticleRecord) -> str:
    """Return an article's summary as somebody would paste it."""
    summary = record.summary
    assert summary is not None  # noqa: S101 - `is_supported`
    return "\n\n".join([summary.headline, summary.abstract, *(point.text for point in summary.key_points)]) + "\n"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a check says: how many findings, and of those not supported start, end, text and reason."""

    count: int
    doubted: list[tuple[int, int, str, str]]


def doubts(text: str, sources: Sources, folder: Path) -> Doubts:
    """Check a text as a file."""
    path = folder / "draft.txt"
    path.write_text(text, encoding="utf-8")
    found = check_draft(read_draft(path), sources).findings
    bad = [(one.start, one.end, one.text, one.reason) for one in found if one.outcome != "supported"]
    return Doubts(len(found), bad)


def report(tally: Tally, drafts: int, seconds: float) -> None:
    """Print the table, and with -v what was missed and what was doubted without reason."""
    if "-v" in sys.argv:
        print("\n".join([*tally.missed, "", "doubted in correct drafts:", *tally.alarms, ""]))
    print(f"{'planted':34}{'zh':>8}{'found':>8}{'en':>8}{'found':>8}{'share':>8}")
    for kind in dict.fromkeys(kind for kind, _ in tally.planted):
        counts = [(tally.planted[kind, language], tally.found[kind, language]) for language in ("zh", "en")]
        cells = "".join(f"{planted:>8}{found:>8}" for planted, found in counts)
        share = sum(found for _, found in counts) / sum(planted for planted, _ in counts)
        print(f"{kind:34}{cells}{share:>8.1%}")
    print(f"correct drafts: {drafts}, {tally.findings} findings, {len(tally.alarms)} false alarms")
    print(f"{sum(tally.planted.values()) + drafts} checks in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
