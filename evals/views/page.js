"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.violations = "0";
  document.addEventListener("securitypolicyviolation", () => {
    root.dataset.violations = String(Number(root.dataset.violations) + 1);
  });

  const all = (box, selector) => Array.from(box.querySelectorAll(selector));
  const ofItem = (pane, item) => all(pane, "[data-items]").filter((one) => one.dataset.items.split(" ").includes(item));

  function unmark(name) {
    all(document, "." + name).forEach((one) => one.classList.remove(name));
  }

  function reveal(element) {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  }

  function scrollWithin(column, element) {
    const away = element.getBoundingClientRect().top - column.getBoundingClientRect().top;
    column.scrollTop += away - column.clientHeight / 3;
  }

  // The row of an item says what it is; nothing found says nothing.
  function say(found) {
    const row = found.find((one) => one.title);
    document.getElementById("said").textContent = row ? row.title : "";
  }

  // Marks an item on both sides and brings it into view; the column where the reader is stays as it is.
  function show(pane, item, origin) {
    reveal(pane);
    unmark("is-on");
    const found = ofItem(pane, item);
    found.forEach((one) => one.classList.add("is-on"));
    const columns = all(pane, ".column");
    const places = columns.map((column) => found.find((one) => column.contains(one)));
    columns.forEach((column, at) => {
      if (places[at] && column !== origin) scrollWithin(column, places[at]);
    });
    // Where one side has nothing to show, the same part of the text.
    columns.forEach((column, at) => {
      const other = columns[1 - at];
      if (!places[at] && places[1 - at]) column.scrollTop = other.scrollTop * column.scrollHeight / other.scrollHeight;
    });
    say(found);
    if (!origin && found.length) (columns.length ? columns[0].parentElement : found[0]).scrollIntoView({ block: "start" });
    root.dataset.shown = found.length ? item : "";
  }

  // #case-ID, #case-ID/SYSTEM, #case-ID/SYSTEM/ITEM, or #case-ID/ITEM for the first system.
  function route() {
    let parts;
    try {
      parts = decodeURIComponent(location.hash.slice(1)).split("/");
    } catch {
      return;
    }
    const box = document.getElementById(parts[0]);
    if (!box || !parts[0].startsWith("case-")) return;
    reveal(box);
    const panes = all(box, ".pane");
    const pane = panes.find((one) => one.dataset.system === parts[1]);
    const item = pane ? parts[2] : parts[1];
    if (item && panes.length) show(pane || panes[0], item, null);
    else if (pane) reveal(pane);
    if (!item) (pane || box).scrollIntoView({ block: "start" });
  }

  function go(pane, item, origin) {
    const hash = "#" + encodeURI(pane.id + "/" + item);
    if (location.hash !== hash) history.pushState(null, "", hash);
    show(pane, item, origin);
  }

  function onClick(event) {
    const button = event.target.closest("button[data-act]");
    if (button) return act(button);
    const hit = event.target.closest(".tag, .column mark");
    const pane = hit && hit.closest(".pane");
    // Selecting words of the article is no click on them.
    if (!pane || event.ctrlKey || event.metaKey || !getSelection().isCollapsed) return undefined;
    event.preventDefault();
    return go(pane, hit.dataset.items.split(" ")[0], hit.closest(".column"));
  }

  function act(button) {
    if (button.dataset.act === "mistakes") {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isOn));
      root.dataset.only = isOn ? "mistakes" : "";
    } else {
      all(document, "details.case").forEach((one) => { one.open = button.dataset.act === "open"; });
    }
  }

  function hover(event) {
    unmark("is-hover");
    const hit = event.target.closest("[data-items]");
    const pane = hit && hit.closest(".pane");
    const found = pane ? ofItem(pane, hit.dataset.items.split(" ")[0]) : all(document, ".is-on");
    if (pane) found.forEach((one) => one.classList.add("is-hover"));
    say(found);
  }

  document.addEventListener("DOMContentLoaded", () => {
    root.classList.add("js");
    document.addEventListener("click", onClick);
    document.addEventListener("mouseover", hover);
    document.addEventListener("focusin", hover);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      unmark("is-on");
      unmark("is-hover");
      say([]);
    });
    window.addEventListener("hashchange", route);
    route();
    // Until then the browser itself scrolls to the row that bears the name.
    window.addEventListener("load", () => requestAnimationFrame(() => route()));
  });
})();
