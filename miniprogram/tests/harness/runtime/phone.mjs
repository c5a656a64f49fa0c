/** The way to the phone in Node: what is behind `wx` and no JavaScript of the app's. */

/** What a call fails with, for api.mjs to word as WeChat does. */
export class Failure extends Error {
  /** @param {string} message @param {number} [errno] */
  constructor(message, errno) {
    super(message);
    this.errno = errno;
  }
}

/**
 * @param {string} name
 * @param {object} [options]
 * @param {Uint8Array} [bytes]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} what the phone answers, with its bytes as `bytes`
 */
export async function call(name, options = {}, bytes, signal) {
  const request = { method: "POST", headers: { "x-phone": "1" }, body: encode({ name, options }, bytes), signal };
  const response = await fetch("/phone/call", request).catch((error) => {
    throw signal?.aborted ? new Failure("abort") : error;
  });
  if (!response.ok) throw new Error(`the harness failed at ${name}: ${await response.text()}`);
  return opened(new Uint8Array(await response.arrayBuffer()));
}

/**
 * The same, and the page stands still meanwhile, as it does for `wx`'s functions that end in Sync.
 * @param {string} name
 * @param {object} [options]
 * @param {Uint8Array} [bytes]
 */
export function callSync(name, options = {}, bytes) {
  const request = new XMLHttpRequest();
  request.open("POST", "/phone/call", false);
  request.setRequestHeader("x-phone", "1");
  // Bytes come through as the low half of each letter.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send(encode({ name, options }, bytes));
  if (request.status !== 200) throw new Error(`the harness failed at ${name}: ${request.responseText}`);
  return opened(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 0xff));
}

/**
 * Where the browser finds what the app names: a file of the phone, of the package, or an address.
 * @param {string} path
 * @param {string} [page] that names it
 */
export function address(path, page = "") {
  if (/^(https?|data|blob):/.test(path)) return path;
  if (path.startsWith("wxfile://")) return `/files/${path.slice("wxfile://".length)}`;
  return `/package${new URL(path, `http://package/${page}`).pathname}`;
}

const events = new EventSource("/phone/events");

/** @param {string} kind @param {(event: any) => void} listener */
export function onEvent(kind, listener) {
  events.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind === kind) listener(event);
  });
}

/** @param {object} meta @param {Uint8Array} [bytes] */
function encode(meta, bytes = new Uint8Array()) {
  const json = new TextEncoder().encode(JSON.stringify(meta));
  const body = new Uint8Array(4 + json.length + bytes.length);
  new DataView(body.buffer).setUint32(0, json.length);
  body.set(json, 4);
  body.set(bytes, 4 + json.length);
  return body;
}

/** @param {Uint8Array} body */
function opened(body) {
  const end = 4 + new DataView(body.buffer).getUint32(0);
  const { result, failure, binary } = JSON.parse(new TextDecoder().decode(body.subarray(4, end)));
  if (failure) throw new Failure(failure.message, failure.errno);
  return binary ? { ...result, bytes: body.slice(end) } : result;
}
