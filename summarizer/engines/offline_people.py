"""Who signed, attended or witnessed: persons with their titles, by the verb that follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.engines.offline_names import left_edge
from summarizer.engines.offline_words import TITLES, TITLES_EN

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.records import SignatoryRole

_HAN = r"[\u3400-\u9fff]"
_AFTER_NAME = (
    r"(?=[，。、；：,;（(“”\s]|与|和|及|等|表示|介绍|说|出席|见证|签|代表|在|指出|强调|认为|分别|率|"
    r"一行|致辞|宣布|透露|担任|参加|共同|于|则|先生|女士|$)"
)
_PERSON = re.compile(
    rf"(?P<title>(?:(?:高级|资深|执行|常务|首席|联席|第一)?(?:{TITLES})(?:兼|、|暨)?)+)"
    rf"(?P<name>(?:欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方){_HAN}{{1,2}}|"
    rf"{_HAN}{{2,4}}?{_AFTER_NAME}|[A-Z][A-Za-zÀ-ɏ\-']+(?: [A-Z][A-Za-zÀ-ɏ\-'.]+)+)"
)
_SPEAKS = re.compile(r"表示|介绍|指出|认为|强调|透露|说[，：“]|致辞|告诉")
_ROLES: tuple[tuple[re.Pattern[str], SignatoryRole], ...] = (
    (re.compile(r"出席|参加"), "attended"),
    (re.compile(r"见证"), "witnessed"),
    (re.compile(r"签署|签字|签订|签约|代表双方|代表各方"), "signed"),
)
_NOT_PERSONS = re.compile(
    r"[的了在是将与和等为对及由从向]|会议|公司|集团|单位|委员|代表|先后|分别|共同|一行|以及|双方|出席|签"
)
_NAME_EN = r"(?:Dr |Mr |Ms |Mrs )?[A-Z][\wÀ-ɏ\-']+(?: (?:van|von|de|der|al|bin|[A-Z]\.|[A-Z][\wÀ-ɏ\-']+)){1,3}"
_TITLE_EN = rf"(?:{TITLES_EN})"
_PERSON_EN = (
    re.compile(
        rf"(?P<name>{_NAME_EN}), (?:(?P<org>[A-Z][\w&.\- ]{{2,40}}?)(?:'s|’s) |the |its "
        rf")?(?P<title>{_TITLE_EN})(?: (?:of|at) (?P<org2>[A-Z][\w&\- ]{{2,40}}))?"
    ),
    re.compile(rf"(?P<org>[A-Z][\w&.\- ]{{2,40}}?)(?:'s|’s) (?P<title>{_TITLE_EN}),? (?P<name>{_NAME_EN})"),
)
_ROLES_EN: tuple[tuple[re.Pattern[str], SignatoryRole], ...] = (
    (re.compile(r"\b(?:attended|were present|was present|attending)\b"), "attended"),
    (re.compile(r"\b(?:witnessed|witnessing|looked on)\b"), "witnessed"),
    (re.compile(r"\b(?:signed|signing|sign|put their names)\b"), "signed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person at a signing. `organization` is the entered name, `org` the words that the article puts before the title."""

    name: str
    title: str
    org: str
    organization: Name | None
    role: SignatoryRole


@dataclass(frozen=True, slots=True)
class _Known:
    title: str
    org: str
    organization: Name | None
    start: int
    end: int


def find_people(reading: Reading, names: Names) -> list[Person]:
    """Return the persons at signings, in the order of the article, each once with the strongest role."""
    known: dict[str, _Known] = {}
    found: dict[str, Person] = {}
    for sentence in reading.body:
        here = dict(_persons(reading, names, sentence))
        known = {**here, **known}
        if sentence.language == "zh":
            # 与褚原在协议上签字: somebody named with his title before.
            for name, person in known.items():
                at = reading.text.find(name, sentence.start, sentence.end)
                if name not in here and at >= 0:
                    here[name] = _Known(person.title, person.org, person.organization, at, at + len(name))
        for name, person in sorted(here.items(), key=lambda item: item[1].start):
            role = _role(reading, sentence, person.end)
            if role is not None and (name not in found or role == "signed"):
                found[name] = Person(
                    name=name, title=person.title, org=person.org, organization=person.organization, role=role
                )
    return list(found.values())


def _persons(reading: Reading, names: Names, sentence: Sentence) -> Iterator[tuple[str, _Known]]:
    if sentence.language == "en":
        yield from _english(reading, names, sentence)
        return
    folded, text = reading.folded, reading.text
    for match in _PERSON.finditer(folded, sentence.start, sentence.end):
        name = text[match.start("name") : match.end("name")]
        if _NOT_PERSONS.search(folded[match.start("name") : match.end("name")]):
            continue
        start = match.start()
        before = [mention for mention in names.within(sentence.start, start) if start - mention.end <= 8]
        between = folded[before[-1].end : start] if before else ""
        if before and not re.search(r"[，。；、：]|与|和", between):
            # 科大讯飞广东大区副总经理: what stands between name and title belongs to the title.
            person = _Known(
                text[before[-1].end : match.end("title")],
                text[before[-1].start : before[-1].end],
                before[-1].name,
                start,
                match.end(),
            )
        else:
            person = _office(reading, sentence, match)
        yield name, person


def _office(reading: Reading, sentence: Sentence, match: re.Match[str]) -> _Known:
    """Read the organisation of 韶关市委书记, where the office names the place."""
    text, folded = reading.text, reading.folded
    start = left_edge(folded, match.start(), sentence.start)
    title = match.start("title")
    place = re.compile(r"[\u3400-\u9fff]{1,8}?[省市区县州](?=委|副|长|人大|政协|政府)").match(
        folded, start, match.end("title")
    )
    if start < title and folded[title - 1] in "省市区县州":
        return _Known(text[title : match.end("title")], text[start:title], None, match.start(), match.end())
    if place and folded[title : title + 1] in "市省区县州" and place.end() > title:
        return _Known(text[title : match.end("title")], text[start : title + 1], None, match.start(), match.end())
    org = text[start:title] if title - start <= 16 else ""
    return _Known(text[title : match.end("title")], org, None, match.start(), match.end())


def _english(reading: Reading, names: Names, sentence: Sentence) -> Iterator[tuple[str, _Known]]:
    for pattern in _PERSON_EN:
        for match in pattern.finditer(reading.text, sentence.start, sentence.end):
            groups = match.groupdict()
            org = (groups.get("org") or groups.get("org2") or "").strip()
            mention = next(iter(names.within(match.start(), match.end())), None)
            name = re.sub(r"^(?:Dr|Mr|Ms|Mrs) ", "", match["name"])
            if names.get(name) is not None:
                continue
            organization = names.get(org) or (mention.name if mention else None)
            yield name, _Known(match["title"], org, organization, match.start(), match.end())


def _role(reading: Reading, sentence: Sentence, position: int) -> SignatoryRole | None:
    """Return the role that the nearest verb after a person gives."""
    words = reading.folded[position : min(position + (160 if sentence.language == "en" else 70), sentence.end)]
    roles = _ROLES_EN if sentence.language == "en" else _ROLES
    places = [(match.start(), role) for pattern, role in roles if (match := pattern.search(words))]
    if not places:
        return None
    place, role = min(places)
    if sentence.language == "zh" and _SPEAKS.search(words[:place]):
        return None
    if sentence.language == "en" and re.search(r"\bsaid\b|\"", words[:place]):
        return None
    return role
