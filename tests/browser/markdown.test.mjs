// The Markdown reports as a forge shows them: every link within leads to a heading by the forge's rule for anchors, and
// every picture lies next to the report.
import { test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { names, reports, text } from "./browser.mjs";

// The rule of github-slugger: lower case; letters, marks, numbers, hyphens and underscores stay, spaces become hyphens.
const slug = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");

// A heading as it is read: without marks and backslashes.
const read = (heading) => heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\\(.)|[`*]/g, "$1").trim();

function anchors(markdown) {
  const counts = new Map();
  return new Set(
    [...markdown.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
      const wanted = slug(read(heading));
      const count = counts.get(wanted) ?? 0;
      counts.set(wanted, count + 1);
      return count ? `${wanted}-${count}` : wanted;
    }),
  );
}

test("links within a report lead to its headings", () => {
  for (const name of names) {
    const markdown = text(`${name}.md`);
    const known = anchors(markdown);
    const links = [...markdown.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    // A review and a planned handover have no chapters of services to lead to.
    if (name.endsWith("-audit")) assert.ok(links.length > 5, name);
    assert.deepEqual(links.filter((anchor) => !known.has(decodeURIComponent(anchor))), [], name);
  }
});

test("pictures lie next to the report", () => {
  for (const name of names) {
    const pictures = [...text(`${name}.md`).matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, picture]) => picture);
    // Requirements by themselves are tables alone.
    if (!name.startsWith("requirements-")) assert.ok(pictures.length > 0, name);
    for (const picture of pictures) {
      assert.ok(!/^([a-z]+:|\/|\.\.)/.test(picture), picture);
      assert.ok(fs.existsSync(path.join(reports, picture)), picture);
    }
  }
});

test("plain text says it all: no HTML but line breaks and comments", () => {
  for (const name of names) {
    const tags = [...text(`${name}.md`).replace(/`[^`]*`/g, "").matchAll(/(?<!\\)<(?!!--|br>|[^\s@<>]+@[^\s<>]+>)[^>]*>/g)].map(([tag]) => tag);
    assert.deepEqual(tags, [], name);
  }
});
