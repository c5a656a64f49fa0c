import { writeFileSync } from "node:fs";

/** Milliseconds that something may take to be seen: an engine without a compiler is slow. */
const TIMEOUT = 60_000;

/** Runs in the page: elements of a role by name, on the page in front and in the app's frame. */
const FIND = `
  const [role, name, pattern] = arguments;
  const all = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      all.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  const nameOf = (element) => (element.getAttribute("aria-label") || element.textContent).trim();
  const roleOf = (element) => element.getAttribute("role") || ({ INPUT: "textbox", BUTTON: "button" })[element.tagName];
  const fits = (element) => (pattern ? new RegExp(name).test(nameOf(element)) : nameOf(element) === name);
  return all.find((element) => roleOf(element) === role && fits(element) && element.getClientRects().length > 0 && !element.closest(".webview[hidden]")) || null;
`;

const SEES = `
  const front = document.querySelector(".webview:not([hidden])");
  return front !== null && front.innerText.includes(arguments[0]);
`;

/** Collects what goes wrong in the page from here on. */
const LISTEN = `
  window.__errors = [];
  addEventListener("error", (event) => window.__errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => window.__errors.push(String(event.reason && event.reason.stack || event.reason)));
  const { error } = console;
  console.error = (...words) => { window.__errors.push(words.map(String).join(" ")); error.apply(console, words); };
`;

/**
 * A grower's actions and view, through WebDriver: elements are found by their text or their accessible name.
 * @param {import("selenium-webdriver").WebDriver} session
 * @param {(name: string) => string | undefined} fileOf a screenshot's file, or undefined for none
 */
export function lookInto(session, fileOf) {
  const wait = (condition, what) => session.wait(condition, TIMEOUT, `timed out: ${what}`, 50);

  async function find(role, name) {
    const pattern = name instanceof RegExp;
    const words = pattern ? name.source : name;
    return wait(() => session.executeScript(FIND, role, words, pattern), `${role} "${words}"`);
  }

  return {
    async tap(role, name) {
      const element = await find(role, name);
      await wait(async () => (await element.getAttribute("aria-disabled")) !== "true", `${role} "${name}" can be tapped`);
      await session.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
      await element.click();
    },

    async type(name, text) {
      await (await find("textbox", name)).sendKeys(text);
    },

    sees: (text) => wait(() => session.executeScript(SEES, text), `"${text}"`),

    /** Waits until a condition outside the page holds. @param {() => boolean} condition @param {string} what */
    holds: (condition, what) => wait(async () => condition(), what),

    until: (script, what) => wait(() => session.executeScript(script), what),

    listenForErrors: () => session.executeScript(LISTEN),

    /** @returns {Promise<string[]>} */
    errors: () => session.executeScript("return window.__errors"),

    async picture(name) {
      const file = fileOf(name);
      if (file) writeFileSync(file, await session.takeScreenshot(), "base64");
    },
  };
}
