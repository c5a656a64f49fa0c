import { showSheet } from "../screen/dialogs.mjs";
import { WxElement, truthy } from "./element.mjs";

/** Something that a tap turns on, as is a label around it. */
class Choice extends WxElement {
  static takes = ["value", "checked", "disabled", "color", "type"];

  shown() {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    this.draw();
    this.addEventListener("click", this.press);
  }

  changed() {
    this.draw();
  }

  draw() {
    const { checked, disabled, color } = this.values;
    this.ariaChecked = String(truthy(checked));
    this.ariaDisabled = String(truthy(disabled));
    if (color) this.style.setProperty("--chosen", color);
  }

  press() {
    if (!truthy(this.values.disabled)) this.turn();
  }

  turn() {}
}

export class Switch extends Choice {
  static role = "switch";

  turn() {
    const value = !truthy(this.values.checked);
    this.enter("checked", value);
    this.draw();
    this.fire("change", { value });
  }
}

export class Checkbox extends Choice {
  static role = "checkbox";

  turn() {
    this.enter("checked", !truthy(this.values.checked));
    this.draw();
    const group = this.closest("wx-checkbox-group");
    const chosen = [...(group?.querySelectorAll("wx-checkbox") || [])].filter((box) => truthy(/** @type {any} */ (box).values.checked));
    /** @type {any} */ (group)?.fire("change", { value: chosen.map((box) => /** @type {any} */ (box).values.value) });
  }
}

export class Radio extends Choice {
  static role = "radio";

  turn() {
    const group = this.closest("wx-radio-group");
    for (const other of group?.querySelectorAll("wx-radio") || []) {
      /** @type {Radio} */ (other).enter("checked", other === this);
      /** @type {Radio} */ (other).draw();
    }
    /** @type {any} */ (group)?.fire("change", { value: this.values.value });
  }
}

export class Group extends WxElement {}

export class Label extends WxElement {
  shown() {
    this.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target !== this && target.closest("wx-checkbox, wx-radio, wx-switch, wx-button, wx-input")) return;
      const named = this.values.for ? this.closest("wx-page")?.querySelector(`[id$="${this.values.for}"]`) : null;
      /** @type {any} */ (named || this.querySelector("wx-checkbox, wx-radio, wx-switch"))?.press?.();
    });
  }
}

export class Slider extends WxElement {
  static takes = ["min", "max", "step", "value", "disabled", "color", "selected-color", "activeColor", "backgroundColor", "block-size", "block-color", "show-value"];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>:host{display:block;padding:8px 18px}input{width:100%}</style><input type="range">`;
    this.range = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.range.oninput = () => this.fire("changing", { value: Number(this.range.value) });
    this.range.onchange = () => {
      this.enter("value", Number(this.range.value));
      this.fire("change", { value: Number(this.range.value) });
    };
  }

  changed() {
    const { min = 0, max = 100, step = 1, value = 0, disabled, activecolor } = this.values;
    Object.assign(this.range, { min, max, step, value, disabled: truthy(disabled) });
    if (activecolor) this.range.style.accentColor = activecolor;
  }
}

export class Picker extends WxElement {
  static takes = ["mode", "range", "range-key", "value", "disabled", "header-text", "start", "end", "fields"];

  shown() {
    this.addEventListener("click", this.open);
  }

  async open() {
    const { mode = "selector", range = [], rangekey, value = 0, disabled } = this.values;
    if (truthy(disabled)) return;
    if (mode !== "selector") throw new Error(`the harness has no <picker mode="${mode}">`);
    const itemList = range.map((/** @type {any} */ item) => String(rangekey ? item[rangekey] : item));
    const chosen = await showSheet({ itemList, selected: Number(value) });
    if (chosen < 0) return this.fire("cancel");
    this.enter("value", chosen);
    this.fire("change", { value: String(chosen) });
  }
}
