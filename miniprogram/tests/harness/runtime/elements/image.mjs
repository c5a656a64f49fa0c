import { address } from "../phone.mjs";
import { WxElement } from "./element.mjs";

/** What a mode means in CSS; widthFix and heightFix follow the picture. */
const FIT = {
  scaleToFill: ["fill", ""], aspectFit: ["contain", ""], aspectFill: ["cover", ""], widthFix: ["fill", ""], heightFix: ["fill", ""],
  center: ["none", "center"], top: ["none", "top"], bottom: ["none", "bottom"], left: ["none", "left"], right: ["none", "right"],
  "top left": ["none", "top left"], "top right": ["none", "top right"], "bottom left": ["none", "bottom left"], "bottom right": ["none", "bottom right"],
};

export class Picture extends WxElement {
  static takes = ["src", "mode", "lazy-load", "fade-in", "webp", "show-menu-by-longpress"];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>img{display:block;width:100%;height:100%}img:not([src]){visibility:hidden}</style><img alt="">`;
    this.picture = /** @type {HTMLImageElement} */ (root.querySelector("img"));
    this.picture.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = this.picture;
      this.fix();
      this.fire("load", { width, height });
    };
    this.picture.onerror = () => this.fire("error", { errMsg: `GET ${this.values.src} 404 (Not Found)` });
  }

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "mode") {
      const [fit, position] = /** @type {Record<string, string[]>} */ (FIT)[value] || FIT.scaleToFill;
      Object.assign(this.picture.style, { objectFit: fit, objectPosition: position });
      this.fix();
    }
    if (key !== "src") return;
    if (value) this.picture.src = address(String(value), this.closest("[data-page]")?.getAttribute("data-page") || "");
    else this.picture.removeAttribute("src");
  }

  fix() {
    const { naturalWidth, naturalHeight } = this.picture;
    if (!naturalWidth) return;
    if (this.values.mode === "widthFix") this.style.height = `${(this.clientWidth * naturalHeight) / naturalWidth}px`;
    if (this.values.mode === "heightFix") this.style.width = `${(this.clientHeight * naturalWidth) / naturalHeight}px`;
  }
}
