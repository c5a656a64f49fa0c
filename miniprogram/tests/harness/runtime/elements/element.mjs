/** Attributes that every built-in component takes. */
const COMMON = ["id", "class", "style", "hidden", "slot", "hover-class", "hover-stop-propagation", "hover-start-time", "hover-stay-time", "animation", "name", "for", "exparser:info-attr-id"];

/** @param {string} name */
const folded = (name) => name.replace(/-/g, "").toLowerCase();

const COMMON_FOLDED = new Set(COMMON.map(folded));

/**
 * A built-in component, as an element of the browser's. The component framework sets its attributes, whose values may be of
 * any kind, and receives the events that it fires.
 */
export class WxElement extends HTMLElement {
  /** Names of the attributes it takes beyond those of all. @type {string[]} */
  static takes = [];
  /** Part of the page's accessibility tree, unless the page says another. */
  static role = "";

  constructor() {
    super();
    /** The element's side of `model:NAME`. @type {Record<string, ((value: unknown) => void) | null>} */
    this.models = {};
    /** By folded name. @type {Record<string, any>} */
    this.values = {};
  }

  connectedCallback() {
    const { role } = /** @type {typeof WxElement} */ (this.constructor);
    if (role && !this.hasAttribute("role")) super.setAttribute("role", role);
    if (this.values.hoverclass || this.hoverDefault()) hover(this);
    this.shown();
  }

  /**
   * @param {string} name
   * @param {string} text what the framework made of the value
   */
  setAttribute(name, text) {
    if (["class", "style", "id"].includes(name) || name.startsWith("exparser:")) return super.setAttribute(name, text);
    const value = this.__wxElement?._$nodeAttributes?.[name] ?? text;
    if (name === "aria-role") return super.setAttribute("role", String(value));
    if (name.startsWith("aria-")) return super.setAttribute(name, String(value));
    const key = folded(name);
    const { takes } = /** @type {typeof WxElement} */ (this.constructor);
    if (!COMMON_FOLDED.has(key) && !takes.some((taken) => folded(taken) === key)) {
      console.error(`<${this.localName.slice(3)}> has no attribute "${name}", or the harness does not know it`);
    }
    super.setAttribute(name, text);
    this.change(key, value);
  }

  /** @param {string} name */
  removeAttribute(name) {
    super.removeAttribute(name);
    if (name.startsWith("aria-")) super.setAttribute(name, "false");
    else this.change(folded(name), false);
  }

  /** @param {string} key @param {any} value */
  change(key, value) {
    this.values[key] = value;
    this.changed(key, value);
  }

  /** An attribute has a new value. @param {string} key folded @param {any} value */
  changed(key, value) {}

  /** It is in a document. */
  shown() {}

  /** The class it has under the finger where the page names none. */
  hoverDefault() {
    return "";
  }

  /**
   * Fires an event on the page.
   * @param {string} type
   * @param {object} [detail]
   * @param {{ bubbles?: boolean, composed?: boolean }} [options]
   */
  fire(type, detail = {}, options = {}) {
    this.__wxElement?.triggerEvent(type, detail, options);
  }

  /** A value that a person changed. @param {string} name @param {unknown} value */
  enter(name, value) {
    this.values[folded(name)] = value;
    this.models[name]?.(value);
  }

  /** @param {string} name a class of the page's or component's that this element is in @param {boolean} on */
  toggleClass(name, on) {
    for (const one of name.split(/\s+/).filter(Boolean)) this.__wxElement?.classList.toggle(one, on);
  }
}

/** Gives it a class while it is under the finger. @param {WxElement} element */
function hover(element) {
  /** @param {boolean} on */
  const set = (on) => {
    const name = element.values.hoverclass || element.hoverDefault();
    if (name !== "none") element.toggleClass(String(name), on);
  };
  element.addEventListener("pointerdown", () => set(true));
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(type, () => setTimeout(() => set(false), 70));
}

/**
 * An attribute that is on where it is there, but for `"false"` from an expression.
 * @param {unknown} value
 */
export const truthy = (value) => value !== undefined && value !== null && value !== false && value !== "false";
