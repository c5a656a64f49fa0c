import { phoneImage } from "../wx/media.mjs";
import { WxElement, truthy } from "./element.mjs";

export class View extends WxElement {}

export class Text extends WxElement {
  static takes = ["selectable", "user-select", "space", "decode", "overflow", "max-lines"];

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "selectable" || key === "userselect") this.style.userSelect = truthy(value) ? "text" : "none";
  }
}

export class Icon extends WxElement {
  static takes = ["type", "size", "color"];

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "type") this.dataset.sign = /** @type {Record<string, string>} */ (SIGNS)[value] || "";
    if (key === "size") this.style.fontSize = `${parseFloat(value)}px`;
    if (key === "color") this.style.color = value;
  }
}

const SIGNS = { success: "✔", success_no_circle: "✔", info: "ⓘ", warn: "⚠", waiting: "◷", cancel: "✖", download: "⤓", search: "⌕", clear: "⊗" };

export class Progress extends WxElement {
  static takes = ["percent", "show-info", "border-radius", "font-size", "stroke-width", "color", "activeColor", "backgroundColor", "active", "active-mode", "duration"];
  static role = "progressbar";

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>:host{display:flex;align-items:center;gap:8px}div{flex:1;overflow:hidden;height:6px;background:#ebebeb}i{display:block;height:100%;background:#09bb07;transition:width .3s}</style><div><i></i></div><span></span>`;
    this.track = /** @type {HTMLElement} */ (root.querySelector("div"));
    this.fill = /** @type {HTMLElement} */ (root.querySelector("i"));
    this.info = /** @type {HTMLElement} */ (root.querySelector("span"));
  }

  changed() {
    const { percent = 0, strokewidth, activecolor, color, backgroundcolor, borderradius, showinfo } = this.values;
    this.fill.style.width = `${percent}%`;
    this.fill.style.background = activecolor || color || "";
    this.track.style.background = backgroundcolor || "";
    if (strokewidth) this.track.style.height = `${parseFloat(strokewidth)}px`;
    if (borderradius) this.track.style.borderRadius = `${parseFloat(borderradius)}px`;
    this.info.textContent = truthy(showinfo) ? `${percent}%` : "";
    this.ariaValueNow = String(percent);
  }
}

export class Canvas extends WxElement {
  static takes = ["type", "canvas-id", "disable-scroll"];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>canvas{display:block;width:100%;height:100%}</style><canvas></canvas>`;
    const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector("canvas"));
    /** What `fields({ node: true })` gives. */
    this.node = Object.assign(canvas, {
      real: canvas,
      createImage: phoneImage,
      requestAnimationFrame: (/** @type {FrameRequestCallback} */ action) => requestAnimationFrame(action),
      cancelAnimationFrame: (/** @type {number} */ id) => cancelAnimationFrame(id),
    });
  }
}
