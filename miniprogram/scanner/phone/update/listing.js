// @ts-check
const { decodeBase64 } = require("../../basics/base64.js");
const { sha256 } = require("../../basics/sha256.js");
const { relayError } = require("../../relay/failure.js");

/** Largest file, in bytes. */
const LARGEST = 16 * 1000 * 1000;

/** @typedef {{ name: "manifest" | "weights" | "gallery", url: string, bytes: number, sha256: string }} ListedFile */

/**
 * The relay's description of its model for phones.
 * @typedef {object} Listing
 * @property {string} name
 * @property {string} version
 * @property {string} embedding
 * @property {ListedFile[]} files
 * @property {{ photo: ArrayBuffer, verdict: string, classes: { id: string, probability: number }[] }} selfTest
 */

/**
 * @param {any} value the parsed JSON, unchecked
 * @returns {Listing}
 */
function parseListing(value) {
  const { name, version, embedding, self_test: test } = value;
  if (![name, version, embedding].every((text) => typeof text === "string" && text !== "")) {
    throw broken("name, version or embedding");
  }
  const files = [listed("manifest", value.manifest), listed("weights", value.weights)];
  if (value.gallery) files.push(listed("gallery", value.gallery));
  return { name, version, embedding, files, selfTest: parseSelfTest(test) };
}

/**
 * @param {ListedFile["name"]} name
 * @param {any} file
 * @returns {ListedFile}
 */
function listed(name, file) {
  const { url, bytes, sha256: sum } = Object(file);
  const sound = typeof url === "string" && Number.isInteger(bytes) && bytes > 0 && /^[0-9a-f]{64}$/.test(sum);
  if (!sound || bytes > LARGEST) throw broken(name);
  return { name, url, bytes, sha256: sum };
}

/** @param {any} test */
function parseSelfTest(test) {
  const { photo, classes, verdict } = Object(test);
  const bytes = typeof photo === "string" ? decodeBase64(photo) : null;
  if (!bytes || typeof verdict !== "string" || !Array.isArray(classes) || classes.length === 0) throw broken("self_test");
  const ranked = classes.map((entry) => {
    const { id, probability } = Object(entry);
    if (typeof id !== "string" || typeof probability !== "number") throw broken("self_test");
    return { id, probability };
  });
  return { photo: bytes, verdict, classes: ranked };
}

/** @param {string} what */
function broken(what) {
  return relayError("relay_broken", `its listing of the device model has an invalid ${what}`);
}

/**
 * The folder of a model; differs for any other set of files.
 * @param {Listing} listing
 */
function folderOf({ files }) {
  const sums = files.map((file) => file.sha256).join("");
  return `models/${sha256(Uint8Array.from(sums, (letter) => letter.charCodeAt(0)).buffer).slice(0, 16)}`;
}

module.exports = { parseListing, folderOf };
