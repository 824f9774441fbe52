"""How much of what is true the admission check lets through, and how much of what is false.

    python -m benchmarks.admission

True claims are made from the gold labels in evals/cases; false ones from those by systematic mutation. A claim is a
stored figure or deal as a record holds it, judged as `summarizer verify` judges it, beside the article's other true
figures: whatever the claim says, only what the article says counts. Where a label counts two statuses as right (a sum
agreed and not yet paid), either may be admitted. "Admitted" means verdict `verified`; what comes out
as `review` or `rejected` is marked, and so not admitted.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from summarizer.articles import Article, read_inputs
from summarizer.quantities import same_unit
from summarizer.records import Consideration, Deal, Evidence, KeyFigure, Party, Signatory
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText
from summarizer.verify.deals import judge_deals
from summarizer.verify.figures import Amount, amount_at, judge_figures
from summarizer.verify.locate import in_body

CASES = Path(__file__).parent.parent / "evals" / "cases"
# Nothing of these may ever be admitted.
NEVER = ("value", "scale", "digit", "currency", "year")
# The weakest point, shown by itself: the goal for false claims was set for the other kinds.
OWNER = "entity: another of the article"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim about one article; `kind` names how it was mutated, "true" where it was not."""

    case: str
    language: str
    kind: str
    item: KeyFigure | Deal
    # Where the label counts several answers as right: the same item with another status.
    or_item: KeyFigure | None = None
    # The other figures, or deals, of the record in which the item is claimed.
    beside: tuple[KeyFigure | Deal, ...] = ()


@dataclass(slots=True)
class Tally:
    """Claims made and admitted by kind and language, and a line for each that went the wrong way."""

    claims: Counter[tuple[str, str]] = field(default_factory=Counter)
    admitted: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)

    def share(self, *, of_true: bool) -> float:
        """Return the admitted part of all true or all false claims, those of `OWNER` left aside."""
        kinds = [key for key in self.claims if key[0].startswith("true") is of_true and key[0] != OWNER]
        return sum(self.admitted[key] for key in kinds) / sum(self.claims[key] for key in kinds)

    @property
    def never(self) -> int:
        """How many claims are admitted of which none may be: digits, scales, currencies, years."""
        return sum(number for (kind, _), number in self.admitted.items() if kind.split(":")[0] in NEVER)


def main() -> int:
    """Judge all claims and print the table; 1 if a goal is missed."""
    tally = judge_all()
    if "-v" in sys.argv:
        print("\n".join([*tally.missed, "", *tally.leaked]))
    report(tally)
    return 0 if tally.share(of_true=True) >= 0.99 and tally.share(of_true=False) <= 0.01 and not tally.never else 1


def judge_all() -> Tally:
    """Make all claims and judge them; about a second."""
    tally = Tally()
    for article, gold in cases():
        text = ArticleText.of(article)
        for claim in [*figure_claims(article, text, gold), *deal_claims(article, text, gold)]:
            tally.claims[claim.kind, claim.language] += 1
            judged = judge(text, claim)
            if judged.verdict != "verified" and claim.or_item is not None:
                judged = judge(text, replace(claim, item=claim.or_item))
            if judged.verdict == "verified":
                tally.admitted[claim.kind, claim.language] += 1
                if not claim.kind.startswith("true"):
                    tally.leaked.append(f"{claim.case} {claim.kind}: {describe(claim.item)}")
            elif claim.kind.startswith("true"):
                tally.missed.append(f"{claim.case} {', '.join(judged.reasons)}: {describe(claim.item)}")
        unread = unreadable(article, text, gold)
        tally.claims["true figure", article.language] += len(unread)
        tally.missed += [f"{article.id} not read: {quote}" for quote in unread]
    return tally


def report(tally: Tally) -> None:
    """Print claims and admissions by kind and language."""
    kinds = sorted({kind for kind, _ in tally.claims}, key=lambda kind: (not kind.startswith("true"), kind))
    print(f"{'kind':42} {'zh claims':>10} {'admitted':>9} {'en claims':>10} {'admitted':>9} {'share':>8}")
    for kind in kinds:
        counts = [(tally.claims[kind, lang], tally.admitted[kind, lang]) for lang in ("zh", "en")]
        cells = "".join(f"{claims:>11} {admitted:>9}" for claims, admitted in counts)
        share = sum(admitted for _, admitted in counts) / sum(claims for claims, _ in counts)
        print(f"{kind:41} {cells} {share:>8.2%}")
    print(f"{OWNER!r} is not counted in these:")
    print(f"true claims admitted   {tally.share(of_true=True):.2%} (goal 99 %)")
    print(f"false claims admitted  {tally.share(of_true=False):.2%} (goal at most 1 %)")
    print(f"of these digits, scales, currencies, years: {tally.never} (goal 0)")


def cases() -> Iterator[tuple[Article, dict[str, Any]]]:
    """Read the labelled articles with their labels."""
    for source in read_inputs([str(path) for path in sorted((CASES / "articles").iterdir())]):
        if not isinstance(source, Article):
            raise SystemExit(source.message)
        yield source, json.loads((CASES / "gold" / f"{source.id}.json").read_text(encoding="utf-8"))


def judge(text: ArticleText, claim: Claim) -> KeyFigure | Deal:
    """Give an item its verdict by its article and beside the record's other items."""
    item: KeyFigure | Deal = claim.item
    if isinstance(item, Deal):
        return judge_deals(text, [item, *(one for one in claim.beside if isinstance(one, Deal))])[0]
    # The nearest are enough to tell whose amount it is; a hundred figures of a long article cost a minute.
    at = item.evidence[0].start
    near = sorted(claim.beside, key=lambda one: abs(one.evidence[0].start - at))[:24]
    return judge_figures(text, [item, *(one for one in near if isinstance(one, KeyFigure))])[0]


def describe(item: KeyFigure | Deal) -> str:
    """Return a line that tells items apart."""
    if isinstance(item, Deal):
        money = item.consideration.amount if item.consideration else None
        return f"{item.name} | {item.status} {item.signed_on} {item.place} {money} {[party.name for party in item.parties]}"
    quote = item.evidence[0].quote if item.evidence else ""
    return f"{item.name} | {item.entity} | {item.amount} = {item.value} {item.unit} {item.qualifier} {item.status} | {quote}"


def evidence_of(article: Article, text: ArticleText, label: dict[str, Any]) -> Evidence | None:
    """Return where a label's quote stands in the canonical text."""
    start, end = int(label.get("start") or 0), int(label.get("end") or 0)
    if end and article.source_map is not None:
        start, end = article.source_map.to_canonical(start, end)
    if article.text[start:end] != label["quote"]:
        spans = in_body(text, label["quote"])
        if not spans:
            return None
        start, end = spans[0]
    return text.evidence(start, end)


def labelled_amount(text: ArticleText, evidence: Evidence, label: dict[str, Any]) -> Amount | None:
    """Return the amount within the quote that reads as the label says, None where there is none."""
    units = [label["unit"], *(label.get("unit_accept") or [])]
    qualifiers = [label["qualifier"], *(label.get("qualifier_accept") or [])]
    for quantity in text.quantities_in(evidence.start, evidence.end):
        if quantity.kind not in AMOUNT_KINDS or quantity.value is None:
            continue
        amount = amount_at(text, quantity)
        values = {Decimal(value) for value in (label.get("value_accept") or []) if value} | {Decimal(label["value"])}
        # 几十万: the label has the lower end only.
        is_range = quantity.value_max is not None and not quantity.is_vague
        is_value = Decimal(quantity.value) in values and is_range == (label["value_max"] is not None)
        if is_value and label["value_max"] is not None:
            is_value = Decimal(quantity.value_max or 0) == Decimal(label["value_max"])
        is_unit = any(same_unit(amount.unit, unit or None) for unit in units)
        if (
            is_value
            and is_unit
            and (quantity.is_vague or quantity.qualifier in qualifiers)
            and amount.end <= evidence.end
        ):
            return amount
    return None


def true_figures(article: Article, text: ArticleText, gold: dict[str, Any]) -> list[tuple[dict[str, Any], KeyFigure]]:
    """Return the labels that the scanner reads as figures of a record."""
    figures = []
    for label in gold["key_figures"]:
        evidence = evidence_of(article, text, label)
        amount = labelled_amount(text, evidence, label) if evidence else None
        if evidence is None or amount is None:
            continue
        low, high = min(evidence.start, amount.start), max(evidence.end, amount.end)
        figure = KeyFigure(
            name=label["name"],
            entity=label["entity"],
            amount=amount.text,
            value=amount.quantity.value,
            value_max=amount.quantity.value_max,
            unit=amount.unit,
            qualifier=amount.quantity.qualifier,
            period=label["period"],
            status=label["status"],
            evidence=(text.evidence(low, high),),
            verdict="verified",
        )
        figures.append((label, figure))
    return figures


def unreadable(article: Article, text: ArticleText, gold: dict[str, Any]) -> list[str]:
    """Return the quotes of labels that no quantity of the scanner expresses."""
    read = {id(label) for label, _ in true_figures(article, text, gold)}
    return [
        f"{label['value']} {label['unit']} | {label['quote']}" for label in gold["key_figures"] if id(label) not in read
    ]


def figure_claims(article: Article, text: ArticleText, gold: dict[str, Any]) -> Iterator[Claim]:
    """Yield the true figures of an article and every false one made from them."""
    figures = true_figures(article, text, gold)
    for index, (label, figure) in enumerate(figures):
        beside = tuple(other for number, (_, other) in enumerate(figures) if number != index)
        claim = partial(Claim, article.id, article.language, beside=beside)
        other_status = next((one for one in label.get("status_accept") or () if one != figure.status), None)
        fair = figure.model_copy(update={"status": other_status}) if other_status else None
        yield claim("true figure", figure, or_item=fair)
        for kind, changes in figure_mutations(text, label, figure):
            yield claim(kind, figure.model_copy(update=changes))
        owner = next(
            (other.entity for _, other in figures[index:] + figures[:index] if is_stranger(figure, other)), None
        )
        if owner is not None:
            yield claim(OWNER, figure.model_copy(update={"entity": owner}))
        for step in (1, 7):
            other_label, other = figures[(index + step) % len(figures)]
            is_other = (other.value, other.unit) != (figure.value, figure.unit) and other.name != figure.name
            if not is_other or is_fair_name(label, other):
                continue
            yield claim("other: amount and quote of another figure", moved(figure, other))
            if figure.amount not in other.evidence[0].quote:
                yield claim("other: quote of another figure", figure.model_copy(update={"evidence": other.evidence}))
            if not is_fair_name(other_label, figure):
                exchanged = tuple(moved(other, figure) if one is other else one for one in beside)
                yield replace(claim("other: two figures exchanged", moved(figure, other)), beside=exchanged)


def moved(figure: KeyFigure, other: KeyFigure) -> KeyFigure:
    """Return a figure under its own name and entity with all that the other one states."""
    taken = ("amount", "value", "value_max", "unit", "qualifier", "evidence", "status", "period")
    return figure.model_copy(update={name: getattr(other, name) for name in taken})


def is_stranger(figure: KeyFigure, other: KeyFigure) -> bool:
    """Return whether two figures are about others, whose names share no word and no pair of Chinese characters."""
    names = [(one.entity or "").casefold() for one in (figure, other)]
    mine, theirs = (
        {*re.findall(r"[a-z0-9]{3,}", name), *(name[at : at + 2] for at in range(len(name) - 1) if name[at] > "\u2e80")}
        for name in names
    )
    return all(names) and not mine & theirs


def is_fair_name(label: dict[str, Any], other: KeyFigure) -> bool:
    """Return whether the label's own patterns accept the name of the other figure: then the claim may be true."""
    return any(re.search(pattern, other.name) for pattern in label.get("name_accept") or [])


def figure_mutations(
    text: ArticleText, label: dict[str, Any], figure: KeyFigure
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is changed in a figure to make it false."""
    value = Decimal(figure.value or "0")
    if value:
        yield "value: times ten", {"value": plain(value * 10)}
        yield "scale: times ten thousand", {"value": plain(value * 10_000)}
    yield "value: negative", {"value": plain(-value if value else Decimal(-1))}
    if figure.value_max is not None:
        yield "value: range end changed", {"value_max": plain(Decimal(figure.value_max) * 2)}
        yield "value: range end dropped", {"value_max": None, "qualifier": "exact"}
    for kind, amount in amount_mutations(figure.amount):
        changed = {"amount": amount}
        yield f"{kind}, in the amount", changed
        quote = figure.evidence[0].quote.replace(figure.amount, amount, 1)
        yield (
            f"{kind}, in amount and quote",
            changed | {"evidence": (figure.evidence[0].model_copy(update={"quote": quote}),)},
        )
    if figure.unit and re.fullmatch("[A-Z]{3}", figure.unit):
        yield "currency: another", {"unit": "USD" if figure.unit != "USD" else "CNY"}
    elif figure.unit == "%":
        yield "unit: 百分点 for %", {"unit": "百分点"}
    elif figure.unit == "百分点":
        yield "unit: % for 百分点", {"unit": "%"}
    else:
        yield "unit: another", {"unit": "亩" if figure.unit != "亩" else "吨"}
    if figure.qualifier not in ("exact", "range"):
        yield "qualifier: dropped", {"qualifier": "exact"}
    elif figure.qualifier == "exact":
        yield "qualifier: added", {"qualifier": "more_than"}
    evidence = figure.evidence[0]
    at = evidence.quote.find(figure.amount)
    digits = re.search(r"\d{2,}", figure.amount)
    if at >= 0 and digits:
        cut = evidence.start + at + digits.start() + 1
        yield "fragment: quote begins inside the number", {"evidence": (text.evidence(cut, evidence.end),)}
        shorter = text.evidence(evidence.start, cut)
        yield "fragment: quote ends inside the number", {"evidence": (shorter,)}
    yield (
        "offsets: shifted",
        {"evidence": (evidence.model_copy(update={"start": evidence.start + 1, "end": evidence.end + 1}),)},
    )
    yield "year: invented", {"period": invented_year(text, figure.period)}
    yield "entity: invented", {"entity": "宏远控股" if text.language == "zh" else "Bramwell Holdings"}
    statuses = {label["status"], *(label.get("status_accept") or [])}
    if "actual" not in statuses:
        yield "status: planned told as done", {"status": "actual"}


def amount_mutations(amount: str) -> Iterator[tuple[str, str]]:
    """Yield the amount as written with a digit or a scale word changed."""
    digit = re.search(r"\d", amount)
    if digit:
        other = str((int(digit[0]) + 3) % 10 or 1)
        yield "digit: swapped", amount[: digit.start()] + other + amount[digit.end() :]
    for one, two in (
        ("亿", "万"),
        ("万", "亿"),
        ("billion", "million"),
        ("million", "billion"),
        ("bn", "m"),
        ("%", "个百分点"),
    ):
        if one in amount:
            kind = "scale: another scale word" if one != "%" else "unit: 百分点 for %"
            yield kind, amount.replace(one, two, 1)
            break


def invented_year(text: ArticleText, period: str | None) -> str:
    """Return the period in a year that the article does not have, or that year alone."""
    year = next(
        str(year)
        for year in range(2011, 2099)
        if str(year) not in text.text and str(year) not in (text.published_on or "")
    )
    if period and period.startswith("--"):
        return year + period[1:]
    return re.sub(r"^\d{4}", year, period) if period and re.match(r"\d{4}", period) else year


def plain(value: Decimal) -> str:
    """Return a decimal without exponent."""
    return format(value.normalize(), "f")


def deal_claims(article: Article, text: ArticleText, gold: dict[str, Any]) -> Iterator[Claim]:
    """Yield the true deals of an article and every false one made from them."""
    deals = [deal for label in gold["deals"] if (deal := true_deal(article, text, label))]
    sums = {
        figure.amount: figure
        for _, figure in true_figures(article, text, gold)
        if figure.unit and re.fullmatch("[A-Z]{3}", figure.unit)
    }
    names = {party.name for deal in deals for party in deal.parties}
    for deal in deals:
        claim = partial(Claim, article.id, article.language, beside=tuple(one for one in deals if one is not deal))
        yield claim("true deal", deal)
        for kind, changes in deal_mutations(text, deal):
            yield claim(kind, deal.model_copy(update=changes))
        strangers = sorted(names - {party.name for party in deal.parties})
        if strangers and len(deal.parties) > 1:
            swapped = (*deal.parties[:-1], deal.parties[-1].model_copy(update={"name": strangers[0], "aliases": ()}))
            yield claim("party: of another deal", deal.model_copy(update={"parties": swapped}))
        for amount, figure in sorted(sums.items())[:3]:
            if deal.consideration is None or _is_converted(text, deal.consideration.amount or "", amount):
                continue
            if figure.value != deal.consideration.value:
                money = Consideration(
                    value=figure.value or "", value_max=figure.value_max, unit=figure.unit, amount=amount,
                    qualifier=figure.qualifier or "exact", evidence=figure.evidence,
                )  # fmt: skip
                yield claim("consideration: another sum", deal.model_copy(update={"consideration": money}))


def _is_converted(text: ArticleText, amount: str, other: str) -> bool:
    """Return whether the article gives the same sum in another currency in brackets: US$85 million (S$114.3 million)."""
    return re.search(rf"{re.escape(amount)}\s*[（(][^（()）]{{0,8}}{re.escape(other)}", text.text) is not None


def true_deal(article: Article, text: ArticleText, label: dict[str, Any]) -> Deal | None:
    """Return a labelled deal as a record holds it."""
    evidence = evidence_of(article, text, label)
    if evidence is None:
        return None
    return Deal(
        name=label["name"],
        type=label["type"],
        status=label["status"],
        parties=tuple(
            Party(name=one["name"], aliases=tuple(one["aliases"]), kind=one["kind"]) for one in label["parties"]
        ),
        signed_on=label["signed_on"],
        place=label["place"],
        signatories=tuple(
            Signatory(name=one["name"], title=one["title"], organization=one["organization"], role=one["role"])
            for one in label["signatories"]
        ),
        consideration=consideration_of(text, evidence, label),
        evidence=(evidence,),
        verdict="verified",
    )


def consideration_of(text: ArticleText, evidence: Evidence, label: dict[str, Any]) -> Consideration | None:
    """Return the deal's labelled sum with its place nearest to the deal's own quote."""
    money = label["consideration"]
    if money is None:
        return None
    found = []
    for quantity in text.quantities:
        if quantity.kind != "currency" or quantity.value is None or text.is_furniture(quantity.start, quantity.end):
            continue
        is_value = Decimal(quantity.value) == Decimal(money["value"]) and quantity.unit == money["unit"]
        if is_value and quantity.qualifier == money["qualifier"]:
            found.append(amount_at(text, quantity))
    if not found:
        return None
    best = min(found, key=lambda amount: abs(amount.start - evidence.start))
    return Consideration(
        value=best.quantity.value or "",
        value_max=best.quantity.value_max,
        unit=best.unit,
        qualifier=best.quantity.qualifier,
        amount=best.text,
        evidence=(text.evidence(best.start, best.end),),
    )


def deal_mutations(text: ArticleText, deal: Deal) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is changed in a deal to make it false."""
    stranger = Party(name="宏远控股集团" if text.language == "zh" else "Bramwell Holdings plc", kind="company")
    yield "party: invented, added", {"parties": (*deal.parties, stranger)}
    if deal.parties:
        yield "party: invented, in place of one", {"parties": (*deal.parties[:-1], stranger)}
    yield "year: invented, of the signing", {"signed_on": invented_year(text, deal.signed_on)}
    yield "place: invented", {"place": "呼和浩特" if text.language == "zh" else "Ouagadougou"}
    someone = Signatory(name="皇甫知衡" if text.language == "zh" else "Edith Quarrington", role="signed")
    yield "person: invented", {"signatories": (*deal.signatories, someone)}
    if deal.consideration is not None:
        ten = deal.consideration.model_copy(update={"value": plain(Decimal(deal.consideration.value) * 10)})
        yield "value: of the consideration, times ten", {"consideration": ten}
        currency = "USD" if deal.consideration.unit != "USD" else "CNY"
        yield (
            "currency: of the consideration",
            {"consideration": deal.consideration.model_copy(update={"unit": currency})},
        )
    if deal.status == "intended":
        yield "status: intended told as signed", {"status": "signed"}
        yield "status: intended told as completed", {"status": "completed"}
    yield (
        "offsets: of the deal, shifted",
        {
            "evidence": tuple(
                one.model_copy(update={"start": one.start + 1, "end": one.end + 1}) for one in deal.evidence
            )
        },
    )


if __name__ == "__main__":
    sys.exit(main())
