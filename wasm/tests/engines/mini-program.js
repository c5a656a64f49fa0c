import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { here } from "../packed/installed.js";
import { assertSame } from "./answers.js";
import { lookInto } from "./screen.js";

const APP = here("../miniprogram");
const require = createRequire(`${APP}/tests/`);
const { build } = require("./harness/build");
const { Phone } = require("./harness/phone/phone");
const { serve } = require("./harness/server");
const { filled } = require("./browser/world/screen");
const { picture } = require("./model/world/picture");
const words = require("../i18n/zh.js");

/** A name that the catalog does not have. */
const TAUGHT = "红蜘蛛";

/** Drawn leaves that are looked at. */
const DRAWN = 24;

/**
 * A synthetic leaf of which the phone is unsure: its answer has a heat map, and the user can teach its class.
 * @param {(photo: Buffer) => { verdict: string }} predict
 */
export function drawnLeaf(predict) {
  for (let seed = 0; seed < DRAWN; seed += 1) {
    const photo = picture(seed);
    const answer = predict(photo);
    if (answer.verdict === "unsure") return { photo, answer };
  }
  throw new Error(`none of ${DRAWN} drawn leaves is unsure; draw more`);
}

/**
 * Tests the preview's pages in a browser, without a relay: a scan, its answer, the heat map, teaching, and a scan of the
 * taught photo. The phone's answer is compared with Node's.
 * @param {import("selenium-webdriver").WebDriver} session
 * @param {{ photo: Buffer, answer: object }} leaf
 * @param {string} [pictures] a folder for screenshots of the steps
 */
export async function walk(session, { photo, answer }, pictures) {
  const home = mkdtempSync(join(tmpdir(), "mango-phone-"));
  const file = join(home, "leaf.png");
  writeFileSync(file, photo);
  const own = require("../build.js");
  const built = build(APP, { replace: { "build.js": `module.exports = ${JSON.stringify({ ...own, relay: "" })};` } });
  const phone = new Phone({ home: join(home, "phone"), source: built.source, network: { listed: [] }, language: "zh_CN", agreed: true });
  const server = await serve({ built, phone });
  try {
    await session.manage().window().setRect({ width: 480, height: 900 });
    await session.get(server.url);
    const screen = lookInto(session, (name) => pictures && join(pictures, `${name}.png`));
    await screen.until("return document.documentElement.dataset.started === 'yes'", "the app starts");
    await screen.listenForErrors();

    let scanned = 0;
    const scan = async () => {
      phone.camera = [file];
      await screen.tap("button", words.scan.album);
      await screen.tap("button", filled(words.scan.recognise, { n: 1 }));
      scanned += 1;
      // The same words are on the page before it has the answer.
      await screen.holds(() => phoneAnswers(join(home, "phone")).length === scanned, "the phone's answer is kept");
      await screen.sees(words.card.fromPhone);
    };

    await scan();
    await screen.picture("answer");
    assertSame(plain(phoneAnswers(join(home, "phone"))[0]), plain(answer), "the answer on the page");

    await screen.tap("button", words.result.heatOn);
    await screen.until(
      // The component framework puts a prefix before the classes of a component.
      "const image = document.querySelector('.webview:not([hidden]) wx-image[class*=heat]'); return image !== null && image.getBoundingClientRect().width > 50",
      "the heat map is shown over the photo",
    );
    await screen.picture("heat-map");

    await screen.tap("button", words.wrong.title);
    await screen.tap("button", words.wrong.ownName);
    await screen.type(words.teach.search, TAUGHT);
    await screen.tap("radio", new RegExp(TAUGHT));
    await screen.tap("button", filled(words.teach.save, { name: TAUGHT }));
    await screen.sees(filled(words.orchard.taught, { name: TAUGHT }));
    await screen.picture("taught");

    await screen.tap("tab", words.tab.scan);
    await scan();
    await screen.sees(TAUGHT);
    await screen.picture("known-again");
    assert.deepEqual(await screen.errors(), [], "errors of the pages");
  } finally {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The phone's answers to the scans that have one, the newest scan first. */
function phoneAnswers(home) {
  const scans = join(home, "usr", "scans");
  const names = existsSync(scans) ? readdirSync(scans).sort().reverse() : [];
  const files = names.map((name) => join(scans, name, "scan.json")).filter(existsSync);
  return files.map((scan) => JSON.parse(readFileSync(scan, "utf8")).phone).filter((answer) => answer !== null);
}

/** An answer without its heat map, which a scan keeps apart. */
function plain({ heatmap, ...answer }) {
  return answer;
}
