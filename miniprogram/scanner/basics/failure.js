// @ts-check

/**
 * An Error whose `code` programs act on and whose message is for the developer; people read the line that `i18n` has for
 * the code.
 * @template {object} [More={}]
 * @param {string} code
 * @param {string} message
 * @param {More} [more] further fields
 * @returns {Error & { code: string } & More}
 */
function failure(code, message, more) {
  return Object.assign(new Error(message), { code }, /** @type {More} */ (more));
}

/**
 * The code of whatever was thrown.
 * @param {any} error
 * @param {string} otherwise for what has none
 * @returns {string}
 */
function codeOf(error, otherwise) {
  return error && typeof error.code === "string" && error.code !== "" ? error.code : otherwise;
}

module.exports = { failure, codeOf };
