import { WxElement, truthy } from "./element.mjs";

export class ScrollView extends WxElement {
  static takes = [
    "scroll-x", "scroll-y", "upper-threshold", "lower-threshold", "scroll-top", "scroll-left", "scroll-into-view", "scroll-with-animation", "enable-back-to-top",
    "enable-passive", "refresher-enabled", "refresher-triggered", "enhanced", "bounces", "show-scrollbar", "paging-enabled", "fast-deceleration", "enable-flex", "type",
  ];

  shown() {
    this.addEventListener("scroll", () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = this;
      this.fire("scroll", { scrollTop, scrollLeft, scrollHeight, scrollWidth });
      if (scrollTop + clientHeight >= scrollHeight - Number(this.values.lowerthreshold || 50)) this.fire("scrolltolower", { direction: "bottom" });
    });
  }

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "scrollx") this.style.overflowX = truthy(value) ? "auto" : "hidden";
    if (key === "scrolly") this.style.overflowY = truthy(value) ? "auto" : "hidden";
    if (key === "scrolltop") this.scrollTop = Number(value);
    if (key === "scrollleft") this.scrollLeft = Number(value);
    if (key === "enableflex" && truthy(value)) this.style.display = "flex";
    if (key === "scrollintoview" && value) setTimeout(() => this.querySelector(`[id$="${CSS.escape(value)}"]`)?.scrollIntoView({ block: "nearest", inline: "start" }));
  }
}

export class Swiper extends WxElement {
  static takes = ["indicator-dots", "indicator-color", "indicator-active-color", "autoplay", "current", "interval", "duration", "circular", "vertical", "previous-margin", "next-margin", "display-multiple-items", "easing-function"];

  shown() {
    this.addEventListener("scrollend", () => {
      const current = Math.round(this.scrollLeft / this.clientWidth);
      if (current === Number(this.values.current || 0)) return;
      this.enter("current", current);
      this.fire("change", { current, source: "touch" });
    });
  }

  /** @param {string} key @param {any} value */
  changed(key, value) {
    if (key === "current") setTimeout(() => this.scrollTo({ left: Number(value) * this.clientWidth }));
  }
}

export class SwiperItem extends WxElement {
  static takes = ["item-id", "skip-hidden-item-layout"];
}
