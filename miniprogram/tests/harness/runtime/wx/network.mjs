import { api, callback } from "../api.mjs";
import { call, onEvent } from "../phone.mjs";

/** @param {import("./index.mjs").Context} context */
export function networkOf({ boot }) {
  /** @type {Set<(status: { isConnected: boolean, networkType: string }) => void>} */
  const listeners = new Set();
  const status = () => ({ isConnected: boot.online, networkType: boot.online ? "wifi" : "none" });
  onEvent("network", ({ online }) => {
    boot.online = online;
    listeners.forEach((listener) => listener(status()));
  });
  return {
    getNetworkType: api("getNetworkType", () => ({ networkType: status().networkType, hasSystemProxy: false })),
    onNetworkStatusChange: (/** @type {(status: any) => void} */ listener) => void listeners.add(listener),
    offNetworkStatusChange: (/** @type {((status: any) => void) | undefined} */ listener) =>
      void (listener ? listeners.delete(listener) : listeners.clear()),
    request: task("request", async (options, signal) => {
      const { url, method = "GET", header = {}, timeout, responseType, dataType = "json" } = options;
      const [body, type] = requestBody(options);
      const headers = { ...(type ? { "content-type": type } : {}), ...lowered(header) };
      const { bytes, ...answer } = await call("request", { url, method, header: headers, timeout }, body, signal);
      return { ...answer, cookies: [], data: responseType === "arraybuffer" ? bytes.buffer : parsed(bytes, dataType) };
    }),
    uploadFile: task("uploadFile", async ({ url, filePath, name, header = {}, formData, timeout }, signal) => {
      const { bytes, ...answer } = await call("uploadFile", { url, filePath, name, header: lowered(header), formData, timeout }, undefined, signal);
      return { ...answer, data: new TextDecoder().decode(bytes) };
    }),
    downloadFile: task("downloadFile", ({ url, header = {}, timeout }, signal) => call("downloadFile", { url, header: lowered(header), timeout }, undefined, signal)),
  };
}

/**
 * A function that gives a task: it can be aborted, and never promises.
 * @param {string} name
 * @param {(options: import("../api.mjs").Options, signal: AbortSignal) => Promise<any>} action
 */
function task(name, action) {
  return (/** @type {import("../api.mjs").Options} */ options) => {
    const controller = new AbortController();
    /** @type {((answer: any) => void)[]} */
    const headerListeners = [];
    callback(name, async () => {
      const { header, ...answer } = await action(options, controller.signal);
      headerListeners.forEach((listener) => listener({ header }));
      // The answer of an upload has no headers on a phone.
      return name === "uploadFile" ? answer : { ...answer, header };
    })(options);
    return {
      abort: () => controller.abort(),
      onHeadersReceived: (/** @type {(answer: any) => void} */ listener) => void headerListeners.push(listener),
      offHeadersReceived() {},
      onProgressUpdate() {},
      offProgressUpdate() {},
    };
  };
}

/**
 * @param {import("../api.mjs").Options} options
 * @returns {[Uint8Array | undefined, string]}
 */
function requestBody({ data, header = {}, method = "GET" }) {
  const type = lowered(header)["content-type"] || "application/json";
  if (data === undefined || method === "GET") return [undefined, ""];
  if (data instanceof ArrayBuffer) return [new Uint8Array(data), type];
  return [new TextEncoder().encode(typeof data === "string" ? data : JSON.stringify(data)), type];
}

/** @param {Uint8Array} bytes @param {string} dataType */
function parsed(bytes, dataType) {
  const text = new TextDecoder().decode(bytes);
  if (dataType !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {Record<string, string>} header */
function lowered(header) {
  return Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
