"use strict";
const { breathe } = require("./turns.js");

/** Time, which passes when the test says so. */
class Time {
  constructor() {
    this.now = Date.UTC(2026, 4, 1);
    /** @type {{ at: number, action: () => void, life: import("./turns.js").Life }[]} */
    this.alarms = [];
    this.seed = 1;
  }

  /** @param {number} ms */
  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = this.alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.alarms.splice(this.alarms.indexOf(due), 1);
      this.now = Math.max(this.now, due.at);
      if (!due.life.isOver) due.action();
      await breathe();
    }
    this.now = end;
    await breathe();
  }

  /** The app is in the background: time passes, and what came due meanwhile is run late. @param {number} ms */
  async sleep(ms) {
    this.now += ms;
    await this.pass(0);
  }

  /**
   * The Clock of one run of the app.
   * @param {import("./turns.js").Life} life
   * @returns {Clock}
   */
  clockOf(life) {
    return {
      now: () => this.now,
      after: (ms, action) => {
        const alarm = { at: this.now + ms, action, life };
        this.alarms.push(alarm);
        return () => {
          this.alarms = this.alarms.filter((other) => other !== alarm);
        };
      },
      random: () => {
        this.seed = (this.seed * 1103515245 + 12345) % 0x80000000;
        return this.seed / 0x80000000;
      },
    };
  }
}

module.exports = { Time };
