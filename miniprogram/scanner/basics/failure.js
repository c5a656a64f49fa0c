// @ts-check

/**
 * An Error with a `code` for programs and a message for developers; growers read the text that `i18n` has for the code.
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
 * The code of a thrown value.
 * @param {any} error
 * @param {string} otherwise if it has no code
 * @returns {string}
 */
function codeOf(error, otherwise) {
  return error && typeof error.code === "string" && error.code !== "" ? error.code : otherwise;
}

module.exports = { failure, codeOf };
