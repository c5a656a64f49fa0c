"use strict";
const path = require("node:path");

const { window } = require("./dom.js");
const simulate = require("miniprogram-simulate");

const APP = path.join(__dirname, "../../..");

// A page is a component whose functions are its methods, which is how WeChat runs it too.
/** @type {any} */ (globalThis).Page = ({ data, ...rest }) => {
  const methods = Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value === "function"));
  /** @type {any} */ (globalThis).Component({ data, methods });
};

/** What is on the screen: a page or a component on exparser, rendered by the template compiler of WeChat. */
class Stage {
  /** @param {string} file in the package, without its suffix @param {object} [properties] */
  constructor(file, properties) {
    const tag = path.basename(file);
    this.root = simulate.render(simulate.load(path.join(APP, file), tag, { rootPath: APP }), properties);
    this.frame = document.createElement("div");
    document.body.append(this.frame);
    this.root.attach(this.frame);
  }

  get instance() {
    return this.root.instance;
  }

  text() {
    return this.frame.textContent || "";
  }

  /** @param {string} text @returns {any} the innermost element that shows it */
  find(text) {
    const all = [...this.frame.querySelectorAll("*")].filter((element) => (element.textContent || "").includes(text));
    return all.find((element) => ![...element.children].some((child) => (child.textContent || "").includes(text)));
  }

  /** The elements with a class that their own style sheet names. @param {string} name */
  classed(name) {
    return [...this.frame.querySelectorAll("*")].filter((element) => [...element.classList].some((one) => one === name || one.endsWith(`--${name}`)));
  }

  /** Touches an element as a finger does. @param {string | Element} target its text, or itself */
  async tap(target) {
    const element = typeof target === "string" ? this.find(target) : target;
    if (!element) throw new Error(`nothing shows ${target}; there is: ${this.text()}`);
    const touch = { identifier: 1, pageX: 0, pageY: 0, clientX: 0, clientY: 0 };
    for (const [kind, touches] of /** @type {[string, object[]][]} */ ([["touchstart", [touch]], ["touchend", []]])) {
      element.dispatchEvent(Object.assign(new window.Event(kind, { bubbles: true, cancelable: true }), { touches, changedTouches: [touch] }));
      await new Promise(setImmediate);
    }
  }

  /** Waits until something is so. @param {() => unknown} condition @param {string} what */
  async until(condition, what) {
    const end = Date.now() + 20_000;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`${what} did not come; there is: ${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** @param {string} text */
  sees(text) {
    return this.until(() => this.text().includes(text), text);
  }

  close() {
    this.root.detach();
    this.frame.remove();
  }
}

module.exports = { APP, Stage };
