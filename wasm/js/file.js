import { bytes } from "./argument.js";
import { failure } from "./failure.js";

/** The start of an HTML page as bytes: an optional UTF-8 BOM, white space, and a tag. No file of the package starts so. */
const PAGE = /^(\xEF\xBB\xBF)?\s*<[!?a-z]/i;

/**
 * The bytes of a data URL (RFC 2397), by which bundlers replace small files. It is decoded here and not fetched, since a
 * page's Content-Security-Policy may allow only its own server.
 *
 * @param {string} url
 */
export function inlined(url) {
  const [, mediaType, data] = /^data:([^,]*),(.*)$/s.exec(url);
  const text = decodeURIComponent(data);
  if (!/;base64$/i.test(mediaType)) return new TextEncoder().encode(text);
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * Returns the bytes, or throws if they are an HTML page: development servers and servers of single-page applications
 * answer a page for a missing file.
 *
 * @param {Uint8Array} file
 * @param {string} name
 */
export function notAPage(file, name) {
  if (!PAGE.test(String.fromCharCode(...file.subarray(0, 64)))) return file;
  throw failure(
    "not_found",
    `${name} is a page (HTML), not the package's file: the server has no such file and answers its start page. With Vite, ` +
      `set optimizeDeps.exclude to ["mango-scout"]; with other bundlers see "With a bundler" in the package's README.md`,
  );
}

/**
 * The module that was passed to `init`, if any.
 *
 * @param {unknown} wasm bytes, or a compiled module
 */
export function given(wasm) {
  const isBytes = ArrayBuffer.isView(wasm) || Object.prototype.toString.call(wasm) === "[object ArrayBuffer]";
  return isBytes ? notAPage(bytes(wasm, "the module"), "what init() was given") : wasm;
}
