"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

/** A small network at a small size: it is trained in seconds. */
const RECIPE = {
  model: "leaf-drawn", version: "1.1.0",
  network: { stages: 5, head: 16 },
  size: 64, view: { kind: "squash" }, precision: "int8",
  augmentation: { least_crop: 0.7, strength: 0.3 },
  late: {
    frozen_stages: 4, views: 1, epochs: 2, batch: 8, learning_rate: 1e-3, weight_decay: 0.01,
    label_smoothing: 0.05, mix_style: 0, averaging: 0.9,
  },
  classifier: { decays: [1e-3, 1e-4], balance: { by: "group" } },
  domain: { rank: 4, keep: 0.95 },
  seed: 1,
};

/** @param {string} name of a variable that `cargo xtask test` sets */
function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set, as \`cargo xtask test\` does`);
  return value;
}

/**
 * Runs `mango-training train`.
 * @param {string} folder where it works
 * @param {{ photos: Map<string, Buffer[]>, feedback: string }} data photos by class, and an export with its review
 * @returns {string} the bundle
 */
function train(folder, { photos, feedback }) {
  const [recipe, sorted, cache, bundle] = ["recipe.json", "photos", "cache", "bundle"].map((name) => path.join(folder, name));
  fs.writeFileSync(recipe, JSON.stringify(RECIPE));
  for (const [name, files] of photos) {
    fs.mkdirSync(path.join(sorted, name), { recursive: true });
    files.forEach((file, number) => fs.writeFileSync(path.join(sorted, name, `${number}.jpg`), file));
  }
  // Of what training keeps only the fetched weights are kept between runs.
  const fetched = path.join(given("MANGO_TRAINING_CACHE"), "imagenet");
  fs.mkdirSync(fetched, { recursive: true });
  fs.mkdirSync(cache);
  fs.symlinkSync(fetched, path.join(cache, "imagenet"), "junction");
  const line = ["train", "--recipe", recipe, "--photos", sorted, "--feedback", feedback, "--cache", cache, "--bundle", bundle];
  execFileSync(given("MANGO_TRAINING"), line, { stdio: ["ignore", "ignore", "inherit"] });
  return bundle;
}

module.exports = { train };
