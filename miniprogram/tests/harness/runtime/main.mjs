import * as glassEasel from "glass-easel";
import { MiniProgramEnv } from "glass-easel-miniprogram-adapter";

import { defineElements } from "./elements/index.mjs";
import { Backend } from "./pages/backend.mjs";
import { createPages } from "./pages/pages.mjs";
import { selectorQueries } from "./pages/selector-query.mjs";
import { createModules } from "./sandbox/modules.mjs";
import { createFrame } from "./screen/frame.mjs";
import { ignoreGhostClicks } from "./screen/ghost.mjs";
import { createWx } from "./wx/index.mjs";

const [program, boot] = await Promise.all(["/program.json", "/boot.json"].map(async (url) => (await fetch(url)).json()));

// What the framework only warns of is a mistake in a page.
glassEasel.addGlobalWarningListener((/** @type {string} */ message, /** @type {any} */ component) => {
  console.error(`${message} (in ${component?.is || component})`);
  return false;
});

ignoreGhostClicks();

const env = new MiniProgramEnv();
const space = env.createCodeSpace("main", true);
const backend = new Backend();
const screen = env.associateBackend(backend);
const modules = createModules(program.scripts);

Object.assign(window, {
  // WXS has these in place of literals and `new`.
  getRegExp: (/** @type {string} */ pattern, /** @type {string} */ flags) => new RegExp(pattern, flags),
  getDate: (/** @type {any[]} */ ...parts) => new Date(.../** @type {[]} */ (parts)),
});
const templates = new Function(`return ${program.templates}\n//# sourceURL=miniprogram/templates.js`)();

const frame = createFrame(program, {
  back: () => pages.navigateBack(1),
  tab: (path) => pages.switchTab(`/${path}`),
});
const pages = createPages({
  program,
  create: (path) => screen.createRoot("wx-page", space, path),
  host: frame.host,
  show: frame.show,
});

space.setOverallBehavior(selectorQueries(space));
for (const tag of program.builtIn) space.getComponentSpace().setGlobalUsingComponent(tag, `wx-${tag}`);
for (const [path, style] of Object.entries(program.styles)) {
  screen.registerStyleSheetContent(path, style);
  space.addStyleSheet(path, path, program.scopes[path] || undefined);
}
for (const [path, config] of Object.entries(program.configs)) {
  space.addComponentStaticConfig(path, config);
  space.addCompiledTemplate(path, { groupList: templates, content: templates[path], fallbackListenerOnNativeNode: true });
}

/** @type {any} */
let app = {};
const { wx, own } = createWx({ program, boot, frame, pages });
defineElements({ wx, ...own });
Object.assign(window, {
  wx,
  App: (/** @type {object} */ definition) => void (app = definition),
  getApp: () => app,
  getCurrentPages: pages.instances,
});

if (modules.has("app.js")) modules.load("app.js");
const start = { path: program.pages[0], query: {}, scene: 1001 };
app.onLaunch?.(start);
// A component is there before the pages that use it.
for (const path of Object.keys(program.configs).reverse()) {
  space.globalComponentEnv(window, path, () => {
    withoutBuiltInBehaviors();
    modules.load(`${path}.js`);
  });
}
app.onShow?.(start);
pages.reLaunch(`/${program.app.entryPagePath || program.pages[0]}`);
document.documentElement.dataset.started = "yes";

addEventListener("visibilitychange", () => (document.hidden ? app.onHide?.() : app.onShow?.(start)));

/** `wx://form-field` and its like are WeChat's own and not here. */
function withoutBuiltInBehaviors() {
  const globals = /** @type {any} */ (window);
  for (const kind of ["Component", "Behavior"]) {
    const define = globals[kind];
    globals[kind] = (/** @type {any} */ definition) => {
      const behaviors = (definition?.behaviors || []).filter((/** @type {unknown} */ behavior) => typeof behavior !== "string");
      return define({ ...definition, behaviors });
    };
  }
}
