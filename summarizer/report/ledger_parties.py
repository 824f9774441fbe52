"""Which names of a batch are one party: the same core, an alias that a record gives, a form in other letters that a name gives.

A short form counts across articles only where it can mean one party of the batch: 澜海 is nobody where there are
澜海（杭州）有限公司 and 澜海（上海）有限公司, and `Halvorsen` nobody beside Halvorsen Instruments and Halvorsen Maritime.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from summarizer.records import ArticleRecord, PartyKind
from summarizer.report.ledger_known_names import COMPANIES, PLACES
from summarizer.report.ledger_names import Group, NameForm, folded, parse_name
from summarizer.report.ledger_types import Reason

# A node stands for one spelling in all articles; a word for a role (本公司) for one party of one article.
_Node = tuple[str, Group, str]
_Key = tuple[Group, str]
_EVERYWHERE: Final = ""
_TABLES: Final[Sequence[tuple[Group, Sequence[Sequence[str]]]]] = (("organization", COMPANIES), ("government", PLACES))
_KNOWN: Final[Mapping[_Key, str]] = {
    (group, folded(name)): names[0] for group, table in _TABLES for names in table for name in names
}


class PartyBook:
    """The parties of a batch. Articles are told apart by their position in the batch as `build_ledger` orders it.

    Cost: linear in the number of distinct names, some 50 µs each.
    """

    def __init__(self, records: Sequence[ArticleRecord]) -> None:
        self._forms: dict[_Node, NameForm] = {}
        self._edges: dict[_Node, list[tuple[_Node, Reason]]] = defaultdict(list)
        self._roots: dict[_Node, _Node] = {}
        self._local: dict[tuple[int, str], _Node] = {}
        self._known: dict[_Key, _Node] = {}
        self._article_ids = [record.article.id for record in records]
        # Alias in other articles: its key, then who is called so, and where.
        given: dict[_Key, dict[_Node, Reason]] = defaultdict(dict)
        for position, record in enumerate(records):
            for deal in record.deals or ():
                for party in deal.parties:
                    node = self._add(position, party.name, party.kind)
                    self._note_aliases(position, node, party.aliases, record.article.id, given)
        self._buckets = self._by_core()
        self._cores = sorted(self._buckets)
        for nodes in self._buckets.values():
            self._link_alike(nodes)
        self._link_aliases(given)
        self._link_known()

    def key(self, position: int, name: str, kind: PartyKind | None = None) -> str:
        """Return a text that is the same for all names of one party; also for names that no deal has as a party."""
        node = self._find(position, name, kind)
        if node is not None:
            return "|".join(self._root(node))
        form = parse_name(name, kind)
        known = _KNOWN.get(_key(form))
        if known is not None:
            node = self._known.get((form.group, known))
            return "|".join(self._root(node)) if node else "|".join(("known", form.group, known))
        return "|".join((str(position) if form.is_role else _EVERYWHERE, form.group, form.core))

    def why(self, first: tuple[int, str, PartyKind | None], second: tuple[int, str, PartyKind | None]) -> list[Reason]:
        """Return why two names (position of the article, name, kind) are one party: one reason, or the steps between them."""
        one, other = self._find(*first), self._find(*second)
        left = parse_name(first[1], first[2]) if one is None or one == other else self._forms[one]
        right = parse_name(second[1], second[2]) if other is None or one == other else self._forms[other]
        if _key(left) == _key(right):
            return [_alike(left, right)]
        if one is not None and one == other:
            # One of the two is what its article calls the party: 采购人.
            short, position = (left, first[0]) if left.whole != one[2] else (right, second[0])
            about = (short.text, self._forms[one].text, self._article_ids[position])
            return [Reason(code="alias", about=about)]
        if one is None or other is None:
            return [Reason(code="known_names", about=tuple(sorted((left.text, right.text))))]
        return self._path(one, other)

    def _add(self, position: int, name: str, kind: PartyKind | None) -> _Node:
        form = parse_name(name, kind)
        node: _Node = (str(position) if form.is_role else _EVERYWHERE, form.group, form.whole)
        known = self._forms.setdefault(node, form)
        # Two spellings may fold into one; which of them is shown must not depend on the order of the records.
        if form.text < known.text:
            self._forms[node] = form
        self._roots.setdefault(node, node)
        self._local.setdefault((position, form.whole), node)
        return node

    def _note_aliases(
        self,
        position: int,
        owner: _Node,
        aliases: Iterable[str],
        article_id: str,
        given: dict[_Key, dict[_Node, Reason]],
    ) -> None:
        form = self._forms[owner]
        named: list[tuple[str, str]] = [(alias, "alias") for alias in aliases]
        named += [(_as_written(alias, form.text), "in_name") for alias in form.other]
        for alias, code in named:
            short = parse_name(alias, "government" if form.group == "government" else "company")
            self._local.setdefault((position, short.whole), owner)
            if short.is_role or len(short.core) < 2 or short.core == form.core:
                continue
            about = (alias, form.text, article_id) if code == "alias" else (alias, form.text)
            reason = Reason(code=code, about=about)
            given[_key(short)].setdefault(owner, reason)

    def _by_core(self) -> dict[_Key, list[_Node]]:
        buckets: dict[_Key, list[_Node]] = defaultdict(list)
        for node in sorted(self._forms):
            if node[0] == _EVERYWHERE:
                buckets[_key(self._forms[node])].append(node)
        return dict(buckets)

    def _link_alike(self, nodes: Sequence[_Node]) -> None:
        """Join the names of one core, but for those that fit two which contradict each other."""
        for node in nodes:
            if self._is_ambiguous(node, nodes):
                continue
            for other in nodes:
                if other < node and not self._contradict(node, other) and not self._is_ambiguous(other, nodes):
                    self._join(node, other, _alike(self._forms[node], self._forms[other]))

    def _is_ambiguous(self, node: _Node, nodes: Sequence[_Node]) -> bool:
        fitting = [other for other in nodes if other != node and not self._contradict(node, other)]
        return any(self._contradict(one, other) for at, one in enumerate(fitting) for other in fitting[:at])

    def _contradict(self, one: _Node, other: _Node) -> bool:
        return self._forms[one].contradicts(self._forms[other])

    def _link_aliases(self, given: Mapping[_Key, Mapping[_Node, Reason]]) -> None:
        for key in sorted(given):
            owners = given[key]
            roots = {self._root(owner) for owner in owners}
            if len(roots) > 1 or self._begins_another(key, roots):
                continue
            owner = min(owners)
            targets = [node for node in self._buckets.get(key, ()) if self._may_be_short(node, owner)]
            if any(self._is_ambiguous(node, self._buckets[key]) for node in targets):
                continue
            # The alias itself becomes a name, so that articles which know only it lead to its owner.
            if not targets and key not in self._buckets:
                targets = [self._alias_node(key, owners[owner])]
            for node in targets:
                self._join(node, owner, owners[owner])

    def _alias_node(self, key: _Key, reason: Reason) -> _Node:
        form = parse_name(reason.about[0], "government" if key[0] == "government" else "company")
        node: _Node = (_EVERYWHERE, form.group, form.whole)
        self._forms.setdefault(node, form)
        self._roots.setdefault(node, node)
        self._buckets[key] = [node]
        return node

    def _may_be_short(self, node: _Node, owner: _Node) -> bool:
        """A full name with a legal form of its own is no short form of another, unless it is the name in other letters."""
        form = self._forms[node]
        return form.is_bare or form.script != self._forms[owner].script

    def _begins_another(self, key: _Key, roots: set[_Node]) -> bool:
        """Return whether another party of the batch has a longer name that begins with this one."""
        group, core = key
        for other in self._cores[bisect_left(self._cores, key) :]:
            if other[0] != group or not other[1].startswith(core):
                return False
            longer = other[1][len(core) :]
            is_longer_word = core.isascii() and longer[:1].isalnum()
            if longer and not is_longer_word and any(self._root(node) not in roots for node in self._buckets[other]):
                return True
        return False

    def _link_known(self) -> None:
        for key in self._cores:
            name = _KNOWN.get(key)
            nodes = self._buckets[key]
            if name is None or any(self._contradict(one, other) for one in nodes for other in nodes):
                continue
            start = self._known.setdefault((key[0], name), nodes[0])
            if self._root(start) != self._root(nodes[0]) and not self._contradict_in_place(start, nodes[0]):
                about = (self._forms[start].text, self._forms[nodes[0]].text)
                self._join(nodes[0], start, Reason(code="known_names", about=about))

    def _contradict_in_place(self, one: _Node, other: _Node) -> bool:
        first, second = self._forms[one], self._forms[other]
        return bool(first.level and second.level and first.level != second.level)

    def _find(self, position: int, name: str, kind: PartyKind | None) -> _Node | None:
        form = parse_name(name, kind)
        local = self._local.get((position, form.whole))
        if local is not None:
            return local
        node: _Node = (_EVERYWHERE, form.group, form.whole)
        if node in self._forms:
            return node
        if form.is_role:
            return None
        alike = [other for other in self._buckets.get(_key(form), ()) if not form.contradicts(self._forms[other])]
        return alike[0] if len({self._root(other) for other in alike}) == 1 else None

    def _root(self, node: _Node) -> _Node:
        while (parent := self._roots[node]) != node:
            self._roots[node] = self._roots[parent]
            node = parent
        return node

    def _join(self, one: _Node, other: _Node, reason: Reason) -> None:
        self._edges[one].append((other, reason))
        self._edges[other].append((one, reason))
        low, high = sorted((self._root(one), self._root(other)))
        self._roots[high] = low

    def _path(self, one: _Node, other: _Node) -> list[Reason]:
        """Return the reasons on the shortest way from one name to the other."""
        back: dict[_Node, tuple[_Node, Reason] | None] = {one: None}
        queue = deque([one])
        while queue:
            node = queue.popleft()
            if node == other:
                break
            for neighbour, reason in self._edges[node]:
                if neighbour not in back:
                    back[neighbour] = (node, reason)
                    queue.append(neighbour)
        steps: list[Reason] = []
        here = back.get(other)
        while here is not None:
            steps.append(here[1])
            here = back[here[0]]
        return steps[::-1]


def _key(form: NameForm) -> _Key:
    return form.group, form.core


def _as_written(part: str, name: str) -> str:
    at = name.casefold().find(part)
    return name[at : at + len(part)] if at >= 0 else part


def _alike(one: NameForm, other: NameForm) -> Reason:
    """Return what two names of one core differ in, most telling first."""
    first, second = sorted((one, other), key=lambda form: form.text)
    about = (first.text, second.text)
    if first.text == second.text:
        return Reason(code="same_name", about=about[:1])
    if first.whole == second.whole:
        return Reason(code="same_spelling", about=about)
    if first.group == "government":
        code = "same_province" if first.within != second.within else "same_office"
    elif first.place != second.place:
        code = "same_place"
    else:
        code = "same_legal_form" if first.legal != second.legal else "same_brackets"
    return Reason(code=code, about=about)
