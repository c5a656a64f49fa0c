/** @typedef {{ file: File, place: HTMLElement }} Chosen */
/** @type {Chosen[]} */
let chosen = [];
/** Counts changes of the photos, so that a response to earlier photos is not shown. */
let round = 0;

const askButton = /** @type {HTMLButtonElement} */ (by("ask"));

/** Removes the result of earlier photos. */
function forget() {
  round += 1;
  for (const id of ["answer", "trouble", "heat"]) by(id).hidden = true;
  by("waiting").textContent = "";
  for (const { place } of chosen) place.querySelector("canvas")?.remove();
  askButton.disabled = chosen.length === 0;
}

/** @param {Iterable<File>} files */
function add(files) {
  const all = [...files];
  const most = Number(by("files").dataset.most);
  const taken = all.slice(0, most - chosen.length).map((file) => ({ file, place: preview(file) }));
  chosen.push(...taken);
  by("photos").append(...taken.map(({ place }) => place));
  forget();
  if (taken.length < all.length) tell(new Trouble(tooMany(most)));
}

/** @param {File} file */
function preview(file) {
  const image = make("img", { alt: file.name, src: URL.createObjectURL(file) });
  const remove = make("button", { type: "button", title: REMOVE.join(" "), "aria-label": `${REMOVE.join(" ")} ${file.name}` }, "×");
  const place = make("li", {}, image, remove);
  image.addEventListener("error", () => image.replaceWith(both("p", CANNOT_SHOW)));
  remove.addEventListener("click", () => {
    URL.revokeObjectURL(image.getAttribute("src") ?? "");
    chosen = chosen.filter((one) => one.place !== place);
    place.remove();
    forget();
  });
  return place;
}

/** @param {unknown} error */
function tell(error) {
  if (!(error instanceof Trouble)) throw error;
  const which = error.photo === undefined || chosen.length < 2 ? [] : [both("strong", [`第 ${error.photo + 1} 张`, `Photo ${error.photo + 1}`])];
  by("trouble").replaceChildren(...which, both("p", error.words));
  by("trouble").hidden = false;
}

async function identify() {
  forget();
  const [mine, asked] = [round, chosen];
  askButton.disabled = true;
  by("waiting").replaceChildren(both("span", WAITING));
  try {
    const [{ pooled, photos }, catalog] = await Promise.all([ask(asked.map(({ file }) => file)), fetchCatalog()]);
    if (mine !== round) return;
    show(pooled, catalog, photos.length);
    photos.forEach((/** @type {any} */ photo, /** @type {number} */ index) => {
      if (photo.heatmap) asked[index].place.append(heatMap(photo.heatmap));
    });
    by("heat").hidden = false;
  } catch (error) {
    if (mine === round) tell(error);
  } finally {
    if (mine === round) {
      by("waiting").textContent = "";
      askButton.disabled = false;
    }
  }
}

const files = /** @type {HTMLInputElement} */ (by("files"));
files.addEventListener("change", () => {
  add(files.files ?? []);
  // Otherwise the same photo could not be chosen again.
  files.value = "";
});
by("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void identify();
});
by("heat-on").addEventListener("change", ({ target }) => {
  for (const { place } of chosen) place.querySelector("canvas")?.toggleAttribute("hidden", !(/** @type {HTMLInputElement} */ (target).checked));
});
// Without this the browser would open a photo dropped outside the field.
for (const kind of ["dragover", "drop", "dragleave"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    by("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop") add(/** @type {DragEvent} */ (event).dataTransfer?.files ?? []);
  });
}
