// What a person does with the HTML report: filter, search, sort, collapse, follow and copy links, print, read it on a
// phone, in the dark and without scripts. Counts are compared with the report's JSON.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { address, choose, found, json, names, open, openPlain, reports, settled, shown, start, stop } from "./browser.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LARGE = "estate-audit";

before(start);
after(stop);

// Duties and commitments as the JSON tells them.
function told(report) {
  const all = [];
  for (const service of report.services) {
    for (const control of service.controls) {
      for (const one of control.activities) {
        const holds = one.duty ? one.assignments.map((held) => [held.party, held.letters]) : [["aws", "A/R"]];
        const environments = one.duty ? [one.environment] : service.environments;
        const { accounts } = one;
        all.push({ environments, accounts, service: service.anchor, control: control.control, type: control.type, state: one.state, holds, duty: !!one.duty, text: one.does, requirements: one.requirements });
      }
    }
  }
  return all;
}

const holds = (party, letter) => (one) =>
  one.holds.some(([who, held]) => held && (!party || who === party) && (!letter || held.split("/").includes(letter)));

const counted = (list, all) => {
  const number = (of, duty) => of.filter((one) => one.duty === duty).length.toLocaleString("en");
  return `${number(list, true)} of ${number(all, true)} duties, ${number(list, false)} of ${number(all, false)} commitments`;
};

test("each filter counts what the JSON counts", async () => {
  const report = json(LARGE);
  const all = told(report);
  assert.ok(all.length > 500);
  const service = report.services.find((one) => one.service === "rds").anchor;
  const account = report.scope.accounts.find((one) => one.environment === "prod").id;
  const cases = [
    [{ party: "northwind" }, holds("northwind")],
    [{ party: "northwind", letter: "R" }, holds("northwind", "R")],
    [{ party: "aws" }, holds("aws")],
    [{ letter: "C" }, holds(null, "C")],
    [{ letter: "A", party: "platform" }, holds("platform", "A")],
    [{ service }, (one) => one.service === service],
    [{ control: "backup" }, (one) => one.control === "backup"],
    [{ type: "customer-specific" }, (one) => one.type === "customer-specific"],
    [{ state: "not met" }, (one) => one.state === "not-met"],
    [{ state: "unknown", control: "logging", party: "security" }, (one) => one.state === "unknown" && one.control === "logging" && holds("security")(one)],
    [{ environment: "prod" }, (one) => one.environments.includes("prod")],
    [{ environment: "dev", party: "platform", letter: "R" }, (one) => one.environments.includes("dev") && holds("platform", "R")(one)],
    [{ account }, (one) => one.accounts.includes(account)],
    [{ account, service, state: "unknown" }, (one) => one.accounts.includes(account) && one.service === service && one.state === "unknown"],
    [{ requirement: "PCI DSS 8.3.6" }, (one) => one.requirements.includes("PCI DSS 8.3.6")],
    [{ requirement: "ISO 27001 A.8.13", party: "northwind" }, (one) => one.requirements.includes("ISO 27001 A.8.13") && holds("northwind")(one)],
    [{ service, type: "shared", letter: "I" }, (one) => one.service === service && one.type === "shared" && holds(null, "I")(one)],
  ];
  await open(LARGE, {}, async (page) => {
    const rows = await shown(page, ".activity");
    for (const [choice, fits] of cases) {
      await choose(page, choice);
      assert.ok((await found(page)).startsWith(counted(all.filter(fits), all)), `${JSON.stringify(choice)}: ${await found(page)}`);
      // Sections without a hit are gone, from the list of contents, too.
      assert.equal(await page.$$eval("section:not([hidden])", (list) => list.filter((one) => !one.closest(".finding") && !one.querySelector("tr:not([hidden]), .finding:not([hidden]), .commitments > li:not([hidden])")).length), 0);
      assert.ok((await shown(page, ".contents li")) <= (await shown(page, "main :is(h2, h3)")));
      await page.click('[data-do="clear"]');
      await settled(page);
    }
    assert.equal(await shown(page, ".activity"), rows);
    assert.equal(await shown(page, "main [hidden] p"), 0);
    assert.equal(new URL(page.url()).hash, "");
  });
});

test("findings are filtered and counted in every edition, on cards and in rows, and each has a link of its own", async () => {
  const forms = new Set();
  for (const name of names.filter((one) => !one.startsWith("requirements-"))) {
    const report = json(name);
    const editionHasAll = !report.handover.planned || report.meta.edition !== "handover";
    await open(name, {}, async (page) => {
      const listed = await page.$$eval("[data-finding]", (list) => list.map((one) => [one.dataset.finding, one.matches("tr") ? "row" : "card", one.id]));
      const ids = new Set(listed.map(([id]) => id));
      if (editionHasAll) assert.deepEqual([...ids].sort(), report.findings.map((one) => one.id).sort(), name);
      assert.deepEqual(listed.map(([id, , own]) => own === `finding:${id}`), listed.map(() => true), `${name}: each once, with its own id`);
      for (const [, form] of listed) forms.add(`${report.meta.edition} ${form}`);
      const findings = report.findings.filter((one) => ids.has(one.id));
      const of = (one, party, letter) =>
        (one.accountable === party && letter !== "R") || (one.responsible.includes(party) && letter !== "A");
      for (const { id: party } of report.parties) {
        for (const letter of name.startsWith("payments") ? ["", "A", "R"] : [""]) {
          const own = findings.filter((one) => of(one, party, letter)).map((one) => one.id).sort();
          // A document does not offer what none of its rows has.
          const isOffered = await page.evaluate((values) => Object.entries(values).every(([field, value]) =>
            [...document.querySelector(`[name="${field}"]`).options].some((one) => one.value === value && !one.disabled)), { party, letter });
          if (!isOffered) {
            assert.deepEqual(own, [], `${name}: ${party} ${letter} is not offered`);
            continue;
          }
          await choose(page, { party, letter });
          const said = await page.$$eval("[data-finding]", (list) => list.filter((one) => one.checkVisibility()).map((one) => one.dataset.finding).sort());
          assert.deepEqual(said, own, `${name}: ${party} ${letter}`);
          if (findings.length) assert.match(await found(page), new RegExp(`(^|, )${own.length} of ${findings.length} finding`), `${name}: ${party} ${letter}`);
        }
      }
      await choose(page, { party: "", letter: "" });
      // A finding is in the state of its duty, and a heading over findings says how many of them are left.
      const broken = findings.filter((one) => one.code === "duty-not-met").map((one) => one.id).sort();
      if (broken.length) {
        await choose(page, { state: "not met" });
        const said = await page.$$eval("[data-finding]", (list) => list.filter((one) => one.checkVisibility()).map((one) => one.dataset.finding).sort());
        assert.deepEqual(said, broken, `${name}: not met`);
        const heads = await page.$$eval("h3[data-shown]", (list) => list.map((one) => [one.dataset.shown, one.parentElement.querySelectorAll("[data-finding]:not([hidden])").length]));
        for (const [words, left] of heads) assert.ok(words.startsWith(`${left} of `), `${name}: ${words}`);
        await choose(page, { state: "" });
        assert.equal(await page.$$eval("h3[data-shown]", (list) => list.length), 0, name);
      }
      for (const form of ["tr[data-finding]", ".finding"]) {
        const one = page.locator(form).first();
        if (!(await one.count())) continue;
        await one.scrollIntoViewIfNeeded();
        await one.hover();
        await one.locator(".link").first().click();
        await page.waitForFunction(() => document.querySelector(".said").textContent === "Link copied");
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${address(`${name}.html`)}#${await one.getAttribute("id")}`);
      }
    });
  }
  for (const form of ["audit card", "review card", "review row", "handover row"]) assert.ok(forms.has(form), form);
});

test("what moves and stays at a handover is filtered by all that is offered, and the halves of a review, too", async () => {
  const { handover, parties } = json("payments-handover");
  const held = [...handover.moves, ...handover.stays];
  const short = new Map(parties.map((party) => [party.id, party.short]));
  const figure = async (page) => Number((await page.textContent(".found")).match(/^([\d,]+) of /)[1].replace(",", ""));
  const wanted = {
    control: (value) => (one) => one.control === value,
    state: (value) => (one) => one.state.replace("-", " ") === value,
    party: (value) => (one) => ` ${one.before}, ${one.after},`.includes(` ${short.get(value)},`),
    service: (value, key) => (one) => (one.mode ? `${one.service}/${one.mode}` : one.service) === key,
  };
  await open("payments-handover", {}, async (page) => {
    for (const [field, fits] of Object.entries(wanted)) {
      const options = await page.$$eval(`[name="${field}"] option:not(:disabled)`, (all) => all.filter((one) => one.value).map((one) => [one.value, one.dataset.key]));
      assert.ok(options.length > 1, field);
      for (const [value, key] of options) {
        await choose(page, { control: "", state: "", party: "", service: "", [field]: value });
        await settled(page);
        assert.equal(await figure(page), held.filter(fits(value, key)).length, `${field} ${value}`);
      }
    }
  });
  await open("payments-review", {}, async (page) => {
    const options = await page.$$eval('[name="party"] option:not(:disabled)', (all) => all.filter((one) => one.value).map((one) => one.value));
    for (const party of options) {
      await choose(page, { party });
      await settled(page);
      const halves = await page.$$eval(".halves tbody tr", (rows) => rows.filter((row) => row.checkVisibility()).map((row) => row.cells[3].textContent));
      const all = await page.$$eval(".halves tbody tr", (rows) => rows.map((row) => row.cells[3].textContent));
      const name = ` ${short.get(party)} `;
      assert.equal(halves.length, all.filter((who) => ` ${who}`.replaceAll("\n", " ").includes(name)).length, party);
    }
  });
});

test("search finds every word, marks it and keeps the rest out of sight", async () => {
  await open(LARGE, {}, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("rotate KEY");
    await settled(page);
    const count = await shown(page, ".activity");
    assert.ok(count > 0 && count < 200, `${count}`);
    // A row says what stands in it, in the activity that it is a deployment of, in its band, and above its table.
    const rows = await page.$$eval(".raci tbody tr:not(.band, .scope)", (list) => list.filter((one) => one.checkVisibility()).map((one) => {
      let activity = one;
      while (activity.classList.contains("deployment")) activity = activity.previousElementSibling;
      const above = [one.closest("tbody").querySelector(".band"), one.closest("section").querySelector("h2, h3, h4")];
      return [one, activity, ...above].map((row) => row?.textContent.toLowerCase()).join(" ");
    }));
    assert.ok(rows.every((text) => text.includes("rotate") && text.includes("key")), rows.join("\n"));
    assert.ok(await page.evaluate(() => CSS.highlights.get("found").size > 0));
    assert.equal(new URL(page.url()).hash, "#?q=rotate+KEY");
    await page.fill('[name="q"]', "qqxzzy");
    await settled(page);
    assert.equal(await found(page), `${counted([], told(json(LARGE)))}, 0 of ${json(LARGE).findings.length} findings`);
    assert.equal(await shown(page, "main section"), 0);
  });
});

test("search finds what holds on a resource, in an environment and in an account, and says on which resource", async () => {
  const report = json("payments-audit");
  const shownText = (page) => page.$$eval(".raci tbody tr:not(.band)", (list) => list.filter((one) => one.checkVisibility()).map((one) => one.textContent.toLowerCase()));
  // A resource whose name stands in no row of duties.
  const named = report.resources.filter((one) => one.name && one.service === "rds" && one.environment === "prod");
  assert.ok(named.length > 0);
  for (const view of [{}, { width: 390, height: 844 }]) {
    await open("payments-audit", view, async (page) => {
      const all = await shown(page, ".activity");
      for (const { name } of named) {
        await page.fill('[name="q"]', name);
        await settled(page);
        const found = await shown(page, ".activity");
        assert.ok(found > 5 && found < all / 2, `${name}: ${found} of ${all}`);
        const hidden = (await shownText(page)).filter((text) => !text.includes(name.toLowerCase()));
        const said = await page.$$eval("[data-found]", (list) => list.filter((one) => one.checkVisibility()).map((one) => one.dataset.found));
        assert.ok(hidden.length > 0 && said.length >= hidden.length / 2, `${name}: ${said.length} of ${hidden.length}`);
        assert.ok(said.every((names) => names.includes(name)), said.join("; "));
      }
      const figure = async () => Number((await found(page)).match(/^([\d,]+) of /)[1].replace(",", ""));
      const { id, name } = report.scope.accounts.find((one) => one.environment === "dev");
      for (const word of [id, name]) {
        await page.fill('[name="q"]', word);
        await settled(page);
        const inAccount = told(report).filter((one) => one.duty && one.accounts.includes(id)).length;
        assert.ok((await figure()) >= inAccount, `${word}: ${await figure()}`);
      }
      await page.fill('[name="q"]', `${id} backup`);
      await settled(page);
      assert.ok((await figure()) > 0 && (await figure()) < 60, await found(page));
    });
  }
});

test("days stand on one line", async () => {
  for (const view of [{}, { width: 390, height: 844 }]) {
    await open("payments-review", view, async (page) => {
      const torn = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
          const node = walker.currentNode;
          for (const day of node.data.matchAll(/\b\d{1,2}\s(January|February|March|April|May|June|July|August|September|October|November|December)\s\d{4}\b/g)) {
            const range = new Range();
            range.setStart(node, day.index);
            range.setEnd(node, day.index + day[0].length);
            if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(day[0]);
          }
        }
        return found;
      });
      assert.deepEqual(torn, []);
    });
  }
});

test("columns sort up, down, and back", async () => {
  await open(LARGE, {}, async (page) => {
    const column = (selector, at) => page.$$eval(`${selector} tbody tr:not(.band)`, (rows, at) => rows.map((row) => row.cells[at].textContent.trim()), at);
    const before = await column(".checklist", 0);
    const head = page.locator(".checklist thead th").first();
    await head.locator("button").click();
    const up = await column(".checklist", 0);
    assert.deepEqual(up, [...before].sort((a, b) => a.localeCompare(b, "en")));
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    await head.locator("button").click();
    assert.deepEqual(await column(".checklist", 0), [...before].sort((a, b) => b.localeCompare(a, "en")));
    await head.locator("button").click();
    assert.deepEqual(await column(".checklist", 0), before);
    assert.equal(await head.getAttribute("aria-sort"), null);
    const numbers = page.locator(".checklist thead th", { hasText: "Duties" }).first();
    await numbers.locator("button").click();
    const sorted = (await column(".checklist", 1)).map(Number);
    assert.deepEqual(sorted, [...sorted].sort((a, b) => a - b));
    for (const table of [".matrix", ".sources"]) assert.ok((await page.locator(`${table} .sort`).count()) > 0, table);
  });
});

test("sections collapse, and open again for who is sent there", async () => {
  await open(LARGE, {}, async (page) => {
    const section = page.locator("section", { has: page.locator("> #findings-and-gaps") }).last();
    await section.locator("> .fold").click();
    assert.equal(await shown(page, ".finding"), 0);
    assert.equal(await section.locator("> .fold").getAttribute("aria-expanded"), "false");
    await page.click('.contents a[href="#findings-and-gaps"]');
    await settled(page);
    assert.ok((await shown(page, ".finding")) > 0);
    await page.click('[data-do="fold"]');
    assert.equal(await shown(page, ".activity"), 0);
    // A filter looks into everything.
    await choose(page, { party: "northwind" });
    assert.ok((await shown(page, ".activity")) > 0);
    await page.click('[data-do="clear"]');
    await page.click('[data-do="fold"]');
    assert.ok((await shown(page, ".activity")) > 0);
  });
});

test("a filtered view survives a reload and can be sent", async () => {
  await open(LARGE, {}, async (page) => {
    await choose(page, { party: "security", type: "shared" });
    const [hits, link] = [await found(page), page.url()];
    assert.ok(link.endsWith("#?party=security&type=shared"), link);
    await page.click('[data-do="share"]');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    await page.reload();
    assert.equal(await found(page), hits);
    assert.equal(await page.inputValue('[name="party"]'), "security");
    // Going somewhere keeps the filter.
    const [entry] = await page.$$eval(".contents .level-2 a", (list) => list.filter((one) => one.checkVisibility()).map((one) => one.getAttribute("href")));
    await page.click(`.contents a[href="${entry}"]`);
    await settled(page);
    assert.ok(page.url().endsWith(`${entry}?party=security&type=shared`), page.url());
    assert.equal(await found(page), hits);
    await page.reload();
    assert.equal(await found(page), hits);
    await page.evaluate(() => (location.hash = "#?party=nobody&type=<b>&q="));
    await settled(page);
    assert.equal(await found(page), "");
  });
});

test("every row has a link of its own that leads there", async () => {
  const ids = new Set(json(LARGE).services.flatMap((one) => one.controls).flatMap((one) => one.activities).map((one) => one.duty));
  await open(LARGE, {}, async (page) => {
    const own = await page.$$eval(".activity", (list) => list.map((one) => one.id));
    assert.equal(new Set(own).size, own.length);
    assert.deepEqual(own.filter((id) => !ids.has(id)), [], "ids are those of duties");
    const wanted = own.find((id) => id.startsWith("rds.backup.customer."));
    const activity = page.locator(`[id="${wanted}"]`);
    await activity.scrollIntoViewIfNeeded();
    await activity.hover();
    await activity.locator(".link").click();
    assert.equal(await page.textContent(".said"), "Link copied");
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(link, `${address(`${LARGE}.html`)}#${wanted}`);
    await page.goto("about:blank");
    await page.goto(link);
    await settled(page);
    const sees = () => page.evaluate((id) => {
      const activity = document.getElementById(id);
      const { top, bottom } = activity.getBoundingClientRect();
      // The header of the table stays in view, below the tools.
      return top >= activity.closest("table").tHead.getBoundingClientRect().bottom - 1 && bottom <= innerHeight;
    }, wanted);
    assert.ok(await sees());
    await page.reload();
    await settled(page);
    assert.ok(await sees());
    // Where a filter hides it, the filter gives way.
    await choose(page, { service: "amazon-s3" });
    await page.evaluate((id) => (location.hash = id), wanted);
    await settled(page);
    assert.ok(await sees());
  });
});

test("each cell of the matrix leads to the halves of its control, and arrows from cell to cell", async () => {
  const report = json(LARGE);
  const sections = new Set(report.services.map((one) => one.anchor));
  await open(LARGE, {}, async (page) => {
    const cells = await page.$$eval(".matrix tbody td", (list) => list.map((cell) => [cell.textContent, cell.querySelector("a")?.getAttribute("href")]));
    assert.ok(cells.every(([text, link]) => text === "–" || link));
    const led = await page.$$eval(".matrix tbody td a", (list) => list.map((link) => {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      return target?.closest("section").querySelector("h3").id;
    }));
    // In the section of a service, or where it stands once for all of them.
    assert.ok(led.every((anchor) => sections.has(anchor) || anchor === "every-service"));
    assert.ok(led.filter((anchor) => sections.has(anchor)).length > led.length / 2);
    // Each part is one stop of the tabulator.
    assert.equal(await page.$$eval('.matrix tbody a:not([tabindex="-1"])', (list) => list.length), await page.locator(".matrix").count());
    await page.focus('.matrix tbody a[tabindex="0"]');
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.deepEqual(await page.evaluate(() => [document.activeElement.closest("td").cellIndex, document.activeElement.closest("tr").rowIndex]), [2, 4]);
  });
});

test("without scripts it is a plain document", async () => {
  await openPlain(LARGE, async (page) => {
    assert.equal(await page.isVisible(".tools"), false);
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.equal(await page.locator(".activity:visible").count(), await page.locator(".raci [data-duties]").count());
    await page.click('.contents a[href="#findings-and-gaps"]');
    assert.ok(page.url().endsWith("#findings-and-gaps"));
  });
});

test("the number of a requirement, typed, finds what answers it", async () => {
  const all = told(json(LARGE));
  const answers = all.filter((one) => one.requirements.includes("PCI DSS 8.3.6"));
  assert.ok(answers.length > 0);
  await open(LARGE, {}, async (page) => {
    await page.fill('[name="q"]', "PCI DSS 8.3.6");
    await settled(page);
    assert.ok((await found(page)).startsWith(counted(answers, all)), await found(page));
  });
});

test("it prints: a cover, pages of A4, no tools, and what was filtered says so", async () => {
  await open(LARGE, {}, async (page) => {
    const whole = await page.pdf({ path: path.join(reports, "print.pdf"), preferCSSPageSize: true });
    const pages = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages(whole) > 20 && pages(whole) < 260, `${pages(whole)} pages`);
    await page.emulateMedia({ media: "print" });
    for (const selector of [".tools", ".fold", ".link", ".filtered-note", ".skip"]) assert.equal(await shown(page, selector), 0, selector);
    assert.equal(await page.$eval(".raci thead", (head) => getComputedStyle(head).display), "table-header-group");
    // A button would be missing from a header that is repeated on the next page.
    const boxes = await page.$$eval(".sort", (buttons) => [...new Set(buttons.map((button) => getComputedStyle(button).display))].sort());
    assert.deepEqual(boxes, ["contents", "none"]);
    assert.equal(await page.$eval(".cover", (cover) => getComputedStyle(cover).breakAfter), "page");
    await page.emulateMedia({ media: "screen" });
    await choose(page, { party: "northwind", letter: "R" });
    await page.emulateMedia({ media: "print" });
    assert.match(await page.textContent(".filtered-note"), /^A part of the report: Northwind Managed Services · R responsible\. \d+ of/);
    assert.equal(await shown(page, ".filtered-note"), 1);
    assert.ok(pages(await page.pdf({ preferCSSPageSize: true })) < pages(whole) / 2);
  });
});

test("no width makes the page scroll sideways", async () => {
  for (const name of names) {
    await open(name, { width: 320, height: 800 }, async (page) => {
      for (const width of [320, 390, 768, 1100, 1440, 2200]) {
        await page.setViewportSize({ width, height: 800 });
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${name} at ${width}`);
      }
    });
  }
});

test("axe-core finds nothing, light, dark and on a phone", async () => {
  const views = [{}, { scheme: "dark" }, { width: 390, height: 844 }, { hash: "#?q=backup&letter=R" }];
  for (const name of names) {
    // All documents share their style: one is looked at in every way, the others in the dark.
    for (const view of name === "payments-audit" ? views : views.slice(1, 2)) {
      await open(name, view, async (page) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        const brief = violations.map((rule) => [rule.id, rule.nodes.length, rule.nodes[0].html.slice(0, 200)]);
        assert.deepEqual(brief, [], `${name} ${JSON.stringify(view)}`);
      });
    }
  }
});
