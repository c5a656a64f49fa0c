"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, beforeEach, test } = require("node:test");
const { pathToFileURL } = require("node:url");

const { picture } = require("../../../miniprogram/tests/model/world/picture");
const { launch } = require("../../../miniprogram/tests/browser/world/chromium");

/** The page for the review of feedback, opened from a folder that the real program exported. */

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const LABELS = ["anthracnose", "healthy", "unknown", "die_back"];

let browser;
let folder;
let page;
/** Requests that are not for files of the export, and errors. */
let faults;

/** A record in the relay's own format. */
function record(number, label, model = "leaf-mini 0.2.0") {
  const photo = picture(number);
  const header = {
    format: 1, label, answer: "gall_midge", verdict: "not_mango_leaf", model, day: `2026-12-0${number + 1}`,
    bytes: photo.length, sha256: sha256(photo),
  };
  const id = sha256(Buffer.from([number])).slice(0, 32);
  fs.writeFileSync(path.join(folder, "kept", `${id}.feedback`), Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), photo]));
  return id;
}

const exported = () => path.join(folder, "review");
const run = (...flags) => execFileSync(process.env.MANGO_RELAY, ["feedback", "--feedback", path.join(folder, "kept"), ...flags]);

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

beforeEach(async (t) => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "mango-review-"));
  fs.mkdirSync(path.join(folder, "kept"));
  t.after?.(() => fs.rmSync(folder, { recursive: true, force: true }));
});

/** Opens the page in a browser of its own. */
async function open() {
  const world = await browser.newContext({ acceptDownloads: true });
  await world.setOffline(true);
  page = await world.newPage();
  faults = [];
  const url = pathToFileURL(exported()).href;
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith("blob:")) faults.push(request.url());
  });
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${url}/index.html`);
  return world;
}

const text = (id) => page.locator(`#${id}`).textContent();

async function saved() {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.equal(download.suggestedFilename(), "review.json");
  return JSON.parse(fs.readFileSync(await download.path(), "utf8"));
}

test("photos are accepted, corrected and dropped by the keyboard, and the decisions are kept and saved", async () => {
  const ids = LABELS.map((label, number) => record(number, label));
  run("export", "--to", exported());
  const world = await open();
  assert.match(await text("counts"), /^1 of 4: 0 accepted, 0 corrected, 0 dropped, 4 undecided$/);
  assert.match(await text("label"), /^炭疽病 Anthracnose$/);
  assert.match(await text("answer"), /Gall midge.* \(not mango leaf\)$/i);
  const shown = await page.locator("#photo").evaluate((photo) => photo.decode().then(() => [photo.naturalWidth, photo.naturalHeight]));
  assert.deepEqual(shown, [320, 240]);

  await page.keyboard.press("a");
  assert.equal(await text("id"), ids[1]);
  await page.keyboard.press("d");
  assert.equal(await text("label"), "not known");
  await page.keyboard.press("a");
  assert.equal(await text("decision"), "none yet", "an unknown class cannot be accepted");
  assert.match(await text("message"), /did not know/);
  await page.keyboard.press("c");
  await page.keyboard.type("白粉");
  assert.deepEqual(await page.locator("#classes option").allTextContents(), ["白粉病 Powdery mildew"]);
  await page.keyboard.press("Enter");
  assert.match(await text("counts"), /^4 of 4: 1 accepted, 1 corrected, 1 dropped, 1 undecided$/);

  await page.keyboard.press("ArrowLeft");
  assert.match(await text("decision"), /^corrected to 白粉病 Powdery mildew$/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("u");
  assert.equal(await text("decision"), "none yet");
  await page.reload();
  assert.match(await text("counts"), /1 accepted, 1 corrected, 0 dropped, 2 undecided$/, "kept over a reload");
  await page.check("#open-only");
  await page.keyboard.press("ArrowRight");
  assert.equal(await text("id"), ids[1]);
  await page.keyboard.press("ArrowRight");
  assert.equal(await text("id"), ids[3], "over the decided one");

  const review = await saved();
  assert.deepEqual(review, {
    format: 1,
    decisions: { [ids[0]]: { decision: "accept" }, [ids[2]]: { decision: "correct", label: "powdery_mildew" } },
  });
  assert.deepEqual(faults, []);
  await world.close();

  // Another browser continues from the file.
  const file = path.join(folder, "review.json");
  fs.writeFileSync(file, JSON.stringify({ ...review, decisions: { ...review.decisions, "of a deleted one": { decision: "drop" } } }));
  const other = await open();
  assert.match(await text("counts"), /4 undecided$/);
  await page.setInputFiles("#load", file);
  await page.waitForFunction(() => /2 undecided$/.test(document.getElementById("counts").textContent));
  assert.deepEqual(await saved(), review);
  fs.writeFileSync(file, "no review");
  await page.setInputFiles("#load", file);
  await page.waitForFunction(() => /no review\.json/.test(document.getElementById("message").textContent));
  assert.deepEqual(faults, []);
  await other.close();
});

test("what a client sent is text on the page", async () => {
  record(0, "anthracnose", "</script><img src=x onerror=alert(1)>");
  run("export", "--to", exported());
  const world = await open();
  assert.equal(await text("model"), "</script><img src=x onerror=alert(1)>");
  assert.equal(await page.locator("img").count(), 1);
  assert.deepEqual(faults, []);
  await world.close();
});

test("an empty export says so", async () => {
  run("export", "--to", exported());
  const world = await open();
  assert.match(await text("message"), /no record/);
  assert.deepEqual(faults, []);
  await world.close();
});
