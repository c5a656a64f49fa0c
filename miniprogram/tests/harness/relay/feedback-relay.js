"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const { Relay } = require("./relay");

/** A real relay that keeps feedback, and what its operator sees of it. */
class FeedbackRelay extends Relay {
  constructor() {
    super();
    this.feedback = path.join(this.folder, "feedback");
    fs.mkdirSync(this.feedback);
    this.exports = 0;
  }

  /** With feedback. @param {string[]} [flags] further ones of `serve` */
  async start(flags = []) {
    await super.start(["--feedback", this.feedback, ...flags]);
  }

  /** @param {string[]} [flags] further ones of `serve` */
  async restart(flags = []) {
    await this.stop();
    await this.start(flags);
  }

  async restartWithoutFeedback() {
    await this.stop();
    await super.start();
  }

  /** As after its first start: without records and further flags. */
  async reset() {
    this.operate("delete", "--all");
    await this.restart();
  }

  /** The records that it keeps. @returns {{ id: string, label: string, answer: string, verdict: string, model: string }[]} */
  kept() {
    return JSON.parse(this.operate("list", "--json")).records;
  }

  /** An export for review. @returns {{ folder: string, records: { id: string, label: string, file: string }[] }} */
  exported() {
    this.exports += 1;
    const folder = path.join(this.folder, `export-${this.exports}`);
    this.operate("export", "--to", folder);
    return { folder, ...JSON.parse(fs.readFileSync(path.join(folder, "feedback.json"), "utf8")) };
  }

  /** Runs `mango-relay feedback`. @private @param {string[]} command @returns {string} what it prints */
  operate(...command) {
    return execFileSync(this.program, ["feedback", "--feedback", this.feedback, ...command], { encoding: "utf8" });
  }
}

module.exports = { FeedbackRelay };
