// @ts-check
const zh = require("../../i18n/zh.js");
const failure = require("../../scanner/basics/failure.js");

/**
 * One line that says how to resolve a failure.
 * @param {string | null | undefined} code
 * @param {{ t: ViewContext["t"] }} context
 */
function problemLine(code, { t }) {
  return t(`problem.${code && Object.keys(zh.problem).includes(code) ? code : "unknown"}`);
}

/** Failures whose messages are an engine's own and of no use to a grower. */
const INTERNAL = new Set(["cannot_start", "engine_missing"]);

/**
 * @param {unknown} error
 * @returns {{ code: string, detail: string | null }}
 */
function codeOf(error) {
  const { message } = /** @type {{ message?: unknown }} */ (error || {});
  const code = failure.codeOf(error, "unknown");
  return { code, detail: typeof message === "string" && !INTERNAL.has(code) ? message : null };
}

module.exports = { problemLine, codeOf, INTERNAL };
