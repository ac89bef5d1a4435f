// Shows the services whose names, words and modes hold every word of the field. Nothing is fetched or stored, and no text
// becomes markup; without this file the page lists them all.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("input[type=search]");
  const found = document.querySelector(".found");
  const groups = [...document.querySelectorAll("section.category")].map((section) => ({
    section,
    rows: [...section.querySelectorAll("tbody tr")].map((row) => {
      const text = `${row.textContent} ${row.dataset.names}`.toLowerCase();
      // Types are named by what they begin with: `aws_db_*`.
      const begins = text.split(/\s+/).filter((name) => name.endsWith("*") && name.length > 4).map((name) => name.slice(0, -1));
      return { row, text, begins };
    }),
  }));
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { section, rows } of groups) {
      let any = false;
      for (const { row, text, begins } of rows) {
        const is = words.every((word) => text.includes(word) || begins.some((name) => word.startsWith(name)));
        row.hidden = !is;
        any ||= is;
        count += is ? 1 : 0;
      }
      section.hidden = !any;
    }
    found.textContent = words.length ? `${count} of ${groups.reduce((sum, group) => sum + group.rows.length, 0)} services` : "";
  };
  document.querySelector(".find").hidden = false;
  field.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    }
  });
  show();
});
