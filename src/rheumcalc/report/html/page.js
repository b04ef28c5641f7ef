"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const items = all(".item");
  const list = byId("findings");
  let open = null;
  let current = null;

  // --- the working of a mark opens below the paragraph or the row that the mark stands in ---

  const shut = () => {
    if (open === null) return null;
    const { mark, card, row, home } = open;
    open = null;
    card.classList.remove("open");
    mark.setAttribute("aria-expanded", "false");
    home.replaceWith(card);
    if (row !== null) row.remove();
    return mark;
  };

  const unfold = (mark) => {
    const card = byId(mark.getAttribute("aria-controls"));
    if (open !== null && open.mark === mark) return card;
    shut();
    // The workings stand in the order of the text, and each goes back to its place.
    const home = document.createComment("");
    card.before(home);
    const line = mark.closest("table.results tr");
    let row = null;
    if (line === null) {
      mark.closest("[data-block]").after(card);
    } else {
      row = document.createElement("tr");
      row.className = "opened";
      const cell = document.createElement("td");
      cell.colSpan = line.cells.length;
      cell.append(card);
      row.append(cell);
      line.after(row);
    }
    card.classList.add("open");
    mark.setAttribute("aria-expanded", "true");
    open = { mark, card, row, home };
    return card;
  };

  const look = (element, place = "center") => {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: place });
  };

  const toggle = (mark) => {
    if (open !== null && open.mark === mark) {
      shut();
      return;
    }
    const card = unfold(mark);
    look(card, "nearest");
  };

  // Goes where an id is shown: a mark with its working, a working, a finding in the list, a rule.
  const go = (id) => {
    const target = byId(id);
    if (target === null) return;
    const mark = target.dataset.mark === undefined ? target : byId(target.dataset.mark);
    if (mark.hasAttribute("aria-controls")) {
      unfold(mark);
      look(mark);
    } else {
      if (target.tagName === "DETAILS") target.open = true;
      const folded = target.closest("details:not([open])");
      if (folded !== null) folded.open = true;
      if (target.classList.contains("item")) reveal(target);
      look(target, target.tagName === "DETAILS" || target.tagName === "NAV" ? "start" : "center");
    }
  };

  // --- the list of findings ---

  const boxes = all('input[name="severity"]');
  const choice = byId("rule-filter");
  const visible = () => items.filter((item) => !item.hidden);

  const filter = () => {
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const item of items) {
      const fits = choice.value === "" || item.dataset.rule === choice.value;
      item.hidden = !(fits && severities.has(item.dataset.severity));
    }
    for (const group of all(".group")) {
      group.hidden = all(".item", group).every((item) => item.hidden);
    }
    byId("shown").textContent = `Showing ${visible().length} of ${items.length} findings.`;
  };

  // A finding that the filters hide is shown again before it is gone to.
  const reveal = (item) => {
    if (!item.hidden) return;
    for (const box of boxes) box.checked = true;
    choice.value = "";
    filter();
  };

  const point = (item) => {
    if (current !== null) current.removeAttribute("aria-current");
    current = item;
    item.setAttribute("aria-current", "true");
    const overflow = item.offsetTop - list.offsetTop;
    if (getComputedStyle(list).overflowY === "auto") list.scrollTop = overflow - list.clientHeight / 3;
  };

  const visit = (item) => {
    point(item);
    go(item.dataset.target);
  };

  const move = (step) => {
    const shown = visible();
    if (shown.length === 0) return;
    const at = current === null ? -1 : shown.indexOf(current);
    let next = at + step;
    if (at === -1) {
      // The current one is hidden, or there is none: go on from its place.
      const place = current === null ? -1 : items.indexOf(current);
      const after = shown.findIndex((item) => items.indexOf(item) > place);
      next = step > 0 ? Math.max(after, 0) : (after === -1 ? shown.length : after) - 1;
    }
    visit(shown[(next + shown.length) % shown.length]);
  };

  const back = () => {
    if (current !== null && !current.hidden) {
      point(current);
      look(current);
    } else {
      look(list, "start");
    }
  };

  // --- the mouse and the keyboard ---

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const id = link.hash.slice(1);
    event.preventDefault();
    if (link.hasAttribute("aria-controls")) {
      toggle(link);
    } else if (link.hasAttribute("data-close")) {
      const mark = byId(id);
      shut();
      look(mark);
    } else if (link.classList.contains("jump")) {
      visit(link.closest(".item"));
    } else {
      go(id);
    }
  });

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === " " && target.closest('[role="button"]') !== null) {
      event.preventDefault();
      toggle(target.closest('[role="button"]'));
    } else if (key === "Escape") {
      const mark = shut();
      if (mark !== null) look(mark, "nearest");
    } else if (byId("single-keys").checked && target.closest("select, textarea, input:not([type=checkbox])") === null) {
      if (key === "n") move(1);
      else if (key === "p") move(-1);
      else if (key === "l") back();
    }
  });

  // A table that is wider than the page is scrolled by the keyboard too.
  const measure = () => {
    for (const box of all(".scroll")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "a table that scrolls sideways");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  };
  measure();
  addEventListener("resize", measure);

  for (const mark of all("a.mark")) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-expanded", "false");
    mark.setAttribute("aria-controls", mark.hash.slice(1));
  }
  for (const box of [...boxes, ...(choice === null ? [] : [choice])]) box.addEventListener("change", filter);
  for (const button of all("[data-move]")) button.addEventListener("click", () => move(Number(button.dataset.move)));
  for (const tool of all(".filters, .keys")) tool.hidden = false;
  document.documentElement.classList.add("scripted");
  if (choice !== null) filter();
  const follow = () => {
    if (location.hash.length > 1) go(decodeURIComponent(location.hash.slice(1)));
  };
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", shut);
  follow();
})();
