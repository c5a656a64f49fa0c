import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { serve } from "../engines/serve.js";
import { example, leafPath, nativeAnswer, project } from "./installed.js";

async function browser(t) {
  const { binary, args } = JSON.parse(process.env.MANGO_BROWSER);
  const launched = await chromium.launch({ executablePath: binary, args, ignoreDefaultArgs: ["--headless"] });
  t.after(() => launched.close());
  return launched;
}

test("the README's example for a page answers a photo", async (t) => {
  const folder = project(t);
  cpSync(join(folder, "node_modules/mango-scout"), join(folder, "mango-scout"), { recursive: true });
  writeFileSync(join(folder, "page.html"), `<!doctype html><link rel="icon" href="data:," />${example("html")}`);
  const page = await (await browser(t)).newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  const server = await serve(folder);
  t.after(() => server.close());
  await page.goto(`${server.url}/page.html`);
  await page.waitForFunction(() => document.querySelector("input").onchange, undefined, { timeout: 60_000 });
  await page.setInputFiles("input", leafPath);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  const { verdict, classes } = nativeAnswer();
  assert.equal(await page.textContent("pre"), `${verdict}: ${classes[0].id} ${classes[0].probability.toFixed(2)}`);
  assert.deepEqual(problems, []);
});
