"""All kinds of mistakes, in the order of the report."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from evals.corruption import facts, losses, words
from evals.corruption.answers import PROSE
from evals.corruption.plants import Change, Kind, Material, in_words

_AMOUNTS: Final = ("figures.*.amount", "deals.*.amount")
_TERMS: Final = "deals.*.terms.*.words"
_DATES: Final = ("figures.*.when", "deals.*.signed", "deals.*.effective")
_STATED: Final = (*_AMOUNTS, _TERMS, *PROSE)


def _paraphrased(material: Material, rng: random.Random) -> Iterator[Change]:
    yield from in_words(words.paraphrased, "figures.*.amount", "deals.*.words", _TERMS)(material, rng)
    yield from in_words(words.converted, "figures.*.amount")(material, rng)


def _planned_as_done(material: Material, rng: random.Random) -> Iterator[Change]:
    yield from facts.planned_as_done(material, rng)
    yield from in_words(words.told_as_done, *PROSE)(material, rng)


KINDS: Final = (
    Kind(
        name="digit",
        says="a digit of an amount or date changed",
        find=in_words(words.digit_changed, *_STATED, *_DATES),
        is_strict=True,
    ),
    Kind(
        name="scale_chinese",
        says="万 for 亿, or the other way round",
        find=in_words(words.chinese_scale_swapped, *_STATED),
        is_strict=True,
    ),
    Kind(
        name="scale_english",
        says="million for billion, or the other way round",
        find=in_words(words.english_scale_swapped, *_STATED),
        is_strict=True,
    ),
    Kind(name="currency", says="another currency", find=in_words(words.currency_swapped, *_STATED), is_strict=True),
    Kind(name="percent_point", says="% for 百分点", find=in_words(words.percent_for_points, *_STATED)),
    Kind(name="qualifier", says="约, more than left out", find=in_words(words.qualifier_dropped, *_STATED)),
    Kind(name="paraphrase", says="the quote in other words, or multiplied out", find=_paraphrased),
    Kind(name="number_cut", says="the quote cut inside a number", find=in_words(words.number_cut, *_AMOUNTS, _TERMS)),
    Kind(name="other_sentence", says="the quote of another sentence", find=facts.other_sentence),
    Kind(name="other_company", says="the figure of another company", find=facts.other_company),
    Kind(name="invented_figure", says="figure and quote invented", find=facts.invented_figure, is_strict=True),
    Kind(name="invented_year", says="a year that nobody states", find=facts.invented_year, is_strict=True),
    Kind(name="party_swapped", says="another organisation as party", find=facts.party_swapped),
    Kind(name="party_added", says="a party too many", find=facts.party_added),
    Kind(name="sides_swapped", says="buyer and seller, bound and favoured exchanged", find=facts.sides_swapped),
    Kind(name="planned_as_done", says="a plan told as done", find=_planned_as_done),
    Kind(name="deal_amount", says="the sum of another deal", find=facts.deal_amount_swapped),
    Kind(name="furniture", says="page furniture taken for news", find=facts.from_furniture),
    Kind(name="injection", says="an injected instruction obeyed", find=facts.injection_obeyed),
    Kind(name="dropped", says="items left out", find=losses.items_dropped),
    Kind(name="malformed", says="JSON that does not parse or fit", find=losses.malformed),
    Kind(name="truncated", says="JSON cut in the middle", find=losses.truncated),
)
