"use strict";
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const path = require("node:path");

const { root } = require("./workers.js");
const { startPhone } = require("./phone.js");
const { buffer, picture } = require("./picture.js");

const models = path.join(root, "../models");
const sum = (/** @type {Buffer} */ bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * A model as the repository has it.
 * @param {string} name
 * @param {(manifest: any) => void} [change] of its manifest
 */
function modelFiles(name, change = () => {}) {
  const manifest = JSON.parse(readFileSync(path.join(models, name, "manifest.json"), "utf8"));
  change(manifest);
  return {
    manifest: Buffer.from(JSON.stringify(manifest)),
    weights: readFileSync(path.join(models, name, "weights.bpk")),
    gallery: readFileSync(path.join(models, "gallery/mango-pests", `${name}.gallery`)),
  };
}

/**
 * The relay's endpoints for phones, serving these files. The self-test's expected answer comes from the model itself.
 * @param {import("node:test").TestContext} t
 * @param {ReturnType<typeof modelFiles>} files
 */
async function relayWith(t, files) {
  const photo = picture(42, 160);
  const { started, prediction } = await answered(t, files, photo);
  const listed = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, { url: `/v1/device-model/${name}?v=${sum(bytes).slice(0, 8)}`, bytes: bytes.length, sha256: sum(bytes) }]),
  );
  const listing = {
    name: started.model.name,
    version: started.model.version,
    embedding: started.embedding,
    ...listed,
    self_test: {
      photo: photo.toString("base64"),
      verdict: prediction.verdict,
      classes: prediction.classes.map(({ id, probability }) => ({ id, probability })),
    },
  };
  const relay = {
    listing,
    /** @type {string[]} */
    downloaded: [],
    /** What comes in a file's place. @type {(name: string, bytes: Buffer) => Buffer} */
    spoil: (_, bytes) => bytes,
    async deviceModel(/** @type {string | null} */ etag) {
      const own = `"${sum(Buffer.from(JSON.stringify(listing)))}"`;
      return etag === own ? { changed: false } : { changed: true, etag: own, listing: structuredClone(listing) };
    },
    async download(/** @type {string} */ url) {
      const name = Object.keys(listed).find((one) => listed[one].url === url);
      relay.downloaded.push(name);
      return buffer(relay.spoil(name, files[name]));
    },
  };
  return relay;
}

/** What the model makes of a photo. */
async function answered(t, files, photo) {
  const { model, store } = await startPhone(t);
  const { start } = await store.bundle();
  const bundle = { downloaded: true, start: { ...start, manifest: buffer(files.manifest), weights: buffer(files.weights), galleries: [buffer(files.gallery)] } };
  return model.trial(bundle, async (call, started) => ({
    started,
    prediction: await call("predict", { photos: [buffer(photo)], explain: false }, 60000),
  }));
}

module.exports = { modelFiles, relayWith };
