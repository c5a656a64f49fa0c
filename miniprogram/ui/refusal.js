// @ts-check
const { failure } = require("../scanner/basics/failure.js");

/** @typedef {{ errMsg: string, errno?: number }} Refused what WeChat calls `fail` with */

/**
 * Whether the grower cancelled.
 * @param {Refused} refused
 */
function isCancelled({ errMsg }) {
  return /cancel/i.test(errMsg);
}

/**
 * Converts a refusal of WeChat's into an Error.
 * @param {Refused} refused
 * @param {string} otherwise code of refusals that do not concern privacy
 */
function refusal({ errMsg, errno }, otherwise) {
  return failure(privacyCode(errMsg, errno) || otherwise, errMsg);
}

/** @param {string} errMsg @param {number | undefined} errno */
function privacyCode(errMsg, errno) {
  if (errno === 112) return "privacy_undeclared";
  return errno === 104 || /privacy permission/i.test(errMsg) ? "privacy_declined" : null;
}

module.exports = { isCancelled, refusal };
