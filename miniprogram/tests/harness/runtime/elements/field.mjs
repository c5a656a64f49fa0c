import { WxElement, truthy } from "./element.mjs";

const TAKES = [
  "value", "placeholder", "placeholder-style", "placeholder-class", "disabled", "maxlength", "focus", "auto-focus", "cursor", "cursor-spacing",
  "cursor-color", "selection-start", "selection-end", "adjust-position", "hold-keyboard", "confirm-type", "confirm-hold", "always-embed", "type", "password",
  "auto-height", "fixed", "show-confirm-bar", "disable-default-padding", "auto-fill",
];

const STYLE = `:host{display:block}input,textarea{display:block;box-sizing:border-box;width:100%;height:100%;margin:0;padding:0;border:0;outline:0;background:none;font:inherit;color:inherit;text-align:inherit;line-height:inherit;resize:none}`;

class Field extends WxElement {
  static takes = TAKES;

  /** @param {"input" | "textarea"} tag */
  constructor(tag) {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${STYLE}</style><style id="hint"></style><${tag}></${tag}>`;
    this.hint = /** @type {HTMLElement} */ (root.getElementById("hint"));
    this.field = /** @type {HTMLInputElement} */ (root.querySelector(tag));
    this.field.maxLength = 140;
    this.field.oninput = () => {
      this.enter("value", this.field.value);
      this.grow();
      this.fire("input", this.detail());
    };
    this.field.onfocus = () => this.fire("focus", { ...this.detail(), height: 0 });
    this.field.onblur = () => this.fire("blur", this.detail());
    this.field.onkeydown = (event) => {
      if (event.key === "Enter" && tag === "input") this.fire("confirm", this.detail());
    };
    // The page would receive it twice.
    for (const type of ["input", "change"]) this.field.addEventListener(type, (event) => event.stopPropagation());
  }

  detail() {
    return { value: this.field.value, cursor: this.field.selectionStart };
  }

  /** @param {string} name @param {string} text */
  setAttribute(name, text) {
    super.setAttribute(name, text);
    // Its field is what has a name, not the box around it.
    if (name === "aria-label") this.field.setAttribute(name, text);
  }

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "value" && this.field.value !== String(value ?? "")) this.field.value = String(value ?? "");
    if (key === "placeholder") this.field.placeholder = String(value);
    if (key === "placeholderstyle") this.hint.textContent = `::placeholder{opacity:1;${value}}`;
    if (key === "disabled") this.field.disabled = truthy(value);
    if (key === "maxlength") Number(value) < 0 ? this.field.removeAttribute("maxlength") : (this.field.maxLength = Number(value));
    if (key === "password" && truthy(value)) this.field.type = "password";
    if (key === "type") this.field.inputMode = { number: "numeric", digit: "decimal", idcard: "numeric" }[String(value)] || "text";
    if (key === "focus" && truthy(value)) setTimeout(() => this.field.focus());
    if (key === "value" || key === "autoheight") this.grow();
  }

  shown() {
    this.hintColour();
    this.grow();
  }

  /** The colour that the page's own class gives the placeholder; a class does not reach in here. */
  hintColour() {
    const name = this.values.placeholderclass;
    if (!name) return;
    const probe = document.createElement("span");
    const scope = [...this.classList].map((one) => /^s\d+--/.exec(one)?.[0]).find(Boolean) || "";
    probe.className = String(name).split(/\s+/).map((one) => scope + one).join(" ");
    this.after(probe);
    this.hint.textContent = `::placeholder{opacity:1;color:${getComputedStyle(probe).color}}`;
    probe.remove();
  }

  grow() {
    if (!truthy(this.values.autoheight)) return;
    this.field.style.height = "auto";
    this.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}

export class Input extends Field {
  constructor() {
    super("input");
  }
}

export class Textarea extends Field {
  constructor() {
    super("textarea");
  }
}
