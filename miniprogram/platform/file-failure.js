// @ts-check
const { failure } = require("../scanner/basics/failure.js");

/**
 * Converts a file system failure into an Error: `not_found`, `storage_full` or `file_failed`. The message is used on phones
 * that report no error numbers.
 * @param {{ errMsg?: string, errCode?: number, errno?: number }} reason
 * @param {string} path
 */
function fileFailure(reason, path) {
  const words = String((reason && reason.errMsg) || reason);
  const number = reason && (reason.errCode || reason.errno);
  if (number === 1300002 || /no such file|not exist|not found/i.test(words)) {
    return failure("not_found", `there is no file ${path} (${words})`);
  }
  if (number === 1300202 || /limit is exceeded|storage limit|no space|ENOSPC/i.test(words)) {
    return failure("storage_full", `no room for ${path}; remove old records (${words})`);
  }
  return failure("file_failed", `the phone's storage refuses ${path} (${words})`);
}

module.exports = { fileFailure };
