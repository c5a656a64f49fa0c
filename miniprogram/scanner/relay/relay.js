// @ts-check
const { parsePrediction } = require("../answer/prediction.js");
const { failure } = require("../basics/failure.js");
const { problemType, relayError, relayFailure } = require("./failure.js");
const { formText } = require("./form-text.js");
const { multipart } = require("./multipart.js");

/** Milliseconds. WeChat aborts every request after 60 s. */
const TIMEOUT = { predict: 60000, ask: 10000, download: 60000 };

/**
 * The grower's feedback about a photo, as in the relay's form.
 * @typedef {object} FeedbackFields
 * @property {string} label a class of the catalog, or `unknown`
 * @property {string} answer the model's first class
 * @property {Prediction["verdict"]} verdict
 * @property {string} model its name and version
 */

/**
 * @typedef {{ changed: false } | { changed: true, etag: string | null, listing: any }} DeviceModel
 *   `listing` is the JSON as it came: whoever takes a model from it checks it
 */

/**
 * Client of the relay's endpoints. Every failure is a RelayFailure, or has the code `no_relay`.
 * @param {{ http: Http, address: () => string }} parts `address` without a trailing slash
 */
function createRelay({ http, address: given }) {
  function address() {
    const root = given();
    if (root === "") throw failure("no_relay", "no relay address is set; enter one in the settings");
    return root;
  }

  /**
   * Predicts from one or more photos of one tree.
   * @param {string[]} files their paths for `wx.uploadFile`
   * @param {() => Promise<ArrayBuffer[]>} bytes their contents, read only if needed
   * @param {Signal} [signal]
   * @returns {Promise<Prediction>}
   */
  async function predict(files, bytes, signal) {
    if (files.length === 1) {
      // A single file is sent by its path, without reading it into memory.
      const url = `${address()}/upload_image?explain=1`;
      const answer = await http.upload({ url, file: files[0], name: "picture", timeout: TIMEOUT.predict, signal });
      return prediction(json(answer));
    }
    const url = `${address()}/v1/predict`;
    const { contentType, body } = multipart("photo", await bytes());
    if (signal && signal.aborted) throw relayError("cancelled", "before it was sent");
    const headers = { "content-type": contentType };
    const answer = await http.request({ url, method: "POST", headers, body, timeout: TIMEOUT.predict, signal });
    return prediction(json(answer).pooled);
  }

  /**
   * Checks that a relay answers.
   * @param {string} [other] a new address to check
   * @returns {Promise<void>} rejects if no relay answers
   */
  async function hello(other) {
    const answer = checked(await http.request({ url: `${other === undefined ? address() : other}/`, timeout: TIMEOUT.ask }));
    const said = String(answer.body).trim();
    if (said !== "hello") throw relayError("relay_broken", `it says ${JSON.stringify(said.slice(0, 40))}, not "hello"`);
  }

  /**
   * Fetches the listing of the device model.
   * @param {string | null} [etag] of the installed model
   * @returns {Promise<DeviceModel>}
   */
  async function deviceModel(etag) {
    /** @type {Record<string, string>} */
    const headers = etag ? { "if-none-match": etag } : {};
    const answer = await http.request({ url: `${address()}/v1/device-model`, headers, timeout: TIMEOUT.ask });
    if (answer.status === 304) return { changed: false };
    const listing = json(answer);
    return { changed: true, etag: answer.headers.etag || null, listing };
  }

  /**
   * @param {string} url path on this relay
   * @returns {Promise<ArrayBuffer>}
   */
  async function download(url) {
    // A listing must not make the phone request another host.
    if (!/^\/(?!\/)/.test(url)) throw relayError("relay_broken", `it lists ${JSON.stringify(url)}, which is not its own`);
    const answer = await http.request({ url: `${address()}${url}`, binary: true, timeout: TIMEOUT.download });
    if (answer.status !== 200) throw relayFailure({ ...answer, body: undefined });
    if (typeof answer.body === "string") throw relayError("relay_broken", "received text instead of bytes");
    return answer.body;
  }

  /**
   * The number of days for which the relay keeps feedback; null if it accepts none.
   * @param {string} [other] another address than the current one
   * @returns {Promise<number | null>}
   */
  async function feedbackDays(other) {
    const answer = await http.request({ url: `${other === undefined ? address() : other}/v1/feedback`, timeout: TIMEOUT.ask });
    return answer.status === 404 ? null : days(json(answer));
  }

  /**
   * Sends a photo with the grower's feedback.
   * @param {ArrayBuffer} picture a JPEG
   * @param {FeedbackFields} fields
   * @param {string} relay that the grower agreed to
   * @returns {Promise<{ code: string, days: number }>} the code deletes the photo. A failure has `mayBeKept`
   *   if the relay itself sent it: false if the relay has not stored the photo.
   */
  async function sendFeedback(picture, { label, answer, verdict, model }, relay) {
    const { contentType, body } = multipart("picture", [picture], { label, answer, verdict, model: formText(model) });
    const headers = { "content-type": contentType };
    const given = await http.request({ url: `${relay}/v1/feedback`, method: "POST", headers, body, timeout: TIMEOUT.predict });
    const type = given.status === 201 ? "" : problemType(given.body);
    if (type) throw Object.assign(feedbackProblem(type) || relayFailure(given), { mayBeKept: UNDECIDED.indexOf(type) >= 0 });
    const said = json(given, 201);
    if (typeof said.code !== "string" || !CODE.test(said.code)) throw relayError("relay_broken", "its answer has no deletion code");
    return { code: said.code, days: days(said) };
  }

  /**
   * @param {string} code
   * @param {string} relay that issued the code
   * @returns {Promise<void>} resolves when the photo is gone, deleted now or before; only the relay can confirm that.
   */
  async function deleteFeedback(code, relay) {
    const answer = await http.request({ url: `${relay}/v1/feedback/${code}`, method: "DELETE", timeout: TIMEOUT.ask });
    if (answer.status === 204) return;
    const type = problemType(answer.body);
    if (answer.status !== 404 || type !== UNKNOWN_CODE) throw feedbackProblem(type) || relayFailure(answer);
  }

  return { predict, hello, deviceModel, download, feedbackDays, sendFeedback, deleteFeedback };
}

/** Problems after which the relay may have stored the photo: it was stopped, or ran out of time, or failed, while it did. */
const UNDECIDED = ["stopping", "timed-out", "internal"].map((name) => `urn:mango-scout:problem:${name}`);

const UNKNOWN_CODE = "urn:mango-scout:problem:unknown-code";

/** @param {string} type of the relay's problem */
function feedbackProblem(type) {
  if (type === "urn:mango-scout:problem:feedback-full") return failure("feedback_full", "the relay has no room for more feedback");
  if (type === "urn:mango-scout:problem:feedback-off") return failure("feedback_closed", "the relay takes and deletes no feedback now");
  return null;
}

/** Characters allowed unescaped in a URL. */
const CODE = /^[\w-]{1,128}$/;

/** @param {{ days?: unknown }} said @returns {number} */
function days({ days: number }) {
  if (typeof number === "number" && Number.isInteger(number) && number > 0) return number;
  throw relayError("relay_broken", "it does not say for how many days it keeps photos");
}

/** @param {HttpAnswer} answer @param {number} [status] the hoped one */
function checked(answer, status = 200) {
  if (answer.status !== status) throw relayFailure(answer);
  return answer;
}

/**
 * @param {HttpAnswer} answer
 * @param {number} [status] the expected one
 * @returns {any} an object
 */
function json(answer, status) {
  const { body } = checked(answer, status);
  /** @type {unknown} */
  let value = null;
  try {
    value = JSON.parse(String(body));
  } catch (error) {
    value = null;
  }
  if (value === null || typeof value !== "object") throw relayError("relay_broken", "its answer is not a JSON object");
  return value;
}

/** @param {unknown} value */
function prediction(value) {
  const parsed = parsePrediction(value);
  if (!parsed) throw relayError("relay_broken", "its answer is not a valid prediction");
  return parsed;
}

/** @typedef {ReturnType<typeof createRelay>} Relay */

module.exports = { createRelay };
