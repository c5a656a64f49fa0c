import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { openPage, serve } from "./browser.js";
import { example, leafPath, nativeAnswer, project } from "./installed.js";

test("the README's example for a page classifies a photo", async (t) => {
  const folder = project(t);
  cpSync(join(folder, "node_modules/mango-scout"), join(folder, "mango-scout"), { recursive: true });
  writeFileSync(join(folder, "page.html"), `<!doctype html><link rel="icon" href="data:," />${example("html")}`);
  const { page, problems } = await openPage(t);
  await page.goto(`${await serve(t, folder)}/page.html`);
  await page.waitForFunction(() => document.querySelector("input").onchange, undefined, { timeout: 60_000 });
  await page.setInputFiles("input", leafPath);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  const { verdict, classes } = nativeAnswer();
  assert.equal(await page.textContent("pre"), `${verdict}: ${classes[0].id} ${classes[0].probability.toFixed(2)}`);
  assert.deepEqual(problems, []);
});
