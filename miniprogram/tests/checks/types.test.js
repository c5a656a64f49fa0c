"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { test } = require("node:test");

const typescript = require("typescript");

const { APP, files } = require("./tree/tree");

const CONFIG = path.join(__dirname, "..", "tsconfig.json");

/** What wasm-bindgen writes, and what stands for it here. */
const GENERATED = "worker/scout.js";
const DECLARED = path.join(__dirname, "tree", "scout.d.ts");

/**
 * @param {import("typescript").ParsedCommandLine} config
 * @returns {{ checked: string[], complaints: string[] }}
 */
function check({ fileNames, options }) {
  const host = typescript.createCompilerHost(options);
  const modules = typescript.createModuleResolutionCache(APP, (name) => name, options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      if (text === "./scout.js") return { resolvedModule: { resolvedFileName: DECLARED, extension: ".d.ts" } };
      return typescript.resolveModuleName(text, from, options, host, modules);
    });
  const program = typescript.createProgram(fileNames.filter((file) => !file.endsWith(GENERATED)), options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("/node_modules/"));
  const complaints = typescript.getPreEmitDiagnostics(program).map((diagnostic) => {
    const words = typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (!diagnostic.file || diagnostic.start === undefined) return words;
    const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return `${path.relative(APP, diagnostic.file.fileName)}:${line + 1}:${character + 1}: ${words}`;
  });
  return { checked: own.map(({ fileName }) => path.relative(APP, fileName)), complaints };
}

function config() {
  const { config, error } = typescript.readConfigFile(CONFIG, typescript.sys.readFile);
  assert.equal(error, undefined);
  return typescript.parseJsonConfigFileContent(config, typescript.sys, path.dirname(CONFIG));
}

test("TypeScript finds nothing in the mini-program, and looked at all of it", () => {
  const { checked, complaints } = check(config());
  assert.deepEqual(files(/\.js$/).filter((file) => !checked.includes(file)), [GENERATED]);
  assert.deepEqual(complaints, []);
});

test("an API that phones lack is a type error", () => {
  const { complaints } = check({ ...config(), fileNames: [path.join(__dirname, "tree", "wrong.js")] });
  assert.deepEqual(complaints.map((complaint) => complaint.replace(/^.*wrong\.js:/, "")), [
    "3:5: Cannot find name 'TextDecoder'.",
    "4:4: Property 'noSuchCall' does not exist on type 'Wx'.",
  ]);
});
