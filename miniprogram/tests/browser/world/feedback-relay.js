"use strict";
const fs = require("node:fs");
const https = require("node:https");
const os = require("node:os");
const path = require("node:path");

const { makeCertificates } = require("./certificates");

const HOST = "relay.mango.test";

/** @typedef {{ label: string, answer: string, verdict: string, model: string, picture: Buffer }} Given */

/** The relay's feedback over TLS, as its protocol says, with what it was given in memory. It identifies nothing. */
class FeedbackRelay {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "mango-relay-"));
    this.certificates = makeCertificates(this.folder, HOST);
    this.address = `https://${HOST}`;
    /** @type {Record<string, string>} */
    this.hosts = {};
    /** Whether it takes anything. */
    this.isOpen = true;
    this.days = 365;
    /** By its deletion code. @type {Map<string, Given>} */
    this.given = new Map();
    this.codes = 0;
    const { certificate, key } = this.certificates;
    this.server = https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, (request, response) => {
      this.answer(request).then(
        ([status, body]) => response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body)),
        (error) => response.writeHead(500).end(String(error)),
      );
    });
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(undefined)));
    this.hosts[HOST] = `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (this.server.address()).port}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** How a phone reaches it. @returns {import("../../harness/phone/network").NetworkOptions} */
  get network() {
    return { ca: this.certificates.root, listed: [this.address], hosts: this.hosts };
  }

  /** @param {import("node:http").IncomingMessage} request @returns {Promise<[number, object?]>} */
  async answer(request) {
    const [, code] = /^\/v1\/feedback(?:\/([\w-]+))?$/.exec(request.url || "") || [];
    const isFeedback = /^\/v1\/feedback/.test(request.url || "");
    if (!isFeedback || !this.isOpen) return [404, { type: `urn:mango-scout:problem:${isFeedback ? "feedback-off" : "unknown-path"}`, detail: "there is no such path" }];
    if (request.method === "GET") return [200, { days: this.days }];
    if (request.method === "DELETE") return this.given.delete(code) ? [204] : [404, { type: "urn:mango-scout:problem:unknown-code", detail: "no photo has this code" }];
    return [201, { code: await this.keep(request), days: this.days }];
  }

  /** @param {import("node:http").IncomingMessage} request @returns {Promise<string>} the deletion code */
  async keep(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": String(request.headers["content-type"]) } }).formData();
    const text = (/** @type {string} */ name) => String(form.get(name));
    const picture = Buffer.from(await /** @type {File} */ (form.get("picture")).arrayBuffer());
    this.codes += 1;
    this.given.set(`code-${this.codes}`, { label: text("label"), answer: text("answer"), verdict: text("verdict"), model: text("model"), picture });
    return `code-${this.codes}`;
  }
}

module.exports = { FeedbackRelay };
