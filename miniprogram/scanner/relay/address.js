// @ts-check

/** Host name, port unless 443, path. */
const ADDRESS = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(\d{1,5}))?((?:\/[A-Za-z0-9._~-]+)*)$/;

/** The preview serves page and relay from one local origin. */
const LOCAL = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]+)*$/;

/**
 * Normalises a typed relay address as WeChat requires: no trailing slash and no default port, which WeChat's domain lists do
 * not match. Empty is valid and means no relay. Null if invalid.
 * @param {string} typed
 * @returns {string | null}
 */
function parseAddress(typed) {
  const text = typed.trim().replace(/\/+$/, "");
  if (text === "" || LOCAL.test(text)) return text;
  const found = ADDRESS.exec(text.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase()));
  if (!found) return null;
  const [, host, port, path] = found;
  if (port !== undefined && (Number(port) === 0 || Number(port) > 65535)) return null;
  return `https://${host}${port === undefined || Number(port) === 443 ? "" : `:${Number(port)}`}${path}`;
}

module.exports = { parseAddress };
