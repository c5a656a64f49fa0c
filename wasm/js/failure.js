/**
 * An `Error` whose `code` programs act on and whose message is for people.
 * @param {string} code
 * @param {string} message
 */
export function failure(code, message) {
  return Object.assign(new Error(message), { code });
}
