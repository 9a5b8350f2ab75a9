// Keys for pages of staff. An element with data-key answers to that key: a link or button is
// activated, a field is focused. Nothing happens while one types in a field, or with Ctrl, Alt or Meta;
// all of it can be turned off (WCAG 2.1.4).
(() => {
  "use strict";
  const OFF = "keys-off";
  const stored = () => { try { return localStorage.getItem(OFF) === "yes"; } catch { return false; } };
  const store = (off) => { try { localStorage.setItem(OFF, off ? "yes" : "no"); } catch { /* private window */ } };
  let off = stored();

  const typing = (target) => target.isContentEditable
    || (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=file]"));
  const keyed = () => [...document.querySelectorAll("[data-key]")].filter((one) => !one.closest("dialog"));
  const points = () => document.querySelector("[data-digits]");

  function fill(text, then) {
    const field = points();
    if (!field) return;
    field.value = text;
    if (then !== "stay") { field.focus(); field.setSelectionRange(text.length, text.length); }
  }

  function say(button) {
    const comment = document.getElementById("comment");
    const said = button.dataset.say;
    if (!comment.value.includes(said)) comment.value = comment.value.trim() ? `${comment.value.trim()}\n${said}` : said;
    if (button.dataset.worth) fill(button.dataset.worth, "stay");
    points().focus();
  }

  function use(one) {
    if (one.matches("input, textarea, select")) { one.focus(); if (one.select) one.select(); } else one.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.key === "Enter" && event.target.matches("body, main") && points() && !off) {
      event.preventDefault();
      points().form.requestSubmit();
      return;
    }
    if (off || typing(event.target)) return;
    if (points() && /^[0-9]$/.test(event.key)) { event.preventDefault(); fill(event.key); return; }
    const one = keyed().find((each) => each.dataset.key === event.key && !each.disabled);
    if (one) { event.preventDefault(); use(one); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.fill !== undefined) fill(button.dataset.fill);
    else if (button.dataset.say !== undefined) say(button);
    else if (button.id === "keys-help") help();
  });

  function help() {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "keys-title");
    const title = Object.assign(document.createElement("h2"), { id: "keys-title", textContent: "Keys" });
    const table = document.createElement("table");
    table.className = "compact";
    const lines = keyed().map((one) => [one.dataset.key, one.dataset.does || "this list"]);
    if (points()) lines.unshift(["0 … 9", "points"], ["Enter", "save, and go to the next open answer"], ["Esc", "leave a field"]);
    for (const [key, does] of lines) {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      row.append(head);
      row.insertCell().textContent = does;
    }
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !off });
    box.addEventListener("change", () => { off = !box.checked; store(off); });
    label.append(box, " Single keys work on this machine");
    const close = Object.assign(document.createElement("button"), { textContent: "Close", type: "button", className: "primary" });
    close.addEventListener("click", () => dialog.close());
    const end = document.createElement("p");
    end.className = "row between";
    end.append(label, close);
    dialog.append(title, table, end);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  // what works by script alone is shown by it alone
  for (const one of document.querySelectorAll("button[hidden][data-key]")) one.hidden = false;
})();
