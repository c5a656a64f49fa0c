"use strict";
const { relayFailure } = require("../../../scanner/relay/failure.js");
const { parts } = require("./multipart.js");
const { look, lookAtJpeg, predictionOf, isFault } = require("./photo.js");

/** How the relay takes what it is sent. */
const MOODS = ["up", "busy", "refuses", "broken", "down", "answer_lost", "silent", "certificate"];

const FAILS = {
  down: { errno: 600001, errMsg: "uploadFile:fail errcode:-102 cronet_error_code:-102" },
  answer_lost: { errno: 600003, errMsg: "uploadFile:fail interrupted" },
  silent: { errno: 5, errMsg: "uploadFile:fail timeout" },
  certificate: { errno: 600001, errMsg: "uploadFile:fail errcode:-202 net::ERR_CERT_AUTHORITY_INVALID" },
};

/** The network and the relay at its other end. */
class Internet {
  /** @param {import("./turns.js").Turns} turns @param {import("./disk.js").Disk} disk @param {import("./time.js").Time} time */
  constructor(turns, disk, time) {
    this.turns = turns;
    this.disk = disk;
    this.time = time;
    this.isOnline = true;
    /** Reported network state. */
    this.thinksOnline = true;
    this.mood = "up";
    /** @type {Set<(online: boolean) => void>} */
    this.listeners = new Set();
    this.inFlight = 0;
    this.mostInFlight = 0;
    /** Called with the photos of each sending as it leaves. @type {((numbers: number[]) => void)[]} */
    this.watchers = [];
    /** @type {number[][]} */
    this.arrived = [];
    /** For how many days the relay keeps what growers send; null where it takes nothing. @type {number | null} */
    this.feedbackDays = 365;
    /** What growers gave to the relay, by its code. @type {Map<string, { n: number, label: string, answer: string, verdict: string, model: string }>} */
    this.given = new Map();
    this.codes = 0;
    /** Called with each photo that is given as it leaves. @type {((given: ReturnType<typeof given>) => void)[]} */
    this.giving = [];
    /** Requests about feedback, as they left. @type {string[]} */
    this.feedbackAsked = [];
  }

  /** @param {boolean} isOnline */
  set(isOnline) {
    this.isOnline = isOnline;
    this.report(isOnline);
  }

  /** A change that is not reported. @param {boolean} isOnline */
  setUnreported(isOnline) {
    this.isOnline = isOnline;
  }

  /** @param {boolean} isOnline */
  report(isOnline) {
    if (this.thinksOnline === isOnline) return;
    this.thinksOnline = isOnline;
    for (const listener of Array.from(this.listeners)) listener(isOnline);
  }

  /** The app ended, and what it had sent with it. */
  forget() {
    this.listeners.clear();
    this.thinksOnline = this.isOnline;
    this.inFlight = 0;
  }

  /** @param {import("./turns.js").Life} life @returns {Network} */
  networkOf(life) {
    return {
      online: () => this.thinksOnline,
      wifi: () => this.isOnline,
      look: () =>
        this.turns.take(life, () => {
          this.report(this.isOnline);
        }),
      onChange: (listener) => {
        const heard = (/** @type {boolean} */ online) => life.isOver || listener(online);
        this.listeners.add(heard);
        return () => {
          this.listeners.delete(heard);
        };
      },
    };
  }

  /** @param {import("./turns.js").Life} life @returns {Http} */
  httpOf(life) {
    return {
      upload: ({ url, file, name, timeout, signal }) => {
        if (!/^https:\/\/[^/]+\/upload_image\?explain=1$/.test(url) || name !== "picture") throw new Error(`no such endpoint: ${url}`);
        const content = this.disk.content.get(file.replace("disk://", ""));
        if (!content) return Promise.reject(relayFailure({ errMsg: "uploadFile:fail file not found" }));
        const photos = [look(content)];
        return this.send(life, photos, timeout, signal, () => predictionOf(photos, "relay"));
      },
      request: ({ url, method = "GET", headers = {}, body, timeout, signal }) => {
        const [, code] = /^https:\/\/[^/]+\/v1\/feedback(?:\/(\w+))?$/.exec(url) || [null, null];
        if (code !== null) {
          this.feedbackAsked.push(method);
          if (method === "POST") for (const watch of this.giving) watch(given(headers, body));
          return this.send(life, null, timeout, signal, () => this.feedback(method, code, headers, body));
        }
        if (!/^https:\/\/[^/]+\/v1\/predict$/.test(url) || method !== "POST") throw new Error(`no such endpoint: ${url}`);
        const sent = parts(headers["content-type"], /** @type {ArrayBuffer} */ (body));
        if (sent.length > 6 || sent.some((part) => part.name !== "photo")) throw new Error("not what the relay takes");
        const photos = sent.map((part) => look(part.content));
        return this.send(life, photos, timeout, signal, () => ({ pooled: predictionOf(photos, "relay"), photos: [] }));
      },
    };
  }

  /**
   * @param {import("./turns.js").Life} life
   * @param {{ n: number, sees: string }[] | null} photos to be recognised; none where something else is asked
   * @param {number} timeout
   * @param {Signal | undefined} signal
   * @param {() => object} answer
   * @returns {Promise<HttpAnswer>}
   */
  send(life, photos, timeout, signal, answer) {
    const numbers = photos && photos.map(({ n }) => n);
    if (numbers) for (const watch of this.watchers) watch(numbers);
    if (numbers) this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return new Promise((resolve, reject) => {
      let isOpen = true;
      /** @param {() => void} how */
      const end = (how) => {
        if (!isOpen || life.isOver) return;
        isOpen = false;
        if (numbers) this.inFlight -= 1;
        how();
      };
      if (signal) signal.onAbort(() => end(() => reject(relayFailure({ errMsg: "uploadFile:fail abort" }))));
      this.time.clockOf(life).after(timeout, () => end(() => reject(relayFailure(FAILS.silent))));
      this.turns.take(life, () => {
        const mood = this.isOnline ? this.mood : "down";
        if (mood === "silent") return;
        if (mood === "down" || mood === "certificate") {
          end(() => reject(relayFailure(FAILS[mood])));
          return;
        }
        if (numbers) this.arrived.push(numbers);
        if (mood === "answer_lost") {
          answer();
          end(() => reject(relayFailure(FAILS[mood])));
        }
        else end(() => resolve(this.answered(mood, photos || [], answer)));
      });
    });
  }

  /** @param {string} method @param {string | undefined} code @param {Record<string, string>} headers @param {ArrayBuffer} [body] */
  feedback(method, code, headers, body) {
    if (this.feedbackDays === null) return problem(404, "feedback-off");
    if (method === "GET") return { days: this.feedbackDays };
    if (method === "DELETE") return this.given.delete(String(code)) ? { status: 204, body: "" } : problem(404, "unknown-code");
    this.codes += 1;
    this.given.set(`code${this.codes}`, given(headers, body));
    return { status: 201, body: JSON.stringify({ code: `code${this.codes}`, days: this.feedbackDays }) };
  }

  /**
   * @param {string} mood
   * @param {{ n: number, sees: string }[]} photos
   * @param {() => object} answer
   * @returns {HttpAnswer}
   */
  answered(mood, photos, answer) {
    if (mood === "busy") return { status: 503, headers: { "retry-after": "30" }, body: "" };
    if (mood === "refuses") return { status: 404, headers: {}, body: JSON.stringify({ detail: "nothing is here" }) };
    if (mood === "broken") return { status: 200, headers: {}, body: "<html>log in</html>" };
    const faulty = photos.findIndex(({ sees }) => isFault(sees));
    if (faulty < 0) return asAnswer(answer());
    const type = `urn:mango-scout:problem:${photos[faulty].sees.replace(/_/g, "-")}`;
    return { status: 422, headers: {}, body: JSON.stringify({ type, photo: faulty, detail: "no" }) };
  }
}

/** What a form of feedback says. @param {Record<string, string>} headers @param {ArrayBuffer} [body] */
function given(headers, body) {
  const form = new Map(parts(headers["content-type"], /** @type {ArrayBuffer} */ (body)).map(({ name, content }) => [name, content]));
  const text = (/** @type {string} */ name) => String(form.get(name));
  return { n: lookAtJpeg(/** @type {Buffer} */ (form.get("picture"))).n, label: text("label"), answer: text("answer"), verdict: text("verdict"), model: text("model") };
}

/** @param {number} status @param {string} type */
const problem = (status, type) => ({ status, body: JSON.stringify({ type: `urn:mango-scout:problem:${type}` }) });

/** @param {any} answer @returns {HttpAnswer} */
const asAnswer = (answer) => ("status" in answer ? { headers: {}, ...answer } : { status: 200, headers: {}, body: JSON.stringify(answer) });

module.exports = { Internet, MOODS };
