// The catalog's pages: search, links, no request, nothing that axe-core finds.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { open, openPlain, reports, shown, start, stop } from "./browser.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = path.join(reports, "site");
const count = () => fs.readFileSync(path.join(folder, "index.html"), "utf8").match(/<tr data-names=/g).length;

before(async () => {
  if (!fs.existsSync(folder)) execFileSync(process.env.CLOUDRACI, ["catalog", "site", "-o", folder], { stdio: "pipe" });
  await start();
});
after(stop);

test("the index finds services by words, types and modes, and shows all of them again", async () => {
  await open("site/index", {}, async (page) => {
    assert.equal(await shown(page, ".services tbody tr"), count());
    for (const [words, name] of [["aws_db_instance", "Amazon RDS"], ["fargate ecs", "Amazon Elastic Container Service (ECS)"], ["relational database", "Amazon RDS"]]) {
      await page.fill("input[type=search]", words);
      assert.ok(await page.isVisible(`.services a:text-is("${name}")`), words);
      const rows = await shown(page, ".services tbody tr");
      assert.ok(rows > 0 && rows < 40, `${words}: ${rows}`);
      assert.ok((await page.textContent(".found")).startsWith(`${rows} of `));
    }
    await page.fill("input[type=search]", "no such thing at all");
    assert.equal(await shown(page, ".services tbody tr"), 0);
    await page.fill("input[type=search]", "");
    assert.equal(await shown(page, ".services tbody tr"), count());
    await page.click("h1");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  });
});

test("without scripts every service is listed, and leads to its page", async () => {
  await openPlain("site/index", async (page) => {
    assert.equal(await shown(page, ".services tbody tr"), count());
    assert.equal(await page.isVisible("input[type=search]"), false);
    await page.click("text=Amazon RDS >> nth=0");
    assert.equal(await page.textContent("h1"), "Amazon RDS");
  });
});

test("axe-core finds nothing, light, dark and on a phone, and nothing is wider than the screen", async () => {
  for (const name of ["site/index", "site/services/rds", "site/services/ecs--fargate"]) {
    for (const how of [{}, { scheme: "dark" }, { width: 390, height: 844 }]) {
      await open(name, how, async (page) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]), [], `${name} ${JSON.stringify(how)}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is too wide, ${JSON.stringify(how)}`);
      });
    }
  }
});
