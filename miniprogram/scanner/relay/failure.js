// @ts-check
const { failure } = require("../basics/failure.js");

/**
 * Converts failures of WeChat and the relay into one Error:
 *
 * | code                | seen as                                        | retried |
 * |---------------------|------------------------------------------------|---------|
 * | relay_unreachable   | no name, no route, no connection               | yes     |
 * | relay_certificate   | errno 600001 with a certificate's net error    | yes     |
 * | relay_interrupted   | errno 600003: WeChat went to the background    | yes     |
 * | too_slow            | errno 5, a timeout; status 408                 | yes     |
 * | relay_busy          | status 429, 503                                | yes     |
 * | relay_broken        | status 3xx, 5xx; an answer that is none        | yes     |
 * | relay_domain        | errno 600002: not in the AppID's lists         | no      |
 * | relay_address       | errno 600009: no valid URL                     | no      |
 * | privacy_undeclared  | errno 112                                      | no      |
 * | relay_refused       | status 4xx that blames no photo                | no      |
 * | photo_...           | 4xx that names a fault of the photo            | no      |
 * | cancelled           | our own abort                                  | no      |
 *
 * Only faults of a photo are final. Anything between phone and relay may answer with 4xx, such as a proxy or another server at
 * a mistyped address: the relay has not seen the photo then, and the scan waits.
 *
 * Certificate errors are retried because the login page of a public network causes them too, until somebody logs in.
 * @typedef {Error & { code: string, retry: boolean, retryAfter: number | null, detail: string, photo: number | null }} RelayFailure
 */

/** Relay problems caused by the photo. */
const PHOTO_PROBLEMS = {
  "urn:mango-scout:problem:not-a-photo": "not_a_photo",
  "urn:mango-scout:problem:photo-cut-off": "photo_cut_off",
  "urn:mango-scout:problem:photo-damaged": "photo_damaged",
  "urn:mango-scout:problem:photo-empty": "photo_empty",
  "urn:mango-scout:problem:photo-too-large": "photo_too_large",
  "urn:mango-scout:problem:body-too-large": "photo_too_large",
};

const WHAT_TO_DO = {
  relay_unreachable: "the relay cannot be reached; check that it runs and that this network lets it through",
  relay_certificate:
    "the relay's certificate is not trusted; send the full chain of a public authority, in date and for this host name, and offer TLS 1.2",
  relay_interrupted: "WeChat went to the background and dropped the request; it is sent again",
  too_slow: "the relay did not answer in time; it is asked again",
  relay_busy: "the relay is busy; it is asked again later",
  relay_broken: "the relay answered with what is no answer; look into its log, and check that the address is a relay's",
  relay_domain:
    "the relay's domain is not in the AppID's lists; add it to the request, uploadFile and downloadFile domains at mp.weixin.qq.com",
  relay_address: "the relay's address is no valid https address; correct it in the settings",
  privacy_undeclared: "the AppID's privacy guide does not declare this use; declare it at mp.weixin.qq.com",
  relay_refused: "what answers there does not take this request; the detail says why, and the address may be another server's",
  cancelled: "it was cancelled",
};

const NO_RETRY = ["relay_domain", "relay_address", "privacy_undeclared", "relay_refused", "cancelled"];

/**
 * @param {string} code
 * @param {string} detail
 * @param {{ retryAfter?: number | null, photo?: number | null }} [more]
 * @returns {RelayFailure}
 */
function relayError(code, detail, more = {}) {
  const advice = WHAT_TO_DO[/** @type {keyof typeof WHAT_TO_DO} */ (code)] || "the photo cannot be read; take it again";
  const retry = code in WHAT_TO_DO && NO_RETRY.indexOf(code) < 0;
  const { retryAfter = null, photo = null } = more;
  return failure(code, `${advice} (${detail})`, { retry, retryAfter, detail, photo });
}

/**
 * @param {{ errno?: number, errMsg?: string, status?: number, headers?: Record<string, string>, body?: unknown }} what
 *   what `fail` was given, or an answer whose status is not the hoped one
 * @returns {RelayFailure}
 */
function relayFailure({ errno, errMsg = "", status, headers = {}, body }) {
  if (status !== undefined) return ofStatus(status, headers, body);
  const detail = `${errMsg || "no message"}${errno === undefined ? "" : `, errno ${errno}`}`;
  return relayError(ofWechat(errno, errMsg), detail);
}

/**
 * Devices differ in the fields they set, so the message is used if the number is missing.
 * @param {number | undefined} errno
 * @param {string} errMsg
 */
function ofWechat(errno, errMsg) {
  if (/\babort/i.test(errMsg)) return "cancelled";
  if (errno === 112 || /privacy agreement|privacy permission/i.test(errMsg)) return "privacy_undeclared";
  if (errno === 600002 || /domain list/i.test(errMsg)) return "relay_domain";
  if (errno === 600009 || /invalid url|url not valid/i.test(errMsg)) return "relay_address";
  if (errno === 600003 || /interrupted/i.test(errMsg)) return "relay_interrupted";
  if (errno === 5 || /time(d)?[ _-]?out/i.test(errMsg)) return "too_slow";
  const net = netError(errMsg);
  if (net !== null) return isCertificate(net) ? "relay_certificate" : "relay_unreachable";
  if (errno === 600001 || /certificate|\bssl\b|ERR_CERT|ERR_SSL/i.test(errMsg)) return "relay_certificate";
  return "relay_unreachable";
}

/**
 * Chromium's number within WeChat's message, as in `errcode:-202 cronet_error_code:-202`.
 * @param {string} errMsg
 */
function netError(errMsg) {
  const found = /(?:err|error_)code\s*:\s*(-\d+)/i.exec(errMsg);
  return found ? Number(found[1]) : null;
}

/**
 * The -200s are certificate errors; of the -100s these are failures of the TLS handshake.
 * @param {number} code
 */
function isCertificate(code) {
  return (code <= -200 && code > -300) || code === -107 || code === -113;
}

/**
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {unknown} body
 */
function ofStatus(status, headers, body) {
  const problem = problemOf(body);
  const detail = `HTTP ${status}${problem.detail ? `: ${problem.detail}` : ""}`;
  if (status === 429 || status === 503) return relayError("relay_busy", detail, { retryAfter: retryAfter(headers) });
  if (status === 408) return relayError("too_slow", detail);
  if (status < 400 || status > 499) return relayError("relay_broken", detail);
  return relayError(problem.code || "relay_refused", detail, { photo: problem.photo });
}

/**
 * Parses a problem details body (RFC 9457); empty for any other body.
 * @param {unknown} body
 * @returns {{ code: string | null, detail: string, photo: number | null }}
 */
function problemOf(body) {
  const { type, detail, photo } = problemDetails(body);
  return {
    code: PHOTO_PROBLEMS[/** @type {keyof typeof PHOTO_PROBLEMS} */ (type)] || null,
    detail: typeof detail === "string" ? detail : "",
    photo: Number.isInteger(photo) ? photo : null,
  };
}

/**
 * The type of a relay's problem; empty if another server answered.
 * @param {unknown} body
 * @returns {string}
 */
function problemType(body) {
  const { type } = problemDetails(body);
  return typeof type === "string" && type.indexOf("urn:mango-scout:problem:") === 0 ? type : "";
}

/** @param {unknown} body @returns {any} an object */
function problemDetails(body) {
  try {
    return Object(typeof body === "string" ? JSON.parse(body) : null);
  } catch (error) {
    return {};
  }
}

/**
 * Milliseconds. A date is compared with the relay's clock, because the phone's may be wrong.
 * @param {Record<string, string>} headers
 */
function retryAfter(headers) {
  const value = (headers["retry-after"] || "").trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.date || "");
  return wait >= 0 ? wait : null;
}

module.exports = { problemType, relayFailure, relayError };
