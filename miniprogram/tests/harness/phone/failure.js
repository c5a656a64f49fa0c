"use strict";

/** What a call of `wx` fails with; the page puts `NAME:fail ` before the message. */
class Failure extends Error {
  /** @param {string} message @param {number} [errno] */
  constructor(message, errno) {
    super(message);
    this.errno = errno;
  }
}

module.exports = { Failure };
