"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.violations = "0";
  document.addEventListener("securitypolicyviolation", () => {
    root.dataset.violations = String(Number(root.dataset.violations) + 1);
  });

  const byId = (id) => document.getElementById(id);
  const all = (box, selector) => Array.from(box.querySelectorAll(selector));
  const load = (id) => JSON.parse(byId(id).textContent);
  const FIELDS = ["q", "party", "type", "verdict", "sort"];
  const SUMMARY = ["point", "prose", "doubtful"];

  const title = document.title;

  let words, frame, rows, order;
  let shownRow = null;
  let chosen = "";

  // An element; strings among the children become text, never markup. Attributes that are empty are left out.
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) element.setAttribute(key, value);
    element.append(...children.flat().filter((child) => child));
    return element;
  }

  const kindOf = (item) => item.split("-")[0];
  const itemsOf = (element) => element.dataset.items.split(" ");

  // The list

  function textOf(row) {
    if (row.text === undefined) row.text = load("text-" + row.at).join("").toLowerCase();
    return row.text;
  }

  function matches(row, wanted) {
    const isFound = (word) => row.search.includes(word) || textOf(row).includes(word);
    return (!wanted.type || row.types.includes(wanted.type))
      && (!wanted.verdict || row.verdicts.includes(wanted.verdict))
      && (!wanted.party || row.parties.includes(wanted.party.trim().toLowerCase()))
      && wanted.q.toLowerCase().split(/\s+/).every((word) => !word || isFound(word));
  }

  // Newest first; a date without a year after all that have one, no date last.
  const dateRank = (row) => (row.date.startsWith("-") ? "0" : row.date ? "1" : "") + row.date;
  const titles = new Intl.Collator(root.lang);
  const compareText = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const SORTS = {
    by_date: (one, other) => compareText(dateRank(other), dateRank(one)),
    by_title: (one, other) => titles.compare(one.headline, other.headline),
    by_open: (one, other) => other.open - one.open,
  };

  function applyFilter() {
    const wanted = Object.fromEntries(FIELDS.map((name) => [name, byId(name).value]));
    order = rows.filter((row) => matches(row, wanted));
    if (SORTS[wanted.sort]) order.sort((one, other) => SORTS[wanted.sort](one, other) || one.at - other.at);
    byId("rows").replaceChildren(...order.map((row) => row.element));
    byId("shown").value = words.shown.replace("{shown}", order.length).replace("{all}", rows.length);
    byId("none").hidden = order.length > 0;
    byId("clear").hidden = !FIELDS.some((name) => wanted[name]);
    return wanted;
  }

  function listHash() {
    const set = FIELDS.filter((name) => byId(name).value).map((name) => [name, byId(name).value]);
    return "#" + new URLSearchParams(set);
  }

  function onFilter() {
    applyFilter();
    history.replaceState(null, "", listHash());
  }

  function showList(hash) {
    const wanted = new URLSearchParams(hash);
    FIELDS.forEach((name) => { byId(name).value = wanted.get(name) || ""; });
    // A select that has no such choice falls back to none at all.
    if (!byId("sort").value) byId("sort").selectedIndex = 0;
    ["type", "verdict"].forEach((name) => { if (byId(name).selectedIndex < 0) byId(name).selectedIndex = 0; });
    applyFilter();
    const last = shownRow;
    shownRow = null;
    chosen = "";
    byId("list").hidden = false;
    byId("article").hidden = true;
    byId("article").replaceChildren();
    byId("steps").hidden = true;
    document.title = title;
    say("");
    if (last) {
      const link = last.element.querySelector("a");
      if (link.isConnected) {
        link.scrollIntoView({ block: "center" });
        link.focus({ preventScroll: true });
      }
    }
  }

  // One article

  function runs(pieces) {
    return pieces.map((piece) => (typeof piece === "string" ? piece : mark(piece.text, { items: piece.items })));
  }

  function mark(text, about, opening) {
    const items = about.items.split(" ");
    const core = (about.core || "").split(" ");
    const kinds = new Set(items.map((item) => "k-" + kindOf(item)));
    if (items.some((item) => core.includes(item))) kinds.add("is-core");
    return make("mark", {
      class: [...kinds].join(" ") + (about.furniture ? " furniture" : ""),
      "data-items": about.items,
      "data-core": about.core,
      tabindex: opening === undefined || opening ? "0" : "",
      role: opening === undefined || opening ? "button" : "",
      title: about.furniture,
    }, text);
  }

  function articleText(detail, row) {
    const texts = load("text-" + row.at);
    let before = [];
    return texts.map((text, at) => {
      const about = detail.marks[at];
      const items = about && about.items ? about.items.split(" ") : [];
      // One stop for the keyboard where an item begins, not one at each border within it.
      const opening = items.some((item) => !before.includes(item));
      before = items;
      if (items.length) return mark(text, about, opening);
      return about ? make("span", { class: "furniture", title: about.furniture }, text) : text;
    });
  }

  function reasons(why) {
    if (!why) return null;
    const said = why.sentences.map(([sentence, code]) => make("span", {}, sentence, code && make("code", {}, code)));
    return make("p", { class: "why" }, make("b", {}, why.label), said);
  }

  function quotes(card) {
    return card.quotes && card.quotes.map((quote) => make("blockquote", {},
      quote.text, make("small", {}, quote.at), quote.warning && make("b", { class: "warning" }, quote.warning)));
  }

  function facts(pairs) {
    if (!pairs || !pairs.length) return null;
    return make("dl", {}, pairs.map(([name, values]) => make("div", {},
      make("dt", {}, name), [values].flat().map((value) => make("dd", {}, value)))));
  }

  function cardOf(card) {
    const sign = card.verdict ? frame.verdicts[card.verdict] : card.mark;
    const glyph = sign && make("span", { class: "sign", title: card.says }, sign);
    const amount = card.amount && make("span", { class: "amount" }, make("b", {}, card.amount),
      card.value && make("small", {}, card.value));
    // Marks within a key point are buttons of their own and cannot stand inside another.
    const head = card.runs
      ? [make("button", { type: "button", class: "go", "aria-label": card.mark }, glyph), make("p", {}, runs(card.runs))]
      : [make("button", { type: "button", class: "go" }, glyph,
        make("span", { class: "name" }, card.title), amount)];
    const tags = card.tags && card.tags.length && make("p", { class: "tags" }, card.tags.map((tag) => make("span", {}, tag)));
    return make("li", {
      class: "card c-" + card.kind + (card.verdict ? " v-" + card.verdict : ""), "data-items": card.id,
    }, make("div", { class: "head" }, head),
    make("div", { class: "body" }, tags, reasons(card.why), facts(card.facts), quotes(card)),
    card.cards && card.cards.length && [make("h4", {}, card.inner), make("ul", { class: "cards" }, card.cards.map(cardOf))]);
  }

  function chip(card) {
    return make("li", { class: "chip", "data-items": card.id }, make("button", { type: "button", class: "go" }, card.title));
  }

  function sectionOf(section) {
    const count = section.cards.length ? make("small", {}, String(section.cards.length)) : null;
    return make("section", { class: "x-" + section.key }, make("h3", {}, section.title, " ", count),
      section.note && make("p", { class: "note" }, section.note),
      section.cards.length && (section.form === "chips"
        ? make("ul", { class: "chips" }, section.cards.map(chip))
        : make("ul", { class: "cards" }, section.cards.map(cardOf))));
  }

  function toCheck(detail) {
    if (!detail.open.length) return null;
    return make("div", { class: "alert" }, make("b", {}, `${words.open} ${detail.open.length}`),
      make("ul", { class: "chips" }, detail.open.map(([item, title]) => make("li", {},
        make("a", { href: shownRow.link + (item && "/" + item) }, title)))));
  }

  function legend() {
    const used = new Set(all(byId("article"), ".text mark").flatMap((one) => itemsOf(one).map(kindOf)));
    const isUsed = (kind) => (kind === "summary" ? SUMMARY.some((one) => used.has(one)) : used.has(kind));
    const choices = frame.highlights.filter(isUsed).map((kind) => make("label", { class: "l-" + kind },
      make("input", { type: "checkbox", "data-kind": kind, checked: "checked" }), make("span", {}, words["kind_" + kind])));
    if (all(byId("article"), ".text .furniture").length) choices.push(make("span", { class: "furniture" }, words.kind_furniture));
    byId("legend").append(...choices);
  }

  function side(name) {
    byId("article").dataset.side = name;
    all(byId("article"), ".sides button").forEach((one) => {
      one.setAttribute("aria-pressed", String(one.dataset.side === name));
    });
  }

  function step(label, row) {
    return row ? make("a", { href: row.link, rel: label }, words[label]) : make("span", { class: "off" }, words[label]);
  }

  function steps(row) {
    const at = order.indexOf(row);
    byId("steps").replaceChildren(
      make("a", { href: listHash(), rel: "up" }, words.back),
      step("previous", order[at - 1]),
      make("span", { class: "note" }, `${at + 1} / ${order.length}`),
      step("next", order[at + 1]));
    byId("steps").hidden = false;
  }

  function showArticle(row) {
    const detail = load("detail-" + row.at);
    const box = byId("article");
    shownRow = row;
    chosen = "";
    // An article that the filter leaves out, reached by its address: all others are its neighbours.
    if (!order.includes(row)) order = rows.slice();
    const hasText = detail.marks.length > 0;
    const source = make("aside", { "aria-label": words.text },
      hasText && make("div", { id: "legend", role: "group", "aria-label": words.highlights }),
      hasText
        ? make("div", { class: "text", lang: detail.language, tabindex: "0", role: "region", "aria-label": words.text }, articleText(detail, row))
        : make("p", { class: "note" }, words.no_text));
    box.replaceChildren(
      make("h2", { lang: detail.language, tabindex: "-1" }, runs(detail.headline)),
      make("p", { class: "sides" }, ["record", "text"].map((name) => make("button", { type: "button", "data-side": name }, words[name]))),
      make("div", { class: "columns" },
        make("div", { class: "record" },
          make("p", { class: "badge s-" + detail.status }, detail.says),
          detail.error && make("p", { class: "alert bad" }, detail.error),
          make("p", { class: "abstract", lang: detail.language }, runs(detail.abstract)),
          reasons(detail.why),
          toCheck(detail),
          detail.sections.map(sectionOf),
          detail.notes.length && make("section", {}, make("h3", {}, detail.notes_title),
            make("ul", {}, detail.notes.map((note) => make("li", {}, note)))),
          make("section", { class: "about" }, facts(detail.facts))),
        source));
    box.classList.toggle("no-text", !hasText);
    byId("list").hidden = true;
    box.hidden = false;
    if (hasText) legend();
    side("record");
    steps(row);
    say("");
    scrollTo(0, 0);
    document.title = row.headline;
    // The link that led here is gone: the keyboard goes on from the headline.
    box.querySelector("h2").focus({ preventScroll: true });
  }

  // Choosing an item

  const within = (selector, item) => all(byId("article"), selector).filter((one) => itemsOf(one).includes(item));
  const isNarrow = () => getComputedStyle(byId("article").querySelector(".sides")).display !== "none";

  function say(text, item) {
    byId("said").replaceChildren(...(text ? [text] : []));
    if (text && item) byId("said").append(" ", make("button", { type: "button", "data-back": item }, words.back_to_item));
  }

  // The very words of an item, or the whole quotation where they are not told apart.
  function placesOf(item) {
    const marks = within(".text mark", item);
    const core = marks.filter((one) => (one.dataset.core || "").split(" ").includes(item));
    return core.length ? core : marks;
  }

  // What an item is called beside the text: the head of its card, or a number of the summary, which has none.
  function findingOf(item) {
    const card = within(".card, .chip", item)[0];
    return card ? card.querySelector(".head, .go") : within(".record mark, h2 mark", item)[0];
  }

  // Marks an item on both sides and brings both into view; the side where the reader is stays as it is.
  function choose(item, origin) {
    const box = byId("article");
    all(box, ".is-on").forEach((one) => one.classList.remove("is-on", "is-place"));
    const found = within("[data-items]", item);
    found.forEach((one) => one.classList.add("is-on"));
    const places = placesOf(item);
    places.forEach((one) => one.classList.add("is-place"));
    chosen = found.length ? item : "";
    root.dataset.shown = chosen;
    if (!found.length) return say("");
    const place = places[0];
    const finding = findingOf(item);
    if (isNarrow()) {
      side(place && origin !== "text" ? "text" : "record");
      (place && origin !== "text" ? place : finding || place).scrollIntoView({ block: "center" });
    } else {
      if (place && origin !== "text") scrollWithin(place.closest(".text"), place);
      if (finding && origin !== "record") finding.scrollIntoView({ block: "center" });
    }
    const said = finding ? all(finding, ".name, .amount b, p").map((one) => one.textContent) : [];
    return say(said.join(" ") || (finding || place).textContent, place && finding ? item : "");
  }

  function scrollWithin(column, element) {
    const away = element.getBoundingClientRect().top - column.getBoundingClientRect().top;
    column.scrollTop += away - column.clientHeight / 3;
  }

  function go(item, origin) {
    const hash = shownRow.link + "/" + encodeURIComponent(item);
    // One entry of the history for all items of a visit: back leads to the article, then to the list.
    if (location.hash !== hash) history[chosen ? "replaceState" : "pushState"](null, "", hash);
    choose(item, origin);
  }

  function leave() {
    if (chosen) {
      history.replaceState(null, "", shownRow.link);
      choose("", "");
    } else if (shownRow) {
      location.hash = listHash();
    }
  }

  function route() {
    const hash = location.hash.slice(1);
    if (!hash.startsWith("a/")) return showList(hash);
    const [key, item] = hash.slice(2).split("/").map(decoded);
    const row = rows.find((one) => one.key === key);
    if (!row) {
      showList("");
      return say(words.unknown_article);
    }
    if (row !== shownRow) showArticle(row);
    return choose(item || "", "");
  }

  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  // Events

  function onClick(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const button = target.closest("button[data-side], button[data-back]");
    if (button) {
      if (button.dataset.side) return side(button.dataset.side);
      side("record");
      return findingOf(button.dataset.back).scrollIntoView({ block: "center" });
    }
    // Selecting words is no click on them.
    const hit = target.closest("#article [data-items]");
    if (!hit || target.closest("a") || !getSelection().isCollapsed) return;
    const items = itemsOf(hit);
    // Where several lie over one another, each further click goes on to the next.
    const item = items[(items.indexOf(chosen) + 1) % items.length];
    go(item, hit.closest(".text") ? "text" : "record");
  }

  function move(by, selector) {
    const cards = all(byId("article"), selector);
    const at = cards.findIndex((one) => itemsOf(one).includes(chosen));
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : at + by] || cards[by > 0 ? 0 : cards.length - 1];
    if (!next) return;
    const item = itemsOf(next)[0];
    go(item, "key");
    const focused = isNarrow() ? placesOf(item)[0] : next.querySelector(".go");
    if (focused) focused.focus({ preventScroll: true });
  }

  function moveInList(by) {
    const links = all(byId("rows"), "li > a");
    const next = links[links.indexOf(document.activeElement) + by];
    if (next) next.focus();
  }

  const follow = (rel) => all(byId("steps"), `a[rel=${rel}]`).forEach((one) => one.click());
  const KEYS = {
    j: () => (shownRow ? move(1, ".card") : moveInList(1)),
    k: () => (shownRow ? move(-1, ".card") : moveInList(-1)),
    o: () => shownRow && move(1, ".card.v-review"),
    n: () => shownRow && follow("next"),
    p: () => shownRow && follow("previous"),
    "/": () => {
      if (shownRow) showList(listHash().slice(1));
      history.replaceState(null, "", listHash());
      byId("q").focus();
    },
  };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && event.target.matches("mark[data-items]")) event.target.click();
    else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  }

  function onToggle(event) {
    const kind = event.target.dataset.kind;
    if (!kind) return;
    const off = all(byId("legend"), "input:not(:checked)").map((one) => one.dataset.kind);
    byId("article").dataset.off = off.join(" ");
  }

  document.addEventListener("DOMContentLoaded", () => {
    frame = load("frame");
    words = frame.words;
    const elements = all(byId("rows"), "li.row");
    rows = frame.rows.map((row, at) => ({ ...row, at, element: elements[at], key: decoded(row.link.slice(3)) }));
    order = rows.slice();
    root.classList.add("js");
    FIELDS.forEach((name) => byId(name).addEventListener("input", onFilter));
    byId("clear").addEventListener("click", () => {
      FIELDS.forEach((name) => { byId(name).value = ""; });
      onFilter();
      byId("q").focus();
    });
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    document.addEventListener("change", onToggle);
    window.addEventListener("hashchange", route);
    route();
    root.dataset.ready = String(Math.round(performance.now()));
  });
})();
