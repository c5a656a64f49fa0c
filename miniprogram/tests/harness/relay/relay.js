"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createInterface } = require("node:readline");

const { makeCertificates } = require("./certificates");

const HOST = "relay.mango.test";

/** A real relay, with TLS by a root of its own. It can be stopped and started again, as if its machine had gone. */
class Relay {
  constructor() {
    const program = process.env.MANGO_RELAY;
    if (!program) throw new Error("MANGO_RELAY must name the relay's program, as `cargo xtask test` does");
    this.program = program;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "mango-relay-"));
    this.certificates = makeCertificates(this.folder, HOST);
    this.address = `https://${HOST}`;
    /** Where its name leads to; the phone reads it at each request. @type {Record<string, string>} */
    this.hosts = { [HOST]: "127.0.0.1:9" };
    /** @type {import("node:child_process").ChildProcess | null} */
    this.process = null;
  }

  /** @param {string[]} [flags] further ones of `serve` */
  async start(flags = []) {
    const { certificate, key } = this.certificates;
    const child = spawn(this.program, ["serve", "--listen", "127.0.0.1:0", "--cert", certificate, "--key", key, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    let log = "";
    child.stderr.on("data", (text) => void (log += text));
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      const [, port] = /ready: https:\/\/127\.0\.0\.1:(\d+)/.exec(line) || [];
      if (port === undefined) continue;
      this.hosts[HOST] = `127.0.0.1:${port}`;
      return;
    }
    throw new Error(`the relay did not start:\n${log}`);
  }

  /** At once: what it was doing is lost, and its port refuses. */
  async stop() {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** It answers nothing more; connections are still made. */
  freeze() {
    this.process?.kill("SIGSTOP");
  }

  async close() {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** How a phone reaches it. @returns {import("../phone/network").NetworkOptions} */
  get network() {
    return { ca: this.certificates.root, listed: [this.address], hosts: this.hosts };
  }
}

module.exports = { Relay };
