"""Items of a user's own profile, verified like the built-in ones."""

from __future__ import annotations

from summarizer.profiles import Profile, ProfileItem, field_roles
from summarizer.proposals import Proposed
from summarizer.records import Item, ItemField, RejectedItem
from summarizer.verify.article_text import ArticleText
from summarizer.verify.dates import iso_date, stated_date, states_years_of
from summarizer.verify.evidence import judge_evidence
from summarizer.verify.figures import read_amount_at
from summarizer.verify.locate import locate, nearest, quote_around
from summarizer.verify.reasons import HARD, OF_LOCATING, ordered, verdict_of


def admit_items(
    article: ArticleText, profile: Profile, answer: Proposed
) -> tuple[tuple[Item, ...], list[RejectedItem]]:
    """Place and read every item of a profile's answer; refused ones come beside the admitted."""
    admitted: list[Item] = []
    rejected: list[RejectedItem] = []
    for kind in profile.item_models():
        for proposed in getattr(answer, kind):
            item = _admit(article, kind, proposed)
            (admitted if isinstance(item, Item) else rejected).append(item)  # type: ignore[arg-type]
    return tuple(admitted), rejected


def judge_item(article: ArticleText, item: Item) -> Item:
    """Derive a stored item's verdict anew: evidence and values must be what the article says at that place."""
    kept = {code for code in item.reasons if code in OF_LOCATING or code.endswith("_NOT_IN_ARTICLE")}
    reasons = kept | judge_evidence(article, item.evidence)
    for field in item.fields:
        if field.evidence and judge_evidence(article, field.evidence):
            reasons.add("FIELD_NOT_IN_ARTICLE")
        elif field.value is not None and field.value not in _readings(article, field):
            reasons.add("VALUE_MISMATCH")
    return item.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def _readings(article: ArticleText, field: ItemField) -> set[str | None]:
    """Return all values that a field's evidence can be read as: its date, its amount."""
    if not field.evidence:
        return set()
    evidence = field.evidence[0]
    amount, _ = read_amount_at(article, evidence.start, evidence.end)
    return {iso_date(evidence.quote, article.published_on), amount.quantity.value if amount else None}


def _admit(article: ArticleText, kind: str, proposed: ProfileItem) -> Item | RejectedItem:
    context = " ".join(str(value) for value in proposed.model_dump().values() if isinstance(value, str))
    place = locate(article, proposed.words, proposed.s, context)
    if place.reason in HARD:
        return RejectedItem(item={"part": kind, **proposed.model_dump()}, reasons=(place.reason or "",))
    reasons = {place.reason} if place.reason else set()
    fields = []
    for name, role in field_roles(type(proposed)).items():
        words = str(getattr(proposed, name)).strip()
        field, problem = _read(article, name, words, role, place.start)
        fields.append(field)
        if problem:
            reasons.add(problem)
    low, high = quote_around(article, place.start, place.end)
    evidence = article.evidence(min(low, place.start), max(high, place.end))
    return Item(
        kind=kind, fields=tuple(fields), evidence=(evidence,), verdict=verdict_of(reasons), reasons=ordered(reasons)
    )


def _read(article: ArticleText, name: str, words: str, role: str, at: int) -> tuple[ItemField, str | None]:
    """Read one field by its role; return it with the code of what is wrong with it."""
    plain = ItemField(name=name, text=words)
    if not words or role in ("class", "free"):
        return plain, None
    span = nearest(article, words, at)
    if span is None:
        return plain, "FIELD_NOT_IN_ARTICLE"
    evidence = (article.evidence(*span),)
    if role == "date":
        value, problem = stated_date(article, words, at)
        if value and not states_years_of(article, value):
            problem = "YEAR_NOT_IN_ARTICLE"
        return ItemField(name=name, text=words, value=value, evidence=evidence), problem
    if role == "amount":
        amount, problem = read_amount_at(article, *span)
        value = amount.quantity.value if amount else None
        text = amount.text if amount else words
        return ItemField(name=name, text=text, value=value, evidence=evidence), problem
    return ItemField(name=name, text=article.text[span[0] : span[1]], evidence=evidence), None
