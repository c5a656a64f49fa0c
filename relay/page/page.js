/** Counts changes of the photos, so that a response to earlier photos is not shown. */
let round = 0;

const askButton = /** @type {HTMLButtonElement} */ (by("ask"));

/** Removes the result of earlier photos. */
function forget() {
  round += 1;
  for (const id of ["answer", "trouble", "heat"]) by(id).hidden = true;
  for (const id of ["waiting", "said"]) by(id).textContent = "";
  forgetOwn();
  askButton.disabled = chosen.length === 0;
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
  by("waiting").replaceChildren(both("span", waitingFor(asked.length)));
  try {
    const [{ pooled, photos }, catalog] = await Promise.all([ask(asked.map(({ file }) => file)), fetchCatalog()]);
    if (mine !== round) return;
    show(pooled, catalog, photos.length);
    photos.forEach((/** @type {any} */ photo, /** @type {number} */ index) => showOwn(asked[index], photo, catalog, photos.length === 1));
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

for (const id of ["files", "capture"]) {
  const files = /** @type {HTMLInputElement} */ (by(id));
  files.addEventListener("change", () => {
    add(files.files ?? []);
    // Otherwise the same photo could not be chosen again.
    files.value = "";
  });
}
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
