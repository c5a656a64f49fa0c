// @ts-check
const { failure } = require("../scanner/basics/failure.js");

/** @typedef {{ errMsg: string, errno?: number }} Refused what WeChat calls `fail` with */

/**
 * Whether the grower thought better of it.
 * @param {Refused} refused
 */
function isCancelled({ errMsg }) {
  return /cancel/i.test(errMsg);
}

/**
 * An Error for what WeChat refuses.
 * @param {Refused} refused
 * @param {string} otherwise the code of what has nothing to do with privacy
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
