"use strict";
const assert = require("node:assert/strict");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { createRelay } = require("../../scanner/relay/relay.js");
const { createScanner } = require("../../scanner/scanner.js");
const { FeedbackRelay } = require("../harness/relay/feedback-relay");
const { classOf, leaf } = require("./world/leaves.js");
const { startPhone } = require("./world/phone.js");
const { buffer } = require("./world/picture.js");
const { train } = require("./world/training.js");
const { httpOver } = require("./world/wire.js");

/** Leaves that growers send; the first two with a wrong class, the last one with none, and that one is taken back. */
const SENT = 42;

/** What a grower says of a leaf. @param {number} number */
function labelOf(number) {
  if (number === SENT - 2) return "unknown";
  return classOf(number < 2 ? number + 1 : number);
}

/**
 * A phone that reaches a relay.
 * @param {import("node:test").TestContext} t
 * @param {FeedbackRelay} relay
 */
async function phoneOf(t, relay) {
  const phone = await startPhone(t);
  const { disk, files, clock, model, settings } = phone;
  await settings.set({ relay: relay.address, mode: "phone" });
  const http = httpOver(relay.network, (file) => /** @type {Buffer} */ (disk.outside.get(file)));
  const client = createRelay({ http, address: () => settings.get().relay });
  const network = { online: () => true, wifi: () => true, look: async () => {}, onChange: () => () => {} };
  // The drawn leaves are JPEGs, and smaller than any copy.
  const pictures = { shrink: async (/** @type {string} */ file) => file };
  const ports = /** @type {any} */ ({ files, clock, network, pictures });
  const scanner = createScanner({ ports, settings: settings.get, model, relay: client });
  t.after(scanner.close);
  await scanner.open();
  return { ...phone, client, scanner };
}

/**
 * Scans a leaf, corrects the answer and sends the photo.
 * @param {Awaited<ReturnType<typeof phoneOf>>} phone
 * @param {number} number
 */
async function correct({ disk, scanner }, number) {
  const photo = `wxfile://tmp/leaf-${number}.jpg`;
  disk.outside.set(photo, leaf("fresh", number));
  const { id } = await scanner.scan([photo]);
  const { verdict, classes, model } = await change(scanner, id, ({ shown }) => shown && shown.prediction);
  const label = labelOf(number);
  await scanner.setChoice(id, label);
  const terms = await scanner.feedback.terms();
  assert.ok(terms);
  await scanner.feedback.give(id, { label, answer: classes[0].id, verdict, model: `${model.name} ${model.version}` }, terms, photo);
  const code = await change(scanner, id, ({ feedback }) => feedback && (feedback.code || feedback.problem));
  assert.match(code, /^[\w-]{22}$/);
  return { id, code };
}

/**
 * Waits until a scan has something.
 * @template T
 * @param {import("../../scanner/scanner.js").Scanner} scanner
 * @param {string} id
 * @param {(scan: Scan) => T | null | undefined} read
 * @returns {Promise<T>}
 */
function change(scanner, id, read) {
  return new Promise((resolve) => {
    const look = () => {
      const found = read(/** @type {Scan} */ (scanner.get(id)));
      if (!found) return;
      stop();
      resolve(found);
    };
    const stop = scanner.subscribe(look);
    look();
  });
}

/**
 * How many of 30 leaves that nobody has seen before the phone names rightly.
 * @param {Pick<Awaited<ReturnType<typeof phoneOf>>, "model">} phone
 * @param {import("./world/leaves.js").Orchard} orchard
 */
async function right({ model }, orchard) {
  let count = 0;
  for (let number = 1000; number < 1030; number += 1) {
    const { classes } = await model.predict([buffer(leaf(orchard, number))]);
    if (classes[0].id === classOf(number)) count += 1;
  }
  return count;
}

/** The record that a code deletes. @param {string} code */
const recordOf = (code) => createHash("sha256").update(Buffer.from(code, "base64url")).digest("hex").slice(0, 32);

test("what a grower sends reaches the grower's phone as a better model", async (t) => {
  const relay = new FeedbackRelay();
  t.after(() => relay.close());
  await relay.start();
  const phone = await phoneOf(t, relay);
  const before = await right(phone, "fresh");
  /** @type {Map<string, number>} */
  const leaves = new Map();
  let last = { id: "", code: "" };
  for (let number = 0; number < SENT; number += 1) {
    last = await correct(phone, number);
    leaves.set(recordOf(last.code), number);
  }
  await phone.scanner.feedback.takeBack(last.id);

  // The operator exports; the reviewer corrects two and drops the one whose class nobody knows.
  const exported = relay.exported();
  const decisions = exported.records.map(({ id, label }) => {
    const name = classOf(/** @type {number} */ (leaves.get(id)));
    if (label === "unknown") return [id, { decision: "drop" }];
    return [id, label === name ? { decision: "accept" } : { decision: "correct", label: name }];
  });
  const count = (/** @type {string} */ kind) => decisions.filter(([, { decision }]) => decision === kind).length;
  assert.deepEqual(["accept", "correct", "drop"].map(count), [38, 2, 1]);
  fs.writeFileSync(path.join(exported.folder, "review.json"), JSON.stringify({ format: 1, decisions: Object.fromEntries(decisions) }));

  /** @type {Map<string, Buffer[]>} */
  const photos = new Map();
  for (let number = 0; number < 54; number += 1) photos.set(classOf(number), [...(photos.get(classOf(number)) || []), leaf("known", number)]);
  const bundle = train(relay.folder, { photos, feedback: exported.folder });

  await relay.restart(["--device-model", bundle]);
  assert.deepEqual(await phone.updater.update(phone.client), { updated: true });
  assert.deepEqual(phone.store.installed.now().model?.version, "1.1.0");
  const after = [await right(phone, "fresh"), await right(phone, "known")];
  t.diagnostic(`new orchard ${before} then ${after[0]}, known orchard ${after[1]} of 30`);
  assert.ok(before <= 15 && after.every((rightly) => rightly >= 27), `${before} then ${after} of 30`);
  assert.deepEqual(await phone.updater.update(phone.client), { updated: false });

  // What was sent can still be deleted.
  for (const { id, feedback } of phone.scanner.list()) if (feedback) await phone.scanner.feedback.takeBack(id);
  assert.deepEqual(relay.kept(), []);
});
