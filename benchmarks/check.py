"""How many planted mistakes `summarizer check` finds in a draft, and how often it doubts a correct one.

    python -m benchmarks.check [-v]

The batch are the labelled articles of evals/cases with their recorded answers; drafts are the summaries of single
articles (headline, abstract, key points) whose every number has support. A draft as it stands must raise nothing; each
mistake is planted alone, and found where a finding beside its sentence says contradicted or unsupported that did not say
so before. The rules were made with some of these articles in sight, so that figures on others will be lower.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from summarizer.api import Summarizer
from summarizer.batch import hold_folder, run_batch
from summarizer.check import Sources, check_draft, read_draft, read_sources
from summarizer.quantities import same_unit, scan
from summarizer.records import ArticleRecord, Quantity
from summarizer.settings import Settings

ROOT = Path(__file__).parent.parent
# Of a kind at most so many a draft, so that no long article decides alone.
PER_DRAFT = 8
SEED = 7

_SCALES = (("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("billion", "million"), ("million", "billion"))
_BOUNDS = re.compile(
    r"(?:超过|约|近|逾|不低于|不超过|至少|超)(?=\d)|(?:about|more than|nearly|over|at least|up to|around) (?=[\d$€£])"
)
_STRANGERS = {"zh": "北辰智联集团", "en": "Northvale Holdings"}


@dataclass(frozen=True, slots=True)
class Plant:
    """A draft with one mistake: which kind, the text, and where the mistake stands."""

    kind: str
    text: str
    start: int
    end: int


def main() -> int:
    """Make the batch, check all drafts and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        sources = make_batch(out)
        records = [record for record in ArticleRecord.load_jsonl(out / "results.jsonl") if is_supported(record)]
        began = time.perf_counter()
        report(check_all(records, sources, Path(folder)), len(records), time.perf_counter() - began)
    return 0


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


def check_all(records: Sequence[ArticleRecord], sources: Sources, folder: Path) -> Tally:
    """Check each draft as it stands and with each plant."""
    tally = Tally(planted=Counter(), found=Counter(), findings=0, alarms=[], missed=[])
    for record in records:
        draft = draft_of(record)
        before = doubts(draft, sources, folder)
        tally.findings += before.count
        tally.alarms += [f"{record.article.id}: {text!r} {reason}" for _, _, text, reason in before.doubted]
        known = {(text, reason) for _, _, text, reason in before.doubted}
        for plant in plants(record, draft, records):
            key = (plant.kind, record.article.language)
            tally.planted[key] += 1
            after = doubts(plant.text, sources, folder).doubted
            sentence = sentence_around(plant.text, plant.start, plant.end)
            new = [one for one in after if (one[2], one[3]) not in known and overlaps(one[:2], sentence)]
            if new:
                tally.found[key] += 1
            else:
                shown = plant.text[sentence[0] : sentence[1]]
                tally.missed.append(
                    f"{record.article.id} {plant.kind}: {plant.text[plant.start : plant.end]!r} in {shown!r}"
                )
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


def plants(record: ArticleRecord, draft: str, records: Sequence[ArticleRecord]) -> Iterator[Plant]:
    """Yield drafts with one mistake each, at most `PER_DRAFT` of a kind; the same for the same batch."""
    chance = random.Random(f"{SEED} {record.article.id}")  # noqa: S311 - which mistakes are planted is no secret
    makers: dict[str, Callable[[], list[Plant]]] = {
        "wrong scale": lambda: _scales(draft),
        "changed digit": lambda: _digits(draft),
        "wrong year": lambda: _years(draft),
        "bound dropped": lambda: _bounds(draft),
        "another number of the article": lambda: _others(draft, record, "another number of the article"),
        "number of another article": lambda: _others(
            draft, next(one for one in [*records, *records][records.index(record) + 1 :]), "number of another article"
        ),
        "two numbers exchanged": lambda: _exchanged_numbers(draft),
        "another party named": lambda: _renamed(draft, record),
        "invented party": lambda: _invented(draft, record),
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


def _bounds(draft: str) -> list[Plant]:
    return [_replaced("bound dropped", draft, *match.span(), "") for match in _BOUNDS.finditer(draft)]


def _others(draft: str, source: ArticleRecord, kind: str) -> list[Plant]:
    """Put the amount of another figure, as its article writes it, in place of one of the draft's."""
    figures = [one for one in source.key_figures or () if one.verdict == "verified" and one.value is not None]
    own = {one.value for one in _amounts(draft)}
    found = []
    for quantity in _amounts(draft):
        for figure in figures:
            if figure.value not in own and same_unit(figure.unit, quantity.unit):
                found.append(_replaced(kind, draft, quantity.start, quantity.end, figure.amount))
                break
    return found


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


def _parties(record: ArticleRecord) -> list[str]:
    names = [party.name for deal in record.deals or () for party in deal.parties]
    names += [figure.entity for figure in record.key_figures or () if figure.entity]
    return list(dict.fromkeys(names))


def _renamed(draft: str, record: ArticleRecord) -> list[Plant]:
    """Name another party of the article in a sentence that does not name it, where a number follows its own party."""
    names = [name for name in _parties(record) if name in draft]
    found = []
    for name in names:
        for match in re.finditer(re.escape(name), draft):
            low, high = sentence_around(draft, *match.span())
            sentence = draft[low:high]
            if not any(low <= quantity.start < high for quantity in _amounts(draft)):
                continue
            other = next((one for one in names if one not in sentence and name not in one and one not in name), None)
            if other is not None:
                found.append(_replaced("another party named", draft, *match.span(), other))
    return found


def _invented(draft: str, record: ArticleRecord) -> list[Plant]:
    stranger = _STRANGERS["zh" if record.article.language == "zh" else "en"]
    names = {party.name for deal in record.deals or () for party in deal.parties}
    return [
        _replaced("invented party", draft, *match.span(), stranger)
        for name in sorted(names)
        for match in re.finditer(re.escape(name), draft)
    ]


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence, or line, in which a span stands."""
    low = max(text.rfind(mark, 0, start) for mark in "\n。；") + 1
    stops = [at for mark in "\n。；" if (at := text.find(mark, end)) >= 0]
    return low, min(stops, default=len(text))


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether two half-open spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


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
