"use strict";

/** Lets everything run that waits for nothing outside. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Pending operations on files, phone and relay. The test decides when and in which order each one completes, which
 * makes every interleaving possible and repeatable.
 */
class Turns {
  constructor() {
    /** @type {{ act: () => any, cut: (() => void) | null, resolve: (value: any) => void, reject: (error: any) => void, life: Life }[]} */
    this.pending = [];
  }

  /**
   * @template T
   * @param {Life} life
   * @param {() => T} act happens when its turn comes
   * @param {(() => void) | null} [cut] what there is of it if the app ends instead
   * @returns {Promise<T>}
   */
  take(life, act, cut = null) {
    return new Promise((resolve, reject) => {
      if (life.isOver) return;
      this.pending.push({ act, cut, resolve, reject, life });
    });
  }

  /** @param {number} [pick] which of those under way */
  async step(pick = 0) {
    if (this.pending.length > 0) {
      const [turn] = this.pending.splice(pick % this.pending.length, 1);
      try {
        turn.resolve(turn.act());
      } catch (error) {
        turn.reject(error);
      }
    }
    await breathe();
  }

  /** @param {() => number} [random] */
  async all(random = () => 0) {
    await breathe();
    for (let steps = 0; this.pending.length > 0; steps += 1) {
      if (steps > 20000) throw new Error("it never comes to rest");
      await this.step(random());
    }
  }

  /**
   * Ends the app: each pending operation is done, half done or not done.
   * @param {Life} life
   * @param {() => number} random
   */
  end(life, random) {
    life.isOver = true;
    for (const turn of this.pending) {
      const fate = random() % 3;
      try {
        if (fate === 1 && turn.cut) turn.cut();
        if (fate === 2) turn.act();
      } catch (error) {
        // A failure has no receiver any more.
      }
    }
    this.pending = [];
  }
}

/** One run of the app. */
class Life {
  constructor() {
    this.isOver = false;
  }
}

module.exports = { Turns, Life, breathe };
