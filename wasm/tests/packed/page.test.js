import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { example, leafPath, nativeAnswer, project } from "./installed.js";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/** Serves a folder on this machine. */
async function serve(t, folder) {
  const server = createServer((request, response) => {
    const path = join(folder, normalize(decodeURI(new URL(request.url, "http://localhost").pathname)));
    try {
      const body = readFileSync(path);
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

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
  await page.goto(`${await serve(t, folder)}/page.html`);
  await page.waitForFunction(() => document.querySelector("input").onchange, undefined, { timeout: 60_000 });
  await page.setInputFiles("input", leafPath);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  const { verdict, classes } = nativeAnswer();
  assert.equal(await page.textContent("pre"), `${verdict}: ${classes[0].id} ${classes[0].probability.toFixed(2)}`);
  assert.deepEqual(problems, []);
});
