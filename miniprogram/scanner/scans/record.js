// @ts-check
const { parsePrediction, parseShown, withoutMap } = require("../answer/prediction.js");
const { parseFeedback } = require("./feedback.js");

const STATES = ["predicting", "asking", "waiting", "answered", "refused"];

/** More photos of one tree do not improve the answer, and the relay accepts no more. */
const MOST_PHOTOS = 6;

/** Digits of an id that encode the time in milliseconds. */
const TIME = 15;

/**
 * Ids sort by time.
 * @param {number} now
 * @param {number} random 0 to 1
 */
function newId(now, random) {
  const time = String(Math.floor(now)).padStart(TIME, "0");
  const rest = Math.floor(random * 0x1000000).toString(16).padStart(6, "0");
  return `${time}-${rest}`;
}

/** @param {string} name */
const isId = (name) => /^\d{15}-[0-9a-f]{6,7}$/.test(name);

/** @param {string} id */
const timeOf = (id) => Number(id.slice(0, TIME));

/**
 * @param {string} id
 * @param {ScanState} state
 * @param {string[]} photos
 * @returns {Scan}
 */
function newScan(id, state, photos) {
  return {
    id,
    takenAt: timeOf(id),
    state,
    photos,
    count: photos.length,
    thumbnail: null,
    phone: null,
    relay: null,
    shown: null,
    problem: null,
    detail: null,
    attempts: 0,
    nextAttempt: 0,
    wanted: false,
    held: false,
    phoneProblem: null,
    tries: 0,
  };
}

/**
 * Parses a scan's file; null if it is damaged.
 * @param {string} id
 * @param {any} value the file's JSON
 * @returns {Scan | null}
 */
function parseScan(id, value) {
  if (!value || typeof value !== "object" || STATES.indexOf(value.state) < 0) return null;
  if (!Array.isArray(value.photos) || !value.photos.every((/** @type {any} */ path) => isOf(id, path))) return null;
  const scan = newScan(id, value.state, value.photos);
  scan.count = count(value.count, scan.photos.length);
  scan.thumbnail = isOf(id, value.thumbnail) ? value.thumbnail : null;
  scan.phone = parseAnswer(value.phone);
  scan.relay = parseAnswer(value.relay);
  scan.shown = parseShown(value.shown);
  scan.problem = text(value.problem);
  scan.detail = text(value.detail);
  scan.attempts = count(value.attempts, 0);
  scan.nextAttempt = count(value.nextAttempt, 0);
  scan.wanted = value.wanted === true;
  scan.held = value.held === true;
  scan.phoneProblem = text(value.phoneProblem);
  scan.tries = count(value.tries, 0);
  const choice = text(value.choice);
  if (choice) scan.choice = choice;
  const feedback = parseFeedback(id, value.feedback);
  if (feedback) scan.feedback = feedback;
  return scan.state === "answered" && !scan.shown ? null : scan;
}

/** @param {unknown} value */
function parseAnswer(value) {
  const answer = parsePrediction(value);
  return answer && withoutMap(answer);
}

/**
 * @param {string} id
 * @param {unknown} path
 */
function isOf(id, path) {
  const folder = `scans/${id}/`;
  return typeof path === "string" && path.startsWith(folder) && /^[0-9a-z.-]+$/.test(path.slice(folder.length));
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" && value !== "" ? value : null);

/**
 * @param {any} value
 * @param {number} otherwise
 */
const count = (value, otherwise) => (Number.isFinite(value) && value >= 0 ? value : otherwise);

/**
 * Whether no better answer can come, so that the photos are no longer needed.
 * @param {Scan} scan
 */
function isFinal(scan) {
  if (scan.state !== "answered" || scan.problem !== null) return false;
  return scan.relay !== null || (scan.phone !== null && scan.phone.verdict === "confident");
}

module.exports = { MOST_PHOTOS, newId, isId, newScan, parseScan, isFinal };
