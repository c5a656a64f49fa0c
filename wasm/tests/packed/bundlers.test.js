import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { openPage, serve } from "./browser.js";
import { example, here, leafPath, nativeAnswer, project } from "./installed.js";

/** The README's Content-Security-Policy, plus data URLs for the icon. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

/** The README's page, with its script in a file for a bundler. */
function app(t) {
  const folder = project(t);
  const [html, script] = example("html").match(/^(.*?)<script type="module">(.*?)<\/script>/s).slice(1);
  const [, imported, body] = script.match(/^\s*(import .*?;)(.*)$/s);
  // In a function: Vite 5 builds for browsers without await outside of one. What goes wrong is shown where the answer would be.
  const failed = '(error) => (document.querySelector("pre").textContent = `${error.code}: ${error.message}`)';
  const taken = imported.replace("./mango-scout/index.js", "mango-scout");
  writeFileSync(join(folder, "main.js"), `${taken}\nasync function main() {${body}}\nmain().catch(${failed});\n`);
  const page = (source) => `<!doctype html><link rel="icon" href="data:," />${html}<script type="module" src="${source}"></script>`;
  writeFileSync(join(folder, "index.html"), page("./main.js"));
  return { folder, page };
}

/** Compares the answer of the page at a URL with the native build's. */
async function answers(t, url) {
  const { page, problems } = await openPage(t);
  await page.goto(url);
  const ready = () => document.querySelector("input").onchange || /:/.test(document.querySelector("pre").textContent);
  await page.waitForFunction(ready, undefined, { timeout: 60_000 });
  assert.equal(await page.textContent("pre"), "choose a photo of a mango leaf");
  await page.setInputFiles("input", leafPath);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  const { verdict, classes } = nativeAnswer();
  assert.equal(await page.textContent("pre"), `${verdict}: ${classes[0].id} ${classes[0].probability.toFixed(2)}`);
  assert.deepEqual(problems, []);
}

const tool = (name) => here(`node_modules/${name}`);

/** The oldest and the newest version that the README names. */
const VITES = [
  ["Vite 5", tool("vite-5/bin/vite.js")],
  ["Vite 8", tool("vite/bin/vite.js")],
];

/** Starts a development server and returns its URL. */
async function viteServer(t, folder, program) {
  const vite = spawn(process.execPath, [program, "--host", "127.0.0.1", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
  t.after(() => vite.kill());
  let said = "";
  return new Promise((resolve, reject) => {
    const heard = (text) => {
      said += text;
      const [url] = said.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (url) resolve(url);
    };
    vite.stdout.on("data", heard);
    vite.stderr.on("data", heard);
    vite.on("exit", () => reject(new Error(said)));
  });
}

for (const [name, program] of VITES) {
  test(`${name}'s development server classifies a photo, configured as in the README`, async (t) => {
    const { folder } = app(t);
    writeFileSync(join(folder, "vite.config.mjs"), `export default { ${setting()} };`);
    await answers(t, await viteServer(t, folder, program));
  });

  test(`the build of ${name} classifies a photo under a policy that allows only the page's own server`, async (t) => {
    const { folder } = app(t);
    writeFileSync(join(folder, "vite.config.mjs"), `export default { ${setting()}, build: { assetsInlineLimit: 16_384 } };`);
    execFileSync(process.execPath, [program, "build", "--logLevel", "warn"], { cwd: folder });
    const assets = join(folder, "dist/assets");
    const scripts = readdirSync(assets).filter((file) => file.endsWith(".js"));
    const inlined = scripts.some((file) => readFileSync(join(assets, file), "utf8").includes("data:application/json"));
    assert.ok(inlined, "the small manifest is inlined in the script");
    await answers(t, `${await serve(t, join(folder, "dist"), { policy: POLICY })}/index.html`);
  });
}

test("the error in Vite 5 without that setting names the setting", async (t) => {
  const { folder } = app(t);
  writeFileSync(join(folder, "vite.config.mjs"), "export default {};");
  const url = await viteServer(t, folder, VITES[0][1]);
  const { page } = await openPage(t);
  await page.goto(url);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  assert.match(await page.textContent("pre"), /^not_found: .*is a page \(HTML\).*optimizeDeps\.exclude/);
});

test("the bundle of esbuild classifies a photo after the files are copied, and reports missing files before", async (t) => {
  const { folder, page } = app(t);
  execFileSync(tool(".bin/esbuild"), ["main.js", "--bundle", "--format=esm", "--outdir=dist", "--log-level=warning"], { cwd: folder });
  writeFileSync(join(folder, "dist/index.html"), page("./main.js"));
  const url = `${await serve(t, join(folder, "dist"), { policy: POLICY, start: "index.html" })}/index.html`;
  const { page: visited } = await openPage(t);
  await visited.goto(url);
  await visited.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  const shown = await visited.textContent("pre");
  assert.match(shown, /^not_found: .*mango_wasm_bg\.wasm is a page \(HTML\).*optimizeDeps\.exclude/);

  for (const name of ["mango_wasm_bg.wasm", "model"]) {
    cpSync(join(folder, "node_modules/mango-scout", name), join(folder, "dist", name), { recursive: true });
  }
  await answers(t, url);
});

test("a classic script gets an error that names the missing address", async (t) => {
  const { folder } = app(t);
  mkdirSync(join(folder, "dist"));
  const script = `import { load } from "mango-scout"; load().catch((error) => (document.querySelector("pre").textContent = error.code + ": " + error.message));`;
  writeFileSync(join(folder, "main.js"), script);
  execFileSync(tool(".bin/esbuild"), ["main.js", "--bundle", "--outdir=dist", "--log-level=error"], { cwd: folder });
  writeFileSync(join(folder, "dist/index.html"), `<!doctype html><link rel="icon" href="data:," /><pre></pre><script src="./main.js"></script>`);
  const { page } = await openPage(t);
  await page.goto(`${await serve(t, join(folder, "dist"))}/index.html`);
  await page.waitForFunction(() => /:/.test(document.querySelector("pre").textContent), undefined, { timeout: 60_000 });
  assert.match(await page.textContent("pre"), /^not_found: .*--format=esm/);
});

/** The README's setting for Vite. */
function setting() {
  const [, found] = readFileSync(here("README.md"), "utf8").match(/`(optimizeDeps: [^`]*)`/);
  assert.ok(readFileSync(here("npm/README.md"), "utf8").includes(found), "both READMEs have the same");
  return found;
}
