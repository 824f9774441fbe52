"""What an English amount measures: a short name, from the words before and after it in its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from summarizer.engines.offline_metrics_chinese import Earlier, Metric
from summarizer.engines.offline_words import word_set

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading
    from summarizer.records import Quantity

_MAX_WORDS = 9
_BREAKS = word_set(
    "and but or nor that which who whom whose while when where if as because since so than then "
    "whether including excluding based said says according plus versus against under over before "
    "after during until without through unless"
)
# Inside a noun phrase, not at its edges: a return on invested capital, utilisation of clusters in the region.
_LINKS = word_set("of in on for to at from with by between among the a an its their his her our into within per")
_LITTLE = word_set(
    "it they he she we this these those there here also only still yet just about around nearly "
    "almost approximately roughly some up down more less most least further another remaining "
    "additional not no already now even expected estimated equivalent equal due end beginning start "
    "time year years month months quarter half last next total any each all both every first second "
    "third such is are was were be been being has have had will would shall should may might can "
    "could must do does did cannot very much other above below least back out off up away together"
)
_VERBS = word_set(
    "rose fell grew increased decreased declined climbed jumped dropped narrowed widened stood "
    "reached averaged totalled totaled amounted raised raises raise raising received receive rise "
    "rises fall falls pays pay paid costs cost owes owe valued values value generated generate "
    "reported posted expects expect holds hold employs employ supplied supply supplies secured put "
    "take takes grow grows reach make made replace cut cuts represents represent makes contributes "
    "invested invest bought buy buys bring brings carry gives give uses use tracks covers cover "
    "spans span gets plans intends allocate stretch spend spent aims aim add adds extend fetched "
    "floats started runs run ships borrow keep includes include needs need comes goes go accounts "
    "account exceed exceeds worth refused lifting bringing valuing giving taking earmarked capped "
    "stretched shed build told got suspended owned own secures fund funds funded drew draw won win "
    "generated earn earns earned sell sells sold pledged committed deliver delivers delivered "
    "produce produces charge charges save saves follows follow tracks meet meets produced agreed "
    "agree signed sign serve serves served operates operate opened open hire hires hired lend lends "
    "lent repay repaid acquire acquired"
)
_INFORMATIVE = word_set(
    "raised receive received pay paid pays owe owes supply supplied invest invested borrow own owns "
    "hold holds cost costs take employ employs extend contribute acquire sold spend spent deliver "
    "produce account replace shed"
)
_GROWTH = re.compile(
    r"(?:(?<!make )(?<!made )(?<!add )(?<!set )(?<!take )\b(?P<adverb>up|down)|\b(?P<verb>rose|rises?|"
    r"fell|falls?|grew|grows?|increased|decreased|declined|climbed|jumped|dropped|gained|lost|widened|"
    r"narrowed|cut|improved|soared|surged|slipped))\b"
    r"(?: by)?(?: about| nearly| almost| up to| more than| a further| another)*\s*$",
    re.I,
)
_OF = re.compile(
    r"\bof(?: (?:about|around|approximately|nearly|up to|at least|more than|some|roughly|almost|only|just))*\s*$", re.I
)
_WORD = re.compile(r"[A-Za-z][\w'’&/\-]*")
# What happens to a counted thing, as it is said of the thing: 2,300 people employed.
_DONE = {
    "employ": "employed",
    "employs": "employed",
    "supply": "supplied",
    "supplies": "supplied",
    "hire": "hired",
    "raised": "raised",
    "borrow": "borrowed",
    "replace": "replaced",
    "signed": "signed",
    "sold": "sold",
    "deliver": "delivered",
    "ordered": "ordered",
}
_PURCHASE = re.compile(r"\b(?:acquir\w+|buy|buys|bought|purchas\w+|takeover|sold|sell|sells)\b")
# They take two objects: spoilage costs shippers $9 billion.
_GIVING = word_set(
    "cost costs bring brings give gives gave pay pays paid owe owes save saves earn earns charge charges"
)
_PRONOUNS = word_set("it they he she we")
_VALUED = re.compile(
    r"\bvalu(?:es|ed|ing) (?P<what>[\w'’\- ]{2,40}?) at\s*(?:about|around|approximately|some)?\s*$", re.I
)
_NOUN_STOP = re.compile(r"[,;:.()\"”|—–]")


def name_english(reading: Reading, names: Names, quantity: Quantity, earlier: Sequence[Earlier]) -> Metric:
    """Return what the amount measures, in a few words of its clause; an empty name if the clause does not say.

    Args:
        reading: the article.
        names: its organisations; one in front of the name is left to the figure's entity.
        quantity: the amount.
        earlier: the amounts named before it in its paragraph: `up 12%` is the growth of the last one.
    """
    low, high = reading.clause_at(quantity.start, quantity.end)
    before, after = _around(reading, quantity, low, high)
    previous = next(
        (one.name for one in reversed(earlier) if one.unit == quantity.unit), earlier[-1].name if earlier else ""
    )
    if earlier and re.fullmatch(r"\s*\(\s*", before):
        return Metric(earlier[-1].name)
    if earlier and re.fullmatch(r"\s*(?:up |down )?(?:to|from)(?: an?| its| about)?\s*", before):
        # Gross margin widened by six points to 68%
        return Metric(_fit(re.sub(r" (?:growth|change)$", "", earlier[-1].name), names))
    if (
        not before.strip()
        and low > 1
        and reading.text[low - 2] == ","
        and not re.match(r"\s*(?:or|and|up|down)\b", reading.text[low:high])
    ):
        # The cash portion of the consideration, about $945 million
        clause = reading.clause_at(low - 3, low - 2)
        before = _blanked(reading, clause[0], clause[1])
    return Metric(_fit(_name(reading, names, quantity, before, after, previous), names))


def _name(reading: Reading, names: Names, quantity: Quantity, before: str, after: str, previous: str) -> str:
    named = _change(quantity, before, previous)
    if named is None:
        named = _by_pattern(reading, quantity, before, after, previous)
    if named is None:
        named = _by_noun(quantity, before, after)
    if named is None:
        named = _by_subject(names, quantity, before, after)
    return named or previous


def _change(quantity: Quantity, before: str, previous: str) -> str | None:
    """Name a percentage that says by how much something changed; None if it says something else."""
    if quantity.kind not in ("percent", "percent_point", "multiple"):
        return None
    growth = _GROWTH.search(before)
    if growth:
        subject = _phrase(before[: growth.start()])[0] or re.sub(r" (?:growth|change)$", "", previous)
        return f"{subject} {_direction(growth)}" if subject else ""
    if re.search(r"\bby\s*$", before) and (subject := _phrase(before)[0]):
        # It raised his capital cost by 15%
        return f"{subject} change"
    return None


def _by_pattern(reading: Reading, quantity: Quantity, before: str, after: str, previous: str) -> str | None:
    """Name an amount by the words that lead to it: valued at, bought for, a fee of; None if none of them does."""
    if valued := _VALUED.search(before):
        return "value put on " + valued["what"]
    if quantity.kind == "currency" and re.search(r"\bfor\s*$", before):
        bought = _PURCHASE.search(_sentence(reading, quantity))
        if bought:
            return f"price to {bought[0]}" if bought[0] in ("acquire", "buy", "purchase", "sell") else "purchase price"
    if _OF.search(before):
        subject = _phrase(_OF.sub("", before), giving=False)[0]
        return subject + _unit_tail(after) if subject else previous
    return f"{previous} cap".strip() if _is_capped(reading, quantity) else None


def _by_noun(quantity: Quantity, before: str, after: str) -> str | None:
    """Name an amount by the noun that it counts or describes; None if no noun follows it."""
    unit, noun = quantity.unit or "", _noun_after(after)
    if quantity.kind in ("count", "number") and unit.replace(" ", "").isalpha() and quantity.text.endswith(unit):
        return _with_verb(before, f"{unit} {noun}".strip())
    if not noun or quantity.kind == "percent":
        return None
    if quantity.kind == "multiple" and (measured := _phrase(before)[0]):
        base = [word for word in _WORD.findall(_NOUN_STOP.split(after)[0]) if word.lower() not in _LITTLE | _LINKS]
        return f"{measured} to {' '.join(base[:4])}"
    return _with_verb(before, noun)


def _by_subject(names: Names, quantity: Quantity, before: str, after: str) -> str:
    """Name an amount by the subject and verb before it, else by the words that say what it is for."""
    subject, verb = _phrase(before)
    if names.get(subject) is not None:
        subject = ""
    whole = re.match(r"\s*(?:stake in|of)\s+(?:the |its |their )?(?P<whole>[^,;.()]+)", after)
    if quantity.kind == "percent" and whole:
        rest = _leading(whole["whole"], 7) or " ".join(_WORD.findall(whole["whole"])[:3])
        return f"{subject}, share of {rest}" if subject and not verb else f"share of {rest}"
    tail = _unit_tail(after)
    if subject:
        shown = f"{subject} {verb}" if verb in _INFORMATIVE else subject
        return shown + (tail or _phrase_after(after, short=True))
    unit = quantity.unit or ""
    if verb:
        dimension = f" {unit}" if quantity.kind == "dimension" and len(unit) > 3 else ""
        return verb + dimension + (tail or _phrase_after(after, short=False))
    opens = all(word.lower() in _LITTLE or word.lower() in _LINKS for word in _WORD.findall(before))
    return _phrase_after(after, short=False).strip() if opens else ""


def _sentence(reading: Reading, quantity: Quantity) -> str:
    sentence = reading.sentence_at(quantity.start)
    return reading.text[sentence.start : quantity.start]


def _direction(growth: re.Match[str]) -> str:
    word = (growth["adverb"] or growth["verb"]).lower()
    return (
        "growth"
        if word in ("up", "rose", "rise", "rises", "grew", "grow", "grows", "increased", "gained")
        else "change"
    )


def _is_capped(reading: Reading, quantity: Quantity) -> bool:
    if quantity.qualifier_start is None:
        return False
    return "cap" in reading.text[quantity.qualifier_start : quantity.start].lower()


def _around(reading: Reading, quantity: Quantity, low: int, high: int) -> tuple[str, str]:
    amounts = [q for q in reading.quantities_in(low, quantity.start) if not q.kind.startswith("date")]
    start = amounts[-1].end if amounts else low
    if amounts and (per := re.match(r"\s+(?:per|a|an|each) [a-z]+\b", reading.text[start : quantity.start])):
        start += per.end()
    stop = min(quantity.start, quantity.qualifier_start if quantity.qualifier_start is not None else quantity.start)
    following = next(
        (q.start for q in reading.quantities_in(quantity.end, high) if not q.kind.startswith("date")), high
    )
    return _blanked(reading, start, stop), reading.text[quantity.end : following]


def _blanked(reading: Reading, start: int, end: int) -> str:
    """Return the words of the span without dates."""
    pieces, position = [], start
    for date in reading.quantities_in(start, end):
        if date.kind.startswith("date") and date.end <= end:
            pieces.append(reading.text[position : date.start])
            position = date.end
    return " ".join([*pieces, reading.text[position:end]])


def _phrase(before: str, *, giving: bool = True) -> tuple[str, str]:
    """Return the noun phrase that leads to the amount and the verb between them.

    The phrase reaches back over `of`, `in`, `for` to a verb, a connective or a comma: median utilisation of AI clusters
    in the region. Where a second verb shares the subject (`follows the index but cannot fall below`), it is the clause's
    first phrase.
    """
    words = re.findall(r"[A-Za-z][\w'’&/\-]*|[,;:(\"“]", before)
    verb = ""
    while words:
        word = words[-1].lower()
        if word in _VERBS:
            verb = verb or word
        elif verb and word in _PRONOUNS:
            # It owes $5 million: the subject stands elsewhere.
            return "", verb
        elif word not in _LITTLE and word not in _LINKS and word not in ',;:("“' and not word.endswith("ly"):
            break
        words.pop()
    if words and words[-1].lower() in _BREAKS:
        is_shared = words[-1].lower() in ("but", "and", "or")
        return (_leading(before) if is_shared and len(words) > 2 else ""), "" if is_shared else verb
    found = _noun_phrase(words)
    giver = words[-len(found) - 1].lower() if found and len(words) > len(found) else ""
    if giving and giver in _GIVING and not verb:
        givers = _noun_phrase([word for word in words[: -len(found) - 1] if word.lower() not in _LITTLE])
        return " ".join([*givers, giver, *found]), ""
    return " ".join(found), verb


def _noun_phrase(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    for word in reversed(words):
        lower = word.lower()
        is_little = lower in _LITTLE and lower not in ("total", "first", "remaining", "additional")
        if lower in _BREAKS or lower in _VERBS or is_little or word in ',;:("“':
            break
        found.append(word)
    found.reverse()
    found = found[-_MAX_WORDS:]
    while found and found[0].lower() in _LINKS:
        found.pop(0)
    return found


def _leading(words: str, limit: int = 6) -> str:
    """Return the first words up to a verb or connective."""
    found: list[str] = []
    for word in _WORD.findall(words):
        lower = word.lower()
        if not found and (lower in _LINKS or lower in _LITTLE):
            continue
        if lower in _BREAKS or lower in _VERBS or lower in _LITTLE or len(found) == limit:
            break
        found.append(word)
    while found and found[-1].lower() in _LINKS:
        found.pop()
    return " ".join(found)


def _noun_after(after: str) -> str:
    """Return the noun that an amount counts or describes: customers, term loan, of existing hydropower."""
    match = re.match(r"[\s\-]*(?:of (?:the |its |our |all |an? )?)?(?=[A-Za-z\"“])[\"“]?", after)
    if match is None or not match[0]:
        return ""
    words = after[match.end() :]
    first = _WORD.match(words)
    if first is None or first[0].lower() in _LINKS | _VERBS | _LITTLE | _BREAKS or first[0].lower().endswith("ly"):
        return ""
    return _leading(
        re.split(r"[,;:.()\"”|—–]|\b(?:from|in|on|for|to|at|by|with|between|among|into|within|per)\b", words)[0]
    )


def _with_verb(before: str, noun: str) -> str:
    """Put the verb that says what happens to the counted thing behind it, where one stands close by."""
    verbs = [_DONE[word.lower()] for word in _WORD.findall(before)[-4:] if word.lower() in _DONE]
    return f"{noun} {verbs[-1]}" if verbs else noun


def _phrase_after(after: str, *, short: bool) -> str:
    """Return the words behind an amount that say what it is for: is earmarked for product development."""
    stop = _NOUN_STOP.split(after)[0]
    words = _WORD.findall(stop)
    while words and words[0].lower() in _LITTLE:
        words.pop(0)
    if not words or (short and words[0].lower() not in ("in", "of")) or words[0].lower() in _BREAKS:
        return ""
    kept: list[str] = []
    for word in words:
        if word.lower() in _BREAKS or len(kept) == (3 if short else 6):
            break
        kept.append(word)
    while kept and (kept[-1].lower() in _LINKS or kept[-1].lower() in _LITTLE):
        kept.pop()
    return " " + " ".join(kept) if kept else ""


def _unit_tail(after: str) -> str:
    match = re.match(
        r"\s+(?P<per>(?:per|a|an|each) (?:share|tonne|ton|year|month|kWh|MWh|barrel|unit|kilogram|week|day))\b", after
    )
    return " " + match["per"] if match else ""


def _fit(name: str, names: Names) -> str:
    """Return the name within ten words, without the organisation that owns it."""
    words = name.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        head = re.sub(r"['’]s$", "", " ".join(words[:count]))
        if names.get(head) is not None:
            words = words[count:]
            break
    return " ".join(words[:10]).strip(" ,'’\"-")
