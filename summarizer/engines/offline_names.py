"""Names of organisations and persons in an article: where they stand, their full and short forms, what kind they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.engines.offline_words import (
    BREAKS,
    COMMON_AFTER_TRADE,
    COMMON_BEFORE_TRADE,
    GENERIC_NAMES,
    GOVERNMENT,
    GROUPS,
    INSTITUTION,
    LEGAL_FORMS,
    NO_BREAK,
    TITLES,
    TRADES,
    word_set,
)

if TYPE_CHECKING:
    from summarizer.engines.offline_text import Reading
    from summarizer.records import PartyKind

_NAME_CHARS = r"[\u3400-\u9fffA-Za-z0-9·&\-—+]"
_SUFFIX = re.compile(
    rf"(?P<legal>{LEGAL_FORMS})|(?P<government>{GOVERNMENT})|(?P<institution>{INSTITUTION})|(?P<group>{GROUPS})"
)
_TRADE = re.compile(rf"(?:{TRADES})(?!{COMMON_AFTER_TRADE})")
_COMMON_PREFIX = re.compile(rf"(?:{COMMON_BEFORE_TRADE})$")
_BREAK = re.compile(f"(?P<word>{NO_BREAK})|(?:{BREAKS})")
_PLACE_BRACKET = re.compile(r"[（(][\u3400-\u9fff]{2,4}[）)]")
_LEGAL_END = re.compile(rf"(?:{LEGAL_FORMS}|{GROUPS})$")
# 泰隆地产（02345）
_TICKER = re.compile(r"[（(][A-Za-z.:： ]{0,8}\d{4,6}(?:\.[A-Z]{2})?[）)]")
_TITLE_AFTER = re.compile(rf"(?:{TITLES})")
# 某某公司（以下简称“某某”）, X Corporation (NYSE: X) ("X")
_DEFINED = re.compile(
    r"\s*(?:[（(][^（）()“\"「]{0,30}[）)]\s*)?[（(][^（）()]{0,30}?[“\"「『]\s*([^“”\"「」『』]{2,24})\s*[”\"」』]"
    r"(?:\s*(?:,|、|或|or)\s*[“\"「『]?\s*([^“”\"「」『』（）()]{2,24})[”\"」』]?)?[^（）()]{0,12}[）)]"
)
_FORM_EN = (
    r"Incorporated|Inc|Corporation|Corp|Company|Co|Limited|Ltd|LLC|LLP|L\.P|PLC|plc|N\.V|NV|A/S|AS|"
    r"ASA|AB|AG|S\.A|SA|SE|GmbH|Oyj|"
    r"Pte|Pty|Sdn|Bhd|Berhad|B\.V|BV|S\.p\.A|K\.K|N\.A|Kaisha"
)
_LETTER = "A-Za-zÀ-ɏ0-9"
_WORD_EN = (
    rf"[A-Z][{_LETTER}\-]*(?:'(?!s\b)[a-z]+)?(?:\.(?=[A-Z]))?|[A-Z]\.|&|\((?:HK|UK|US|USA|China|"
    rf"Singapore|Asia|Hong Kong|Shanghai|Beijing|Europe)\)"
)
_NAME_EN = re.compile(
    rf"(?<![{_LETTER}&])(?:[A-Z][{_LETTER}\-]*(?:'(?!s\b)[a-z]+)?|[A-Z]\.)"
    rf"(?:[ ](?!(?:{_FORM_EN})(?![{_LETTER}]))(?:{_WORD_EN}|(?:of|and|de|van|von|der|for|du|la)(?= [A-Z])))*"
    rf"(?:,? (?:{_FORM_EN})(?![{_LETTER}])\.?)*"
)
# What may stand before "of" within one name: Bank of China, University of Leeds.
_BEFORE_OF = word_set(
    "Bank University Ministry Department Bureau Institute Government Council City State Port Republic College Academy Museum"
)
_FORM_END_EN = re.compile(rf"(?:,? (?:{_FORM_EN})\.?|,? \([A-Z]\w+\))+$")
_COMPANY_EN = re.compile(
    r"\b(?:Group|Holdings?|Capital|Ventures?|Bank|Partners|Fund|Technolog(?:y|ies)|Energy|Motors?|"
    r"Systems|Industries|Renewables|Instruments|"
    r"Optics|Pharma\w*|Biotech|Therapeutics|Robotics|Power|Airlines?|Airways|Logistics|Mining|"
    r"Minerals|Resources|Steel|Semiconductors?|Solar|"
    r"Chemicals?|Shipping|Software|Networks?|Electronics|Materials|Labs?|Hydrogen|Nutrients|Research|"
    r"Trust|Securities|Insurance|Media|Foods|"
    r"Infrastructure|Utilities|Telecom|Electric|Aerospace|Automotive|Brothers|Sons|Office|"
    r"Investments?|Equity|Studios|Entertainment|Hosting|Cooling)\b"
)
_GOVERNMENT_EN = re.compile(
    r"\b(?:Government|Ministry|Department|Authority|Municipality|Council of|City of|Province|State of|"
    r"Commission|Agency|Republic)\b"
)
_INSTITUTION_EN = re.compile(
    r"\b(?:University|Institute|College|Hospital|Academy|Foundation|Association|Laboratory|School|Society|Organi[sz]ation)\b"
)
# Capitalised at the beginning of sentences and in headings; never a name on their own.
_COMMON_EN = word_set(
    "Then The A An It Its In On Under This That These Those He She They We You I But And As At For From "
    "By If When While Their Both After Before Since Each All No Most Many Some Our His Her There "
    "With Without To Of Or So Shares Analysts Neither Upon Last Existing About Up Over More Less "
    "Than Such Under Based Deal Founded Completion Terms Financing Sales Net Revenue Total Net "
    "Additional Together Deliveries Power Price Under Analysts Headcount Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday January February March April May June July August September "
    "October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mr Mrs Ms Dr Prof "
    "Series Q1 Q2 Q3 Q4 H1 H2 FY CEO CFO ARR EBITDA GDP US UK EU USA China Chinese Europe European "
    "Asia Asian American Board Table Figure Section Item Form Correction CORRECTION Conference "
    "Strategic Cautionary Estimates Risks Contacts Media Investors Copyright Newsroom Subscribe "
    "Published Updated New Now Today Yesterday According Our Other Under First Second Third One Two "
    "Three Four Five Six Seven Eight Nine Ten However Meanwhile Separately Under Also Still Even "
    "Neither Grid Smaller During Through Existing Overall Under Once Until Because Although Among "
    "Across Between Within Under Per Its Gas"
)
_COMMON_LAST_EN = word_set(
    "Agreement Contract Board Index Round Act Form Code Conference Summit Forum Report Week Year Quarter Day"
)


@dataclass(slots=True, eq=False)
class Name:
    """An organisation: its fullest form, all forms the article uses, its kind."""

    full: str
    kind: PartyKind
    forms: set[str] = field(default_factory=set)
    # Where a name stands that only its place in a sentence shows to be one, until `Names.adopt` enters it.
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a name stands."""

    start: int
    end: int
    name: Name


class Names:
    """The organisations of an article. Built once; lookups are by span."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._by_form: dict[str, Name] = {}
        found = sorted(
            {
                span: kind for finder in (_legal, _trades, _english, _before_titles) for span, kind in finder(reading)
            }.items(),
            key=lambda item: (item[0][0] - item[0][1], item[0]),
        )
        for (start, end), kind in found:
            self._enter(start, end, kind)
        self.mentions: list[Mention] = []
        self._starts: list[int] = []
        self._place_mentions()

    def _enter(self, start: int, end: int, kind: PartyKind) -> Name:
        words = self._reading.text[start:end]
        name = self._by_form.get(words)
        if name is None:
            name = Name(words, kind, {words})
            self._by_form[words] = name
            for form in self._short_forms(words):
                owner = self._by_form.setdefault(form, name)
                if owner is name:
                    name.forms.add(form)
        defined = _DEFINED.match(self._reading.text, end)
        for alias in defined.groups() if defined else ():
            if alias and self._by_form.setdefault(alias.strip(), name) is name:
                name.forms.add(alias.strip())
        return name

    def _short_forms(self, full: str) -> Iterator[str]:
        """Yield the parts of a full name that the article uses on their own."""
        text = self._reading.text
        if full[0].isascii():
            words = _FORM_END_EN.sub("", full).split()
            floor = _count_english(text, full)
            for count in range(len(words), 0, -1):
                form = " ".join(words[:count])
                times = _count_english(text, form)
                if form != full and form.rstrip(",") not in _COMMON_EN and len(form) > 2 and times > floor:
                    yield form
                floor = max(floor, times)
            return
        office = re.search(
            r"(?:人民|新区|高新区|经开区)?(?P<short>省政府|市政府|区政府|县政府|政府|管委会|管理委员会)$", full
        )
        if office:
            # 南阳市人民政府 is 南阳市政府 and, where no other office of the kind is named, the 市政府 or 管委会 meant later on.
            yield full.replace("人民政府", "政府")
            yield office["short"] if office["short"] != "政府" else full[:-4][-1:] + "政府"
            area = full[: office.start()]
            if len(area) >= 3 and area[-1] in "省市区县州區縣":
                yield area
            return
        bare = _PLACE_BRACKET.sub("", full)
        stem = _LEGAL_END.sub("", bare)
        floor = text.count(full)
        for form in dict.fromkeys((bare, stem, *(stem[:length] for length in range(len(stem) - 1, 2, -1)))):
            times = text.count(form)
            # A prefix of three characters is as often a place (无锡市) as a short name.
            is_trusted = form in (bare, stem) or (len(form) >= 4 and bare != stem)
            if form != full and len(form) >= 2 and is_trusted and form not in GENERIC_NAMES and times > floor:
                yield form
            floor = max(floor, times)

    def candidate(self, start: int, end: int, kind: PartyKind = "company") -> Name:
        """Return the name with these words, entered or not."""
        words = self._reading.text[start:end]
        return self._by_form.get(words) or Name(words, kind, {words}, (start, end))

    def adopt(self, candidates: Iterable[Name]) -> list[Name]:
        """Enter candidates that proved to be names, and find their other mentions."""
        adopted = []
        for candidate in candidates:
            if candidate.span is not None and candidate.full not in self._by_form:
                self._enter(*candidate.span, candidate.kind)
                self._place_mentions()
            adopted.append(self._by_form.get(candidate.full, candidate))
        return adopted

    def _place_mentions(self) -> None:
        text = self._reading.text
        taken: list[Mention] = []
        forms = sorted(self._by_form, key=lambda form: (-len(form), form))
        if forms:
            pattern = re.compile("|".join(_form_pattern(form) for form in forms))
            taken = [
                Mention(match.start(), match.end(), self._by_form[match[0]])
                for sentence in self._reading.body
                for match in pattern.finditer(text, sentence.start, sentence.end)
            ]
        self.mentions = taken
        self._starts = [mention.start for mention in taken]

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions inside the span, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [mention for mention in self.mentions[first:last] if mention.end <= end]

    def beginning(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin inside the span, in order; `Inc.` may reach beyond what looks like its end."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def get(self, words: str) -> Name | None:
        """Return the name that has this form."""
        return self._by_form.get(words)


def kind_of(words: str, folded: str) -> PartyKind:
    """Return the kind of organisation that a name's own words show; company if they show nothing."""
    if words[:1].isascii():
        if _GOVERNMENT_EN.search(words):
            return "government"
        return "institution" if _INSTITUTION_EN.search(words) and not _FORM_END_EN.search(words) else "company"
    if re.search(rf"(?:{LEGAL_FORMS})$", folded):
        return "company"
    if re.search(rf"(?:{GOVERNMENT}|[省市区县])$", folded):
        return "government"
    if re.search(rf"(?:{INSTITUTION})$", folded) or re.search("医疗集团$|教育集团$", folded):
        return "institution"
    if re.search("(?:中心|总队|支队)$", folded):
        return "institution"
    return "other" if re.search("(?:产业园|园区|科技园|开发区|基地|新区|示范区)$", folded) else "company"


def left_edge(folded: str, position: int, low: int) -> int:
    """Return where a Chinese name that ends at or after `position` begins."""
    start = position
    while start > low:
        char = folded[start - 1]
        if char in "）)":
            bracket = max(folded.rfind("（", low, start), folded.rfind("(", low, start))
            if bracket < 0 or not 3 <= start - bracket <= 6 or not re.search(r"[\u3400-\u9fff]", folded[bracket + 1]):
                break
            start = bracket
        elif re.match(_NAME_CHARS, char):
            start -= 1
        else:
            break
    edge = start
    for match in _BREAK.finditer(folded, start, position):
        if match["word"] is None:
            edge = match.end()
    # A date or a count before the name is none of it: 11月18日京东集团, 20家企业.
    dated = re.compile(r"[\d一二三四五六七八九十]+(?:年|月|日|家|个|名|所|项|座)+").search(folded, edge, position)
    while dated:
        edge = dated.end()
        dated = re.compile(r"[\d一二三四五六七八九十]+(?:年|月|日|家|个|名|所|项|座)+").search(folded, edge, position)
    while edge < position and folded[edge] in "0123456789-—+·":
        edge += 1
    return edge


def _legal(reading: Reading) -> Iterator[tuple[tuple[int, int], PartyKind]]:
    folded = reading.folded
    for sentence in reading.body:
        if sentence.language != "zh":
            continue
        for match in _SUFFIX.finditer(folded, sentence.start, sentence.end):
            start, end = left_edge(folded, match.start(), sentence.start), match.end()
            words = folded[start:end]
            if match["group"] and re.match(r"有限公司|股份|公司", folded[end:]):
                continue
            if (
                end - start <= 40
                and match.start() - start >= 2
                and words not in GENERIC_NAMES
                and not _is_generic(words)
            ):
                yield (start, end), kind_of(reading.text[start:end], words)


def _is_generic(words: str) -> bool:
    """Return whether a name with a suffix names a class of things: 小微企业集团, 旗下公司."""
    return bool(
        re.match(
            r"(?:该|本|各|三级|二级|成员|下属|所属|合作|签约|入驻|多家|两家|几家|这家|一家|某|我国|国内|全国|"
            r"大型|中小|新|旗下|相关|有关|上述|其他|所有|地方|当地|合资|项目|首批|外地|前述|此)",
            words,
        )
        or re.search("(?:[本该]公司|[本该]集团|联营公司|目标公司|合资公司|上市公司|子公司|附属公司)$", words)
    )


def _trades(reading: Reading) -> Iterator[tuple[tuple[int, int], PartyKind]]:
    folded = reading.folded
    counts: dict[str, list[int]] = {}
    for sentence in reading.body:
        if sentence.language != "zh":
            continue
        for match in _TRADE.finditer(folded, sentence.start, sentence.end):
            start = left_edge(folded, match.start(), sentence.start)
            prefix = folded[start : match.start()]
            is_short = 2 <= len(prefix) <= 4 and re.fullmatch(r"[\u3400-\u9fff]+", prefix) is not None
            is_common = _COMMON_PREFIX.search(prefix) or re.search(r"[的了着过不有年月日个家亿万元%化和与及]", prefix)
            if is_short and not is_common:
                counts.setdefault(folded[start : match.end()], []).append(start)
    for words, starts in counts.items():
        if (
            len(starts) >= 2
            or _TITLE_AFTER.match(folded, starts[0] + len(words))
            or _TICKER.match(folded, starts[0] + len(words))
        ):
            yield (starts[0], starts[0] + len(words)), "company"


def _before_titles(reading: Reading) -> Iterator[tuple[tuple[int, int], PartyKind]]:
    """Find the organisation of 科大讯飞高级副总裁杜兰: what stands before a title, used elsewhere too."""
    folded = reading.folded
    pattern = re.compile(
        rf"(?:高级|资深|执行|集团|首席)?(?:{TITLES})(?=[\u3400-\u9fff]{{2,3}}(?:[、，。和与表介说强认等出在]|代表))"
    )
    for sentence in reading.body:
        for match in pattern.finditer(folded, sentence.start, sentence.end):
            start = left_edge(folded, match.start(), sentence.start)
            words = folded[start : match.start()]
            if (
                3 <= len(words) <= 12
                and folded.count(words) >= 2
                and not re.search("[市省区县]委?$", words)
                and words not in GENERIC_NAMES
            ):
                yield (start, match.start()), kind_of(reading.text[start : match.start()], words)


def _english(reading: Reading) -> Iterator[tuple[tuple[int, int], PartyKind]]:
    text = reading.text
    for sentence in reading.body:
        # Headings capitalise verbs and nouns alike; the names in them occur in the text as well.
        if sentence.is_heading and sentence.language == "en":
            continue
        for match in _NAME_EN.finditer(text, sentence.start, sentence.end):
            for start, end in split_english(text, match.start(), match.end()):
                words = text[start:end]
                if len(words) < 4 or words.isupper() or words.split()[-1] in _COMMON_LAST_EN:
                    continue
                is_marked = any(
                    pattern.search(words) for pattern in (_FORM_END_EN, _COMPANY_EN, _GOVERNMENT_EN, _INSTITUTION_EN)
                )
                if is_marked and (" " in words or not words.isalpha()):
                    yield (start, end), kind_of(words, words)


def split_english(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the names in a run of capitalised words: cut at `and`, at `of` after a person, common words left out."""
    position = start
    for piece in re.split(r"( and | of | for )", text[start:end]):
        is_of = piece == " of "
        if is_of and text[start:position].split()[-1:] and text[start:position].rsplit(maxsplit=1)[-1] in _BEFORE_OF:
            position += len(piece)
            continue
        if piece in (" and ", " of ", " for "):
            yield from _trimmed_english(text, start, position)
            start = position + len(piece)
        position += len(piece)
    yield from _trimmed_english(text, start, end)


def _trimmed_english(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        first = text[start:end].split(" ", 1)[0]
        if first.rstrip(".,") not in _COMMON_EN:
            break
        start = min(start + len(first) + 1, end)
    while end > start and text[end - 1] in " ,":
        end -= 1
    if end > start:
        yield start, end


def _count_english(text: str, form: str) -> int:
    return len(re.findall(_form_pattern(form), text))


def _form_pattern(form: str) -> str:
    if form[0].isascii() and form[0].isalnum():
        return rf"(?<![A-Za-z0-9-]){re.escape(form)}(?![A-Za-z0-9])"
    return re.escape(form)
