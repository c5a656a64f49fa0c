"use strict";
const { JSDOM } = require("jsdom");

// exparser and its loader take a browser's globals, as WeChat's WebView has them.

const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true, url: "http://localhost/" });

const GLOBALS = ["document", "HTMLElement", "Event", "CustomEvent", "Node", "Element", "Text", "MutationObserver"];

Object.assign(globalThis, { window, requestAnimationFrame: window.requestAnimationFrame.bind(window) });
for (const name of GLOBALS) Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });

module.exports = { window };
