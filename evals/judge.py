"""The optional judge: a model that reads each summary and says which of the labelled statements it makes.

The labels know a statement by regular expressions, the judge by reading. Where the two differ, a pattern is too narrow or
too wide, or the judge is too lenient or too strict: a person looks. So it is advisory, and no gate or floor reads it. Its
judgements are recorded and replayed as all answers are, in a folder of their own.

The judge is shown neither patterns nor which statements are facts and which are mistakes. The wording of a mistake may
still give it away ("a guessed year"); that is why the agreement is given by kind too.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, create_model, model_validator

from evals.cases import Case
from evals.outcomes import CaseResult, EvalRun, FactMatch
from evals.running import Asking, settings_of
from summarizer.api import open_wire
from summarizer.engines.prompting import Message, article_message, number_sentences
from summarizer.engines.session import Session
from summarizer.errors import ReplayMissError, RunStoppedError, SummarizerError, UsageError
from summarizer.proposals import Proposed
from summarizer.report.characters import one_line
from summarizer.templates import Prompts, built_in_prompts, load_prompts
from summarizer.wire.exchange import Exchange

if TYPE_CHECKING:
    from summarizer.engines.llm import ModelClient

_PROMPTS_DIR: Final = Path(__file__).parent / "judging"
# What a label adds about the article would answer the judge's second question.
_NOTE: Final = re.compile(r"\s*[（(](?:文中|原文|the article)[^（）()]*[）)]")


class Verdict(Proposed):
    """What the judge says of one statement."""

    n: int = Field(description="number of the statement")
    stated: Literal["yes", "no"] = Field(description="whether headline or abstract state it")
    supported: Literal["yes", "no"] = Field(description="whether the article bears it out")


class Judgement(Proposed):
    """Verdicts on all statements, in the order of their numbers."""

    verdicts: list[Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A labelled statement with what the patterns found (`row.is_hit`) and what the judge says of it."""

    case: str
    row: FactMatch
    is_stated: bool
    is_supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the judge said of a run's summaries.

    `missing` are the cases without a recorded judgement; `failed` says by case why an answer could not be used; `used`
    are the exchanges that were read.
    """

    model: str
    opinions: tuple[Opinion, ...]
    missing: tuple[str, ...]
    failed: Mapping[str, str]
    used: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How many statements are made by both labels and judge, by one of them only, or by neither."""

    both: int
    labels_only: int
    judge_only: int
    neither: int

    @classmethod
    def of(cls, opinions: Iterable[Opinion]) -> Confusion:
        """Count the opinions."""
        found = [(opinion.row.is_hit, opinion.is_stated) for opinion in opinions]
        return cls(
            both=found.count((True, True)),
            labels_only=found.count((True, False)),
            judge_only=found.count((False, True)),
            neither=found.count((False, False)),
        )

    @property
    def total(self) -> int:
        """How many statements were judged."""
        return self.both + self.labels_only + self.judge_only + self.neither

    @property
    def agreed(self) -> int:
        """On how many labels and judge agree."""
        return self.both + self.neither

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: the agreement beyond chance; None where both always say the same one thing, or nothing."""
        labels, judge = self.both + self.labels_only, self.both + self.judge_only
        by_chance = labels * judge + (self.total - labels) * (self.total - judge)
        squared = self.total**2
        return None if by_chance == squared else (self.agreed * self.total - by_chance) / (squared - by_chance)


def judge_run(cases: Sequence[Case], run: EvalRun, asking: Asking) -> Judged:
    """Judge the summaries of a run, one request a case, the whole article in it; a case without a summary is left out.

    A `replay` reads judgements only. `record` asks for what is missing or cannot be used, and writes into the folder.

    Raises:
        SettingsError: a setting cannot be used.
        RunStoppedError: the provider refuses or is unreachable; what was answered before is recorded.
    """
    articles = {case.id: case for case in cases}
    todo = [(articles[one.case], one) for one in run.cases if one.facts and (one.record or {}).get("summary")]
    return asyncio.run(_judge(todo, asking))


def summary_line(judged: Judged) -> str | None:
    """Return the one line that stands beside a run; None where nothing of it was judged."""
    if not judged.opinions:
        return None
    confusion = Confusion.of(judged.opinions)
    left_out = len(judged.missing) + len(judged.failed)
    rest = f"; {left_out} cases without a judgement" if left_out else ""
    return (
        f"judge agrees with the labels on {confusion.agreed} of {confusion.total} statements "
        f"(kappa {_kappa(confusion)}), advisory{rest}"
    )


def report_lines(judged: Judged) -> list[str]:
    """Return the confusion matrix by kind of statement, and each statement on which labels and judge differ."""
    lines = [f"judge {judged.model} against the labels' patterns: statements that the summaries make, by"]
    lines.append(
        f"{'':16}{'both':>8}{'labels only':>13}{'judge only':>12}{'neither':>9}{'agreement':>13}{'Cohen kappa':>13}"
    )
    for kind in ("must_mention", "must_not_claim", "all"):
        one = Confusion.of(opinion for opinion in judged.opinions if kind in (opinion.row.kind, "all"))
        counts = f"{one.both:>8}{one.labels_only:>13}{one.judge_only:>12}{one.neither:>9}"
        lines.append(f"{kind:16}{counts}{f'{one.agreed} of {one.total}':>13}{_kappa(one):>13}")
    lines.append(f"the article supports, says the judge, {_supported(judged)}")
    in_order = sorted(judged.opinions, key=lambda opinion: (opinion.case, opinion.row.kind))
    differing = [line for opinion in in_order for line in _differences(opinion)]
    if differing:
        lines.append("to look at, for a pattern or label is wrong, or the judge is too lenient or too strict:")
    return [*lines, *map(one_line, differing), "advisory: no gate and no floor reads this"]


def _supported(judged: Judged) -> str:
    counts = []
    for kind, name in (("must_mention", "facts"), ("must_not_claim", "tempting mistakes")):
        said = [opinion.is_supported for opinion in judged.opinions if opinion.row.kind == kind]
        counts.append(f"{sum(said)} of {len(said)} {name}")
    return " and ".join(counts)


def _differences(opinion: Opinion) -> list[str]:
    what = f"{opinion.case}: {opinion.row.kind} {opinion.row.text!r}"
    lines = []
    if opinion.is_stated != opinion.row.is_hit:
        one, other = ("judge finds", "labels do") if opinion.is_stated else ("labels find", "judge does")
        lines.append(f"{what}: the {one} it in the summary, the {other} not")
    if opinion.is_supported != (opinion.row.kind == "must_mention"):
        lines.append(
            f"{what}: the judge finds {'it supported by' if opinion.is_supported else 'no support in'} the article"
        )
    return lines


def _kappa(confusion: Confusion) -> str:
    # The 0.0 turns a rounded -0.0 into 0.0.
    return "-" if confusion.kappa is None else f"{round(confusion.kappa, 2) + 0.0:.2f}"


async def _judge(todo: Sequence[tuple[Case, CaseResult]], asking: Asking) -> Judged:
    # The model client takes a second to import, which nobody without judgements need wait for.
    from summarizer.engines.llm import ModelClient

    prompts = _prompts()
    places = asyncio.Semaphore(asking.concurrency)
    async with AsyncExitStack() as stack:
        clients: list[ModelClient] = []
        for source in _sources(asking):
            settings = settings_of(source)
            clients.append(ModelClient(settings, open_wire(settings, None), prompts))
            stack.push_async_callback(clients[-1].aclose)

        async def ask(case: Case, result: CaseResult) -> tuple[Judgement | SummarizerError, Session]:
            async with places:
                return await _ask(clients, _messages(case, result, prompts), len(result.facts))

        tasks = [asyncio.ensure_future(ask(case, result)) for case, result in todo]
        try:
            answers = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    opinions: list[Opinion] = []
    missing, failed = [], {}
    for (case, result), (answer, _) in zip(todo, answers, strict=True):
        if isinstance(answer, Judgement):
            opinions += _opinions(result, answer)
        elif isinstance(answer, ReplayMissError):
            missing.append(case.id)
        else:
            failed[case.id] = f"{answer.kind}: {str(answer).splitlines()[0]}"
    used = tuple(reply.exchange for _, session in answers for reply in session.replies)
    return Judged(model=asking.model, opinions=tuple(opinions), missing=tuple(missing), failed=failed, used=used)


def _sources(asking: Asking) -> list[Asking]:
    """Return whom to ask in turn: what is recorded, if anything is, then the network if that is wanted."""
    has_recordings = asking.folder is not None and any(asking.folder.glob("*.json"))
    sources = [replace(asking, source="replay")] if has_recordings else []
    return sources if asking.source == "replay" else [*sources, asking]


async def _ask(
    clients: Sequence[ModelClient], messages: tuple[Message, Message], count: int
) -> tuple[Judgement | SummarizerError, Session]:
    """Return the first judgement that can be used, else the last client's error."""
    error: SummarizerError = ReplayMissError("nothing is recorded")
    session = Session()
    for client in clients:
        session = Session()
        try:
            answer = await client.answer(*messages, _judgement_on(count), session)
        except (RunStoppedError, UsageError):
            raise
        except SummarizerError as raised:
            error = raised
        else:
            return Judgement.model_validate(answer.model_dump()), session
    return error, session


@cache
def _judgement_on(count: int) -> type[Judgement]:
    """Return the schema that takes one verdict for each of so many statements; what is sent does not show the number."""

    def check(judgement: Judgement) -> Judgement:
        if sorted(verdict.n for verdict in judgement.verdicts) != list(range(1, count + 1)):
            raise ValueError(f"one verdict for each of the numbers 1 to {count} is wanted")
        return judgement

    validators: dict[str, Any] = {"check": model_validator(mode="after")(check)}
    return create_model("Judgement", __base__=Judgement, __doc__=Judgement.__doc__, __validators__=validators)


def _opinions(result: CaseResult, judgement: Judgement) -> list[Opinion]:
    verdicts = {verdict.n: verdict for verdict in judgement.verdicts}
    return [
        Opinion(
            case=result.case,
            row=row,
            is_stated=verdicts[number].stated == "yes",
            is_supported=verdicts[number].supported == "yes",
        )
        for number, row in enumerate(_shuffled(result), start=1)
    ]


def _shuffled(result: CaseResult) -> list[FactMatch]:
    """Mix facts and mistakes in an order that stays the same on every machine, whatever the order of the labels."""
    return sorted(result.facts, key=lambda row: hashlib.sha256(f"{result.case}\n{row.text}".encode()).digest())


def _messages(case: Case, result: CaseResult, prompts: Prompts) -> tuple[Message, Message]:
    told = (result.record or {})["summary"]
    summary = "\n".join(f"{name}: {' '.join(told[name].split())}" for name in ("headline", "abstract"))
    statements = "\n".join(
        f"{number}. {' '.join(_NOTE.sub('', row.text).split())}"
        for number, row in enumerate(_shuffled(result), start=1)
    )
    values = {"summary": _enclosed("summary", summary), "statements": _enclosed("statements", statements)}
    sentences = number_sentences(case.article, range(1, len(case.article.sentences) + 1))
    message = article_message(prompts, "judged", case.article, sentences, values)
    return Message("system", prompts["judge"].render({})), message


def _enclosed(name: str, text: str) -> str:
    # No text can hold digits of its own hash that its writer could have foreseen.
    tag = f"{name}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return f"<{tag}>\n{text}\n</{tag}>"


@cache
def _prompts() -> Prompts:
    """Return the judge's templates, with the program's own for asking again."""
    own = load_prompts(_PROMPTS_DIR)
    return Prompts(own.folder, {**built_in_prompts().templates, **own.templates})
