import { bytes } from "./argument.js";
import { failure } from "./failure.js";

/** What pages begin with, byte by byte: the mark of UTF-8 perhaps, white space, and a tag. None of the package's files does. */
const PAGE = /^(\xEF\xBB\xBF)?\s*<[!?a-z]/i;

/**
 * The bytes of a data URL (RFC 2397), which bundlers put in place of small files. They are not fetched: a page's
 * Content-Security-Policy may allow its own server only.
 *
 * @param {string} url
 */
export function inlined(url) {
  const [, kind, data] = /^data:([^,]*),(.*)$/s.exec(url);
  const text = decodeURIComponent(data);
  if (!/;base64$/i.test(kind)) return new TextEncoder().encode(text);
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * The same bytes, unless they are a page: servers of development and of single-page applications answer one in place of
 * a file that is not there.
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
 * The module that a caller of `init` gave, if any.
 *
 * @param {unknown} wasm bytes, or a compiled module
 */
export function given(wasm) {
  const isBytes = ArrayBuffer.isView(wasm) || Object.prototype.toString.call(wasm) === "[object ArrayBuffer]";
  return isBytes ? notAPage(bytes(wasm, "the module"), "what init() was given") : wasm;
}
