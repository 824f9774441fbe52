"""Parts of a record as phrases of plain text, not yet escaped for any view."""

from __future__ import annotations

import json
import re
from typing import Any

from summarizer.records import Consideration, Item, KeyFigure, Party, Signatory
from summarizer.report.amounts import Language, render_amount
from summarizer.report.labels import code_word, word


def figure_value(figure: KeyFigure, language: Language) -> str | None:
    """Return a figure's value with unit, range and qualifier; None where it has no value."""
    return render_amount(figure.value, figure.unit, language, value_max=figure.value_max, qualifier=figure.qualifier)


def consideration_text(consideration: Consideration, language: Language) -> str:
    """Return a deal's sum as written and as read, once where the two look the same."""
    read = render_amount(
        consideration.value,
        consideration.unit,
        language,
        value_max=consideration.value_max,
        qualifier=consideration.qualifier,
    )
    return consideration.amount if read in (None, consideration.amount) else f"{consideration.amount} = {read}"


def party_text(party: Party, language: Language) -> str:
    """Return a party with its kind, its role where it has a special one, and its other names."""
    notes = [code_word("party_kind", party.kind, language)]
    if party.role and party.role != "party":
        notes.append(code_word("party_role", party.role, language))
    if party.aliases:
        names = ("、" if language == "zh" else ", ").join(party.aliases)
        notes.append(f"{word('aliases', language)}{'：' if language == 'zh' else ' '}{names}")
    return party.name + _bracketed(notes, language)


def person_text(person: Signatory, language: Language) -> str:
    """Return a person at the signing with organization, title and role."""
    notes = [note for note in (person.organization, person.title) if note]
    return person.name + _bracketed([*notes, code_word("signatory_role", person.role, language)], language)


def item_fields(item: Item) -> list[str]:
    """Return the fields of a profile's item, each as `name: words`, with the value where code read one that looks different.

    Fields that the article says nothing about are left out.
    """
    return [
        f"{field.name}: {field.text}" + (f" = {field.value}" if field.value not in (None, field.text) else "")
        for field in item.fields
        if field.text
    ]


def prose_place(where: str, language: Language) -> str:
    """Return where in the summary a number stands: `headline`, `abstract`, or `key_points.0`, counted from 1 for the reader."""
    part, _, index = where.partition(".")
    name = code_word("where", part, language)
    # Six digits: a longer run is nothing that a summary holds, and int() would refuse thousands of them.
    return f"{name} {int(index) + 1}" if re.fullmatch("[0-9]{1,6}", index, re.ASCII) else f"{name}{where[len(part) :]}"


def plain_value(value: Any) -> str:
    """Return a value of a rejected proposal, as it was proposed: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _bracketed(notes: list[str], language: Language) -> str:
    return f"（{'，'.join(notes)}）" if language == "zh" else f" ({', '.join(notes)})"
