"""The names that the records know, and where a text uses them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from summarizer.check.sources import Source, Sources
from summarizer.quantities.folding import fold
from summarizer.quantities.wordlists import words
from summarizer.verify.names import TOGETHER, called

# What a company or an office is called without; cut from the end, once each.
_LEGAL: Final = (
    "股份有限公司", "有限责任公司", "有限責任公司", "集团有限公司", "集團有限公司", "有限公司", "控股有限公司",
    "集团", "集團", "公司", "人民政府", "市政府", "政府",
)  # fmt: skip
_LEGAL_LATIN = re.compile(
    r",?\s+(?:Inc|Corporation|Corp|Company|Co|Ltd|Limited|LLC|PLC|plc|Plc|N\.?V|A/S|AS|AG|KK|SA|S\.?A|S\.?L|GmbH|Pte|Holdings?|Group)"
    r"\.?(?:,?\s+(?:Ltd|Limited|N\.A)\.?)?$"
)
_PLACE = re.compile(r"\([^()]{1,6}\)")
_PROVINCE = re.compile(r"^[\u3400-\u9fff]{2,3}省(?=[\u3400-\u9fff]{3})")
_LATIN_LETTER = re.compile(r"[A-Za-z0-9]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DESCRIBED = re.compile(r"^(?:各|全|本|该|該|双|兩|两|新|国内|國內|我国)|[人方者户]$")
# Said of whoever is meant, not names.
_ANYBODY: Final = TOGETHER | frozenset(
    words(
        "公司 集团 集團 本公司 目标公司 目標公司 合营公司 合資公司 合资公司 采购人 中标人 招标人 投标人 项目 项目公司 "
        "甲方 乙方 管委会 政府 市政府 全国 我国 国内 全球 中国 企业 股东 銀行 银行 大会 园区 科技 中标 数据 医疗 平台 "
        "company group China Bank Group The Company Port Rail Corp Grid Capital Fund"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One bearer of names in the records. `kind` is `party`, `person` or `thing` (what a figure is of)."""

    number: int
    forms: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place of a text that uses a known name; several bearers may have it (Halvorsen)."""

    start: int
    end: int
    names: tuple[Name, ...]

    @property
    def is_party(self) -> bool:
        """Whether a bearer of the name takes part in a deal, or somebody signs for it."""
        return any(name.kind == "party" for name in self.names)

    @property
    def is_person(self) -> bool:
        """Whether only persons bear the name."""
        return all(name.kind == "person" for name in self.names)


class KnownNames:
    """All names of the records, to be found in drafts and articles."""

    def __init__(self, sources: Sources) -> None:
        bearers: list[tuple[str, list[str]]] = []
        by_form: dict[str, int] = {}
        for source in sources.articles:
            for kind, forms in _named_in(source):
                number = next(
                    (by_form[form] for form in forms if form in by_form and bearers[by_form[form]][0] == kind), None
                )
                if number is None or kind == "person":
                    number = len(bearers)
                    bearers.append((kind, []))
                for form in forms:
                    by_form.setdefault(form, number)
                    if form not in bearers[number][1]:
                        bearers[number][1].append(form)
        self.names = [
            Name(number=number, forms=tuple(forms), kind=kind) for number, (kind, forms) in enumerate(bearers)
        ]
        spelled: dict[str, list[Name]] = defaultdict(list)
        for name in self.names:
            for form in _spellings(name.forms):
                spelled[form].append(name)
        self._buckets: dict[str, list[tuple[str, tuple[Name, ...]]]] = defaultdict(list)
        for form in sorted(spelled, key=lambda one: (-len(one), one)):
            self._buckets[form[:2]].append((form, _strongest(spelled[form])))

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """Return the known names that text[start:end] uses, the longest at each place, in order."""
        end = len(text) if end is None else end
        folded = fold(text[start:end])
        found, at = [], 0
        while at < len(folded) - 1:
            hit = next(
                (
                    (form, names)
                    for form, names in self._buckets.get(folded[at : at + 2], ())
                    if folded.startswith(form, at) and _stands_alone(folded, at, at + len(form))
                ),
                None,
            )
            if hit is None:
                at += 1
                continue
            found.append(Mention(start=start + at, end=start + at + len(hit[0]), names=hit[1]))
            at += len(hit[0])
        return found


def are_related(some: Iterable[Name], others: Iterable[Name], *, is_strict: bool = False) -> bool:
    """Return whether a bearer of the one may be a bearer of the other, or belong to it: 京东 and 京东科技.

    Names that only begin alike count too (岭济医疗集团 and 岭济第一医院), unless `is_strict`: so do all offices of one town.
    """
    theirs = [form for name in others for form in name.forms]
    return any(_is_kin(form, other, is_strict) for name in some for form in name.forms for other in theirs)


def _is_kin(one: str, other: str, is_strict: bool) -> bool:
    short, long = sorted((one, other), key=len)
    if short in long or is_strict:
        return short in long
    if _HAN.match(one) and _HAN.match(other):
        return one[:2] == other[:2]
    first, second = (name.split(maxsplit=1)[0].strip(",.").removesuffix("'s") for name in (one, other))
    return first == second


def _strongest(names: Sequence[Name]) -> tuple[Name, ...]:
    """Return the bearers of a form; what is a party's name too is not counted as that of a thing."""
    parties = [name for name in names if name.kind == "party"]
    return tuple(parties or names)


def _named_in(source: Source) -> Iterator[tuple[str, list[str]]]:
    for deal in source.deals:
        for party in deal.parties:
            yield "party", _kept([party.name, *party.aliases, *(one for one in called(party.name) if one.isascii())])
        for person in deal.signatories:
            if person.organization:
                yield "party", _kept([person.organization])
            yield "person", _kept([person.name])
    for figure in source.figures.values():
        if figure.entity and figure.entity in source.text and _is_proper(figure.entity):
            yield "thing", _kept([figure.entity])


def _kept(forms: Iterable[str]) -> list[str]:
    return [form for form in dict.fromkeys(fold(one) for one in forms) if len(form) >= 2 and form not in _ANYBODY]


def _is_proper(entity: str) -> bool:
    """Return whether an entity is named rather than described: short in Chinese, capitalised in English."""
    if _DESCRIBED.search(entity):
        return False
    return len(entity) <= 16 if _HAN.search(entity) else entity[:1].isupper()


def _spellings(forms: Sequence[str]) -> set[str]:
    """Return the forms together with what is left of them without legal form, place or province."""
    found = set(forms)
    for form in forms:
        bare = _PROVINCE.sub("", form)
        for one in (form, bare, _PLACE.sub("", form)):
            found.add(one)
            found.add(_LEGAL_LATIN.sub("", one))
            for ending in _LEGAL:
                if one.endswith(ending) and len(one) - len(ending) >= 2:
                    found.add(one.removesuffix(ending))
            if one.endswith("市人民政府"):
                found |= {one.replace("人民政府", "政府"), one.removesuffix("人民政府")}
            elif one.endswith("市政府"):
                found |= {one.removesuffix("政府"), one.replace("政府", "人民政府")}
    return {form for form in found if len(form) >= 2 and form not in _ANYBODY}


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a Latin name is not the piece of a longer word."""
    before = start > 0 and _LATIN_LETTER.match(text[start]) and text[start - 1].isascii() and text[start - 1].isalnum()
    after = end < len(text) and _LATIN_LETTER.match(text[end - 1]) and text[end].isascii() and text[end].isalnum()
    return not before and not after


def places_of(source: Source, names: Iterable[Name]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the body that use any form of the names."""
    folded = source.folded
    for form in {form for name in names for form in _spellings(name.forms)}:
        at = folded.find(form)
        while at >= 0:
            if _stands_alone(folded, at, at + len(form)) and not source.article.is_furniture(at, at + len(form)):
                yield at, at + len(form)
            at = folded.find(form, at + 1)
