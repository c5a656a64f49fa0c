"use strict";
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const zlib = require("node:zlib");

const { Failure } = require("./phone/failure");
const { decode, encode } = require("./phone/frame");

const TYPES = new Map(Object.entries({
  ".html": "text/html; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8", ".json": "application/json", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
  ".webp": "image/webp", ".svg": "image/svg+xml", ".gif": "image/gif", ".wasm": "application/wasm",
}));

const RUNTIME = path.join(__dirname, "runtime");
const LIBRARIES = new Map([
  ["glass-easel.js", "glass-easel/dist/glass_easel.all.es.js"],
  ["glass-easel-miniprogram-adapter.js", "glass-easel-miniprogram-adapter/dist/glass_easel_miniprogram_adapter.es.js"],
]);

/**
 * Serves a mini-program and its phone on this machine alone.
 * @param {{ built: import("./build").Built, phone: import("./phone/phone").Phone, port?: number }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
async function serve({ built, phone, port = 0 }) {
  const program = JSON.stringify(built.program);
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (response.headersSent) return response.destroy();
      const missing = error.code === "ENOENT" || error instanceof Failure;
      response.writeHead(missing ? 404 : 500, { "content-type": "text/plain; charset=utf-8" }).end(String(error.message));
    });
  });

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async function answer(request, response) {
    const { pathname } = new URL(request.url || "/", "http://localhost");
    const name = decodeURIComponent(pathname.slice(1));
    // Another site's page could otherwise lead a name of its own to this address and read the phone's photos.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host || "")) return void response.writeHead(403).end();
    if (name === "") return send(response, "index.html", fs.readFileSync(path.join(RUNTIME, "index.html")));
    if (name === "program.json") return send(response, name, program);
    if (name === "boot.json") return send(response, name, JSON.stringify(phone.boot()));
    if (name === "phone/call") return call(request, response);
    if (name === "phone/events") return events(request, response);
    const [, place, file] = /^(harness|library|package|wasm|files)\/(.+)$/.exec(name) || [];
    if (place === "harness") return send(response, file, fs.readFileSync(within(RUNTIME, file)));
    if (place === "library") return send(response, file, fs.readFileSync(require.resolve(LIBRARIES.get(file) || file)));
    if (place === "package") return send(response, file, built.source.bytes(file));
    if (place === "wasm") return send(response, "module.wasm", unpackedModule(file));
    if (place === "files") return send(response, file, phone.files.read(`wxfile://${file}`));
    response.writeHead(404).end();
  }

  /** @param {string} file */
  function unpackedModule(file) {
    const bytes = built.source.bytes(file);
    return file.endsWith(".br") ? zlib.brotliDecompressSync(bytes) : bytes;
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async function call(request, response) {
    // A header of its own: another site's page would have to ask first, and is not answered.
    if (request.method !== "POST" || request.headers["x-phone"] !== "1") return void response.writeHead(403).end();
    const { meta, bytes } = decode(await body(request));
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const [answer, content] = await phone.call(meta.name, meta.options, bytes, gone.signal).then(
      ({ bytes, ...result }) => /** @type {const} */ ([{ result, binary: bytes !== undefined }, bytes]),
      (error) => {
        if (!(error instanceof Failure)) throw error;
        return /** @type {const} */ ([{ failure: { message: error.message, errno: error.errno } }, undefined]);
      },
    );
    response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" }).end(encode(answer, content));
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  function events(request, response) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": open\n\n");
    const publish = (/** @type {object} */ event) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    phone.on("event", publish);
    request.on("close", () => phone.off("event", publish));
  }

  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @param {http.ServerResponse} response @param {string} name @param {string | Buffer} content */
function send(response, name, content) {
  const type = TYPES.get(path.extname(name)) || "application/octet-stream";
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(content);
}

/** @param {string} folder @param {string} file */
function within(folder, file) {
  const found = path.join(folder, file);
  if (!found.startsWith(folder + path.sep)) throw new Failure(`${file} is not in the harness`);
  return found;
}

/** @param {http.IncomingMessage} request @returns {Promise<Buffer>} */
async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

module.exports = { serve };
