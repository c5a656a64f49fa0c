/** Timeout of a request, ms; longer than the relay's own. */
const TIMEOUT = 90_000;

/** An error that is shown to the user. */
class Trouble extends Error {
  /** @param {Both} words @param {number | undefined} photo */
  constructor(words, photo = undefined) {
    super(words[1]);
    this.words = words;
    this.photo = photo;
  }
}

/** Fetches JSON from the relay that served this page. @param {string} path @param {RequestInit} options */
async function fetchJson(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw new Trouble(UNREACHABLE);
  }
  const json = await response.json().catch(() => null);
  if (response.ok && json !== null) return json;
  throw json === null ? new Trouble(NOT_UNDERSTOOD) : trouble(json);
}

/** Problem details in plain words. @param {{ type?: string, title?: string, detail?: string, photo?: number }} problem */
function trouble({ type, title, detail, photo }) {
  const words = PROBLEMS[String(type).split(":").pop() ?? ""];
  const english = `${title ?? ""}: ${detail ?? ""}`;
  return new Trouble(words ?? ["联网识别没有接受照片，请再试一次", english], photo);
}

/** Classes and class groups by id; null for an unknown id. @typedef {{ find(id: string): any, guild(id: string): any }} Catalog */

/** @type {Promise<Catalog> | null} */
let catalog = null;

/** The catalog with names and advice; fetched once. */
function fetchCatalog() {
  catalog ??= fetchJson("/v1/catalog").then(lookup, (error) => {
    catalog = null;
    throw error;
  });
  return catalog;
}

/** @returns {Catalog} */
function lookup({ classes, guilds }) {
  const [byClass, byGuild] = [classes, guilds].map((entries) => new Map(entries.map((/** @type {any} */ entry) => [entry.id, entry])));
  return { find: (id) => byClass.get(id) ?? null, guild: (id) => byGuild.get(id) ?? null };
}

/** Requests predictions for each photo and for all together. @param {File[]} photos */
function ask(photos) {
  const body = new FormData();
  for (const photo of photos) body.append("photo", photo);
  return fetchJson("/v1/predict?explain=1", { method: "POST", body });
}
