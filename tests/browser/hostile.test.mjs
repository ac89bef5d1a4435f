// Names that would like to be markup, in the browser itself: nothing of them runs, nothing of them is lost, and the
// page's policy stops what is put into it afterwards.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { choose, open, reports, settled, shown, start, stop } from "./browser.mjs";

const TEXTS = [
  "</script><script>window.hit = 1</script>",
  '" onload="window.hit = 1" onmouseover="window.hit = 1',
  "<img src=x onerror=window.hit=1>",
  "</style><style>body { display: none }</style>",
  "</option></select><svg onload=window.hit=1>",
  "'; } body { display: none } /*",
  "<!--<script>",
  "javascript:window.hit=1",
];

// A folder of their own: other tests go over all reports in theirs.
const folder = path.join(reports, "hostile");

before(() => {
  fs.mkdirSync(folder);
  TEXTS.forEach((text, at) => {
    const inventory = {
      inventory: 1, title: text, organization: text, as_of: "2026-11-01", classification: text, theme: { footer: text },
      parties: { platform: { name: text, contact: text, people: [text] } },
      assignments: [{ responsible: "platform", accountable: "platform" }],
      accounts: { 111122223333: { name: text } },
      resources: [
        { service: "sqs", name: text, account: "111122223333", environment: text, config: { sqs_managed_sse_enabled: false } },
        { type: text, name: text },
      ],
    };
    const file = path.join(folder, `${at}.json`);
    fs.writeFileSync(file, JSON.stringify(inventory));
    execFileSync(process.env.CLOUDRACI, ["report", file, "-o", path.join(folder, `${at}.html`)], { stdio: "pipe" });
  });
  return start();
});
after(stop);

test("nothing of a hostile name runs, and all of it can be chosen and found", async () => {
  for (const [at, text] of TEXTS.entries()) {
    await open(`hostile/${at}`, {}, async (page) => {
      assert.equal(await page.textContent("h1"), text);
      assert.equal(await page.evaluate(() => document.scripts.length), 1);
      assert.ok(await page.isVisible("main"));
      await choose(page, { party: "platform" });
      assert.equal(await page.$eval('[name="party"]', (field) => field.selectedOptions[0].textContent), text);
      assert.ok((await page.textContent(".filtered-note")).includes(text));
      assert.ok((await shown(page, ".activity")) > 0);
      await page.click('[data-do="clear"]');
      await page.fill('[name="q"]', text);
      await settled(page);
      assert.ok((await shown(page, "tbody tr")) > 0, text);
      await page.reload();
      assert.equal(await page.inputValue('[name="q"]'), text);
      assert.equal(await page.evaluate(() => window.hit), undefined);
    });
  }
});

test("the policy stops scripts and styles that are put into the page", async () => {
  const refused = [];
  await assert.rejects(open("estate-audit", {}, async (page) => {
    page.on("console", (message) => refused.push(message.text()));
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.hit = 1";
      document.body.append(script);
      const box = document.createElement("div");
      box.innerHTML = '<img src="x" onerror="window.hit = 1"><p style="color: rgb(1, 2, 3)">x</p><style>h1 { color: rgb(1, 2, 3) }</style>';
      document.body.append(box);
    });
    await settled(page);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    for (const selector of ["body > div > p", "h1"]) {
      assert.notEqual(await page.$eval(selector, (element) => getComputedStyle(element).color), "rgb(1, 2, 3)");
    }
  }));
  assert.ok(refused.filter((text) => text.includes("Content Security Policy")).length >= 4, refused.join("\n"));
});
