"""`summarizer estimate`: what a run would ask and cost, before it is paid."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.cli.running import add_asking_options, settings_of
from summarizer.cli.saying import say

if TYPE_CHECKING:
    from summarizer.estimate import Estimate


def add_estimate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `estimate` to the commands."""
    estimate = commands.add_parser(
        "estimate",
        help="what a run would cost, before paying; sends nothing and needs no key",
        epilog="Expected: answers of usual length. Pessimistic: all the answers that may be paid, as long as the model allows.",
    )
    estimate.add_argument("paths", nargs="+", metavar="PATH", help="files, folders (recursive) or - for standard input")
    estimate.add_argument(
        "--out", type=Path, metavar="DIR", help="output folder of the run: what it has is not asked again"
    )
    add_asking_options(estimate)
    estimate.add_argument("--format", choices=("text", "json"), default="text", help="of the estimate (default: text)")
    estimate.set_defaults(call=_estimate)


def _estimate(options: argparse.Namespace) -> int:
    import asyncio

    from summarizer.batch.folder import CACHE_FOLDER
    from summarizer.estimate import estimate_run
    from summarizer.report.progress import shown_lines

    settings = settings_of(options)
    if settings.engine == "offline":
        say("the offline engine asks nobody and costs nothing")
        return 0
    out_cache = options.out / CACHE_FOLDER if options.out is not None else None
    cache_dir = (settings.cache_dir or out_cache) if settings.use_cache else None
    estimate = asyncio.run(estimate_run(settings, options.paths, cache_dir, lambda problem: say(shown_lines(problem))))
    if options.format == "json":
        print(json.dumps(_as_json(estimate), ensure_ascii=False, indent=2))
    else:
        print("\n".join(estimate_lines(estimate)))
    return 0


def estimate_lines(estimate: Estimate) -> list[str]:
    """Return the estimate for people."""
    from summarizer.estimate import ANSWERS_PER_ARTICLE, OUTPUT_TOKENS, OUTPUT_TOKENS_PER_AMOUNT
    from summarizer.prices import money

    total = estimate
    counts = [f"{total.articles - total.articles_answered - total.articles_unfit} to ask about"]
    counts += [f"{total.articles_in_parts} of them in parts"] if total.articles_in_parts else []
    counts += [f"{total.articles_answered} answered already"] if total.articles_answered else []
    counts += [f"{total.articles_unfit} that cannot be asked about"] if total.articles_unfit else []
    counts += [f"{total.inputs_not_read} more inputs cannot be read"] if total.inputs_not_read else []
    lines = [
        ("articles", f"{total.articles:,}: {', '.join(counts)}"),
        (
            "requests",
            f"{total.requests:,} to send, {total.requests_expected:,.1f} expected with follow-ups and summaries, "
            f"{total.requests_at_most:,} at most",
        ),
        ("input", f"{total.expected_input_tokens:,.0f} tokens expected"),
        (
            "output",
            f"{total.expected_output_tokens:,.0f} tokens expected, {total.most_output_tokens_an_answer:,} an answer at most",
        ),
        ("price", _price_words(total)),
    ]
    most = ""
    if total.expected_usd is not None and total.pessimistic_usd is not None:
        answers = "answer" if total.requests_at_most == 1 else "answers"
        worst = f"{total.requests_at_most:,} {answers}, each as long as it may be"
        lines += [("expected", money(total.expected_usd)), ("pessimistic", f"{money(total.pessimistic_usd)}: {worst}")]
        most = "" if total.most_usd_an_article is None else f": {money(total.most_usd_an_article)} for one article"
    lines += [
        (
            "limits",
            f"{total.attempts_at_most} attempts a request at most, {total.answers_at_most} paid answers an article "
            f"(in parts: each part, and the summary){most}",
        ),
        ("basis", "input estimated from the text, which providers count each in their own way; as measured on recorded"),
        ("", f"answers, {OUTPUT_TOKENS:,} tokens an answer and {OUTPUT_TOKENS_PER_AMOUNT} for each amount of the article, "
             f"{ANSWERS_PER_ARTICLE} requests an article with follow-ups;"),
        ("", "a model that reasons before it answers writes more"),
    ]  # fmt: skip
    return [f"{name:<12} {words}" for name, words in lines]


def _price_words(estimate: Estimate) -> str:
    price = estimate.price
    if price is None:
        return f"no price known for model {estimate.model!r}, so the cost is unknown; --prices FILE may name it"
    cached = "" if price.cached_input is None else f"${price.cached_input} of it cached, "
    words = f"{estimate.model}: ${price.input} in, {cached}${price.output} out, for a million tokens"
    if price.batch_factor is not None:
        words += f" (batch interface: times {price.batch_factor})"
    return words if price.looked_up is None else f"{words}; list price as found on {price.looked_up}"


def _as_json(estimate: Estimate) -> dict[str, Any]:
    from dataclasses import fields
    from decimal import Decimal

    values = {field.name: getattr(estimate, field.name) for field in fields(estimate)}
    shown = {name: float(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return shown | {"price": None if estimate.price is None else estimate.price.model_dump(mode="json")}
