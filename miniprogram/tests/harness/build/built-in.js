"use strict";

/** WeChat's own components that the harness has. */
const BUILT_IN = new Set([
  "view", "text", "image", "button", "icon", "progress", "scroll-view", "swiper", "swiper-item", "input", "textarea",
  "switch", "slider", "picker", "checkbox", "checkbox-group", "radio", "radio-group", "label", "form", "navigator", "canvas",
]);

module.exports = { BUILT_IN };
