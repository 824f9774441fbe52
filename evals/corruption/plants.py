"""What is planted into an answer, what it may be planted into, and the choice of places."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evals.cases import Case
from evals.corruption.answers import Answer, Part, Path, dotted, edited, item_of, part_of, paths_to, value_at
from summarizer.records import Quantity
from summarizer.verify import ArticleText
from summarizer.verify.article_text import AMOUNT_KINDS

Spoil = Callable[[str], str]
Mutate = Callable[[str, random.Random], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One mistake that could be planted.

    `edits` change the answer's content; `spoil` its JSON text, `is_cut` its finish reason. `touched` are the items that no
    longer say what they said. `needs_place` says that the mistake is the place which proves the item: the same words
    proved from somewhere else are wrong.
    """

    where: Path
    was: str
    now: str
    edits: tuple[tuple[Path, Any], ...] = ()
    touched: frozenset[str] = frozenset()
    spoil: Spoil | None = None
    is_cut: bool = False
    needs_place: bool = False

    @property
    def part(self) -> Part:
        """What the mistake is made in."""
        return "answer" if self.spoil else part_of(item_of(self.where))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A change that was chosen, and the answer that it makes of the sound one."""

    kind: str
    case: str
    change: Change
    answer: Answer


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Material:
    """What mistakes are planted into: a case, its recorded answer, and which of its items stand verified in the record."""

    case: Case
    answer: Answer
    sound: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def text(self) -> ArticleText:
        """The article, prepared for looking up places."""
        return ArticleText.of(self.case.article)

    @cached_property
    def is_chinese(self) -> bool:
        """Whether mistakes are to be written in Chinese."""
        return self.case.article.language == "zh"

    @cached_property
    def amounts(self) -> list[Quantity]:
        """The amounts of the article's body, ordinals left out."""
        return [
            one
            for one in self.text.quantities
            if is_amount(one) and one.kind != "ordinal" and not self.text.is_furniture(one.start, one.end)
        ]

    def places(self, *patterns: str) -> Iterator[Path]:
        """Yield the places that the patterns name in items which stand verified."""
        return (path for path in paths_to(self.answer, *patterns) if item_of(path) in self.sound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of mistake. `find` returns everything that a case offers; of strict kinds nothing at all may pass."""

    name: str
    says: str
    find: Callable[[Material, random.Random], Iterable[Change]]
    is_strict: bool = False


def is_amount(quantity: Quantity) -> bool:
    """Return whether a quantity states how much."""
    return quantity.kind in AMOUNT_KINDS and quantity.value is not None


def words_as_written(text: ArticleText, quantity: Quantity) -> str:
    """Return an amount of the article with its qualifier, as a model would copy it."""
    start, end = quantity.start, quantity.end
    if quantity.qualifier_start is not None and quantity.qualifier_end is not None:
        start, end = min(start, quantity.qualifier_start), max(end, quantity.qualifier_end)
    return text.text[start:end]


def set_at(material: Material, path: Path, now: Any, *, needs_place: bool = False) -> Change:
    """Return the change of one place."""
    return Change(
        where=path,
        was=str(value_at(material.answer, path)),
        now=str(now),
        edits=((path, now),),
        touched=frozenset({item_of(path)}),
        needs_place=needs_place,
    )


def in_words(mutate: Mutate, *patterns: str) -> Callable[[Material, random.Random], Iterator[Change]]:
    """Return the `find` of a mistake that is made in words, wherever the patterns lead."""

    def find(material: Material, rng: random.Random) -> Iterator[Change]:
        for path in material.places(*patterns):
            words = value_at(material.answer, path)
            for now in mutate(words, rng):
                if now.strip() and now != words:
                    yield set_at(material, path, now)

    return find


def chosen(kind: Kind, material: Material, *, seed: str, most: int) -> list[Plant]:
    """Choose at most so many places for a kind in a case, in turn from figures, deals, terms and summary.

    The same seed chooses the same.
    """
    rng = random.Random(f"{seed}:{material.case.id}:{kind.name}")  # noqa: S311 - for repeating, not for secrets
    found: dict[str, list[Change]] = {}
    for change in kind.find(material, rng):
        found.setdefault(change.part, []).append(change)
    for part in sorted(found):
        rng.shuffle(found[part])
    queues = [found[part] for part in sorted(found)]
    picked: list[Change] = []
    while queues and len(picked) < most:
        picked += [queue.pop() for queue in queues][: most - len(picked)]
        queues = [queue for queue in queues if queue]
    return [
        Plant(kind=kind.name, case=material.case.id, change=one, answer=edited(material.answer, one.edits))
        for one in sorted(picked, key=lambda one: (dotted(one.where), one.now))
    ]
