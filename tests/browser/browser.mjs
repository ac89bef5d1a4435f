// Pages of the reports in headless Chromium. In: REPORTS, a folder with reports of every example and edition, and
// CHROMIUM. Out: pages that fail a test on anything that a person would find in the browser's console.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const reports = process.env.REPORTS;
export const names = fs.readdirSync(reports).filter((name) => name.endsWith(".html")).map((name) => name.slice(0, -5)).sort();
export const address = (name) => pathToFileURL(path.join(reports, name)).href;
export const json = (name) => JSON.parse(fs.readFileSync(path.join(reports, `${name}.json`), "utf8"));
export const text = (name) => fs.readFileSync(path.join(reports, name), "utf8");

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
let context;
let profile;

export async function start() {
  profile = fs.mkdtempSync(path.join(os.tmpdir(), "cloudraci-"));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM, headless: true, args: flags, viewport: { width: 1440, height: 900 },
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
}

export async function stop() {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
}

// Opens a report; `use` gets the page. Complaints in the console, failures and requests are faults.
export async function open(name, { hash = "", width = 1440, height = 900, scheme = "light" }, use) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) complaints.push(`request: ${request.url()}`);
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  // The largest report takes a busy machine long, which is no fault of the page.
  page.setDefaultTimeout(180_000);
  await page.goto(address(`${name}.html`) + hash);
  try {
    await use(page);
  } finally {
    await page.close();
  }
  assert.deepEqual(complaints, [], name);
}

// The same without scripts.
export async function openPlain(name, use) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags });
  try {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(address(`${name}.html`));
    await use(page);
  } finally {
    await browser.close();
  }
}

// Chooses in the page's tools, as a person would.
export async function choose(page, choice) {
  if (!(await page.isVisible(".filters"))) await page.click('[data-do="filters"]');
  for (const [name, value] of Object.entries(choice)) await page.selectOption(`[name="${name}"]`, value);
  await settled(page);
}

export const settled = (page) => page.waitForTimeout(250);

// What the page shows now.
export const shown = (page, selector) =>
  page.$$eval(selector, (elements) => elements.filter((element) => element.checkVisibility()).length);
export const found = async (page) => (await page.textContent(".found")).trim();
