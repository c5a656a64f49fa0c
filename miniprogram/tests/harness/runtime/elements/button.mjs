import { WxElement, truthy } from "./element.mjs";

/** @param {{ wx: any, agree: () => Promise<void>, share: (target: any) => Promise<void> }} context */
export function buttons({ wx, agree, share }) {
  class Button extends WxElement {
    static takes = ["size", "type", "plain", "disabled", "loading", "form-type", "open-type", "lang"];
    static role = "button";

    hoverDefault() {
      return "button-hover";
    }

    shown() {
      if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
      this.addEventListener("click", this.act);
    }

    /** @param {string} key @param {any} value */
    changed(key, value) {
      if (key === "disabled") this.ariaDisabled = String(truthy(value));
    }

    act() {
      if (truthy(this.values.disabled)) return;
      const { opentype, formtype } = this.values;
      if (opentype === "share") share(this.__wxElement);
      if (opentype === "agreePrivacyAuthorization") agree().then(() => this.fire("agreeprivacyauthorization", { errMsg: "agreePrivacyAuthorization:ok" }));
      if (formtype) /** @type {any} */ (this.closest("wx-form"))?.end(formtype);
    }
  }

  class Navigator extends WxElement {
    static takes = ["url", "open-type", "delta", "target"];
    static role = "link";

    hoverDefault() {
      return "navigator-hover";
    }

    shown() {
      this.addEventListener("click", this.go);
    }

    go() {
      const { url, opentype = "navigate", delta } = this.values;
      if (opentype === "navigateBack") wx.navigateBack({ delta });
      else wx[opentype === "navigate" ? "navigateTo" : opentype === "redirect" ? "redirectTo" : opentype]({ url });
    }
  }

  class Form extends WxElement {
    static takes = ["report-submit"];

    /** @param {"submit" | "reset"} kind */
    end(kind) {
      const fields = [...this.querySelectorAll("[name]")];
      const value = Object.fromEntries(fields.map((field) => [field.getAttribute("name"), /** @type {any} */ (field).values.value]));
      this.fire(kind, kind === "submit" ? { value } : {});
    }
  }

  return { Button, Navigator, Form };
}
