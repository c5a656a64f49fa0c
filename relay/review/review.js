"use strict";
(() => {
  const FORMAT = 1;
  const UNKNOWN = "unknown";
  const { classes, records } = JSON.parse(document.getElementById("data").textContent);
  const names = new Map(classes.map((one) => [one.id, one]));
  const byId = new Map(records.map((record) => [record.id, record]));
  const element = (id) => document.getElementById(id);

  /** Decisions by record id, in the browser's storage where it allows that to pages in files. */
  const storage = {
    key: (id) => `mango-feedback-review/${id}`,
    read(id) {
      try {
        return check(id, JSON.parse(localStorage.getItem(this.key(id))));
      } catch {
        return null;
      }
    },
    write(id, decision) {
      try {
        if (decision) localStorage.setItem(this.key(id), JSON.stringify(decision));
        else localStorage.removeItem(this.key(id));
      } catch {
        say("This browser keeps nothing for pages in files: save review.json before you close the page.");
      }
    },
  };

  /** A decision that is valid for a record, else null. */
  function check(id, decision) {
    const record = byId.get(id);
    if (!record || !decision) return null;
    if (decision.decision === "drop") return { decision: "drop" };
    if (decision.decision === "accept" && record.label !== UNKNOWN) return { decision: "accept" };
    if (decision.decision === "correct" && names.has(decision.label)) return { decision: "correct", label: decision.label };
    return null;
  }

  const decisions = new Map();
  for (const { id } of records) {
    const kept = storage.read(id);
    if (kept) decisions.set(id, kept);
  }

  let current = 0;
  let saved = true;

  function name(id) {
    if (id === UNKNOWN) return "not known";
    const { zh, en } = names.get(id) || { zh: "", en: id };
    return `${zh} ${en}`.trim();
  }

  function say(text) {
    element("message").textContent = text;
  }

  function outcome(id) {
    const decision = decisions.get(id);
    if (!decision) return "none yet";
    if (decision.decision === "correct") return `corrected to ${name(decision.label)}`;
    return decision.decision === "accept" ? "accepted" : "dropped";
  }

  function show() {
    const record = records[current];
    element("record").hidden = !record;
    const count = (kind) => [...decisions.values()].filter(({ decision }) => decision === kind).length;
    element("counts").textContent =
      `${records.length ? current + 1 : 0} of ${records.length}: ${count("accept")} accepted, ` +
      `${count("correct")} corrected, ${count("drop")} dropped, ${records.length - decisions.size} undecided`;
    if (!record) {
      say("There is no record in this export.");
      return;
    }
    const photo = element("photo");
    photo.src = record.file;
    photo.alt = `Photo of record ${record.id}`;
    element("label").textContent = name(record.label);
    element("answer").textContent = `${name(record.answer)} (${record.verdict.replaceAll("_", " ")})`;
    element("model").textContent = record.model;
    element("day").textContent = record.day;
    element("id").textContent = record.id;
    element("decision").textContent = outcome(record.id);
    element("accept").disabled = record.label === UNKNOWN;
  }

  /** Goes to the next record in a direction; with the filter on, to the next undecided one. */
  function go(step) {
    closeChooser();
    const undecided = element("open-only").checked;
    let at = current + step;
    while (undecided && records[at] && decisions.has(records[at].id)) at += step;
    if (records[at]) current = at;
    show();
  }

  function decide(decision) {
    const record = records[current];
    if (!record) return;
    const sound = decision && check(record.id, decision);
    if (decision && !sound) {
      say("The grower did not know the class: correct it or drop the photo.");
      return;
    }
    say("");
    if (sound) decisions.set(record.id, sound);
    else decisions.delete(record.id);
    storage.write(record.id, sound);
    saved = false;
    if (sound) go(1);
    else show();
  }

  function list() {
    const part = element("search").value.trim().toLowerCase();
    const fits = ({ id, zh, en }) => [id, zh, en].some((text) => text.toLowerCase().includes(part));
    const options = classes.filter(fits).map(({ id }) => new Option(name(id), id));
    element("classes").replaceChildren(...options);
    element("classes").selectedIndex = 0;
  }

  function openChooser() {
    if (!records[current]) return;
    element("chooser").hidden = false;
    element("search").value = "";
    list();
    const answer = [...element("classes").options].findIndex(({ value }) => value === records[current].answer);
    element("classes").selectedIndex = Math.max(answer, 0);
    element("search").focus();
  }

  function closeChooser() {
    element("chooser").hidden = true;
    document.activeElement?.blur();
  }

  function take() {
    const label = element("classes").value;
    if (label) decide({ decision: "correct", label });
  }

  function save() {
    const sorted = [...decisions].sort(([one], [other]) => (one < other ? -1 : 1));
    const text = `${JSON.stringify({ format: FORMAT, decisions: Object.fromEntries(sorted) }, null, 1)}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "review.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    saved = true;
  }

  async function load(file) {
    try {
      const review = JSON.parse(await file.text());
      if (review.format !== FORMAT) throw new Error(`its format is ${review.format}`);
      let taken = 0;
      for (const [id, decision] of Object.entries(review.decisions)) {
        const sound = check(id, decision);
        if (!sound) continue;
        decisions.set(id, sound);
        storage.write(id, sound);
        taken += 1;
      }
      say(`${taken} decisions were loaded.`);
    } catch (error) {
      say(`This is no review.json: ${error.message}`);
    }
    show();
  }

  const keys = {
    a: () => decide({ decision: "accept" }),
    c: openChooser,
    d: () => decide({ decision: "drop" }),
    u: () => decide(null),
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
  };

  document.addEventListener("keydown", (event) => {
    // While an input method composes, its keys belong to it.
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    if (!element("chooser").hidden) {
      const options = element("classes");
      if (event.key === "Escape") closeChooser();
      else if (event.key === "Enter") take();
      else if (event.key === "ArrowDown" && event.target !== options) {
        options.selectedIndex = Math.min(options.selectedIndex + 1, options.length - 1);
      } else if (event.key === "ArrowUp" && event.target !== options) {
        options.selectedIndex = Math.max(options.selectedIndex - 1, 0);
      } else return;
      event.preventDefault();
      return;
    }
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  element("accept").addEventListener("click", keys.a);
  element("correct").addEventListener("click", keys.c);
  element("drop").addEventListener("click", keys.d);
  element("undo").addEventListener("click", keys.u);
  element("previous").addEventListener("click", keys.ArrowLeft);
  element("next").addEventListener("click", keys.ArrowRight);
  element("search").addEventListener("input", list);
  element("classes").addEventListener("dblclick", take);
  element("save").addEventListener("click", save);
  element("load").addEventListener("change", ({ target }) => {
    const [file] = target.files;
    // The same file can be chosen again.
    target.value = "";
    if (file) load(file);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });
  show();
})();
