"use strict";
const fs = require("node:fs");

const ci = require("miniprogram-ci");

/** What WeChat's server would say of the AppID. */
const ATTRIBUTES = {
  platform: false, appType: 0, isSandbox: false, released: false,
  setting: {
    MaxCodeSize: 2, MaxSubpackageSubCodeSize: 2, MaxSubpackageFullCodeSize: 30, NavigateMiniprogramLimit: 10, MaxSubPackageLimit: 100,
    MinTabbarCount: 2, MaxTabbarCount: 5, MaxCustomTabbarCount: 10, MaxTabbarIconSize: 40,
  },
};

/**
 * `node compile.js FOLDER REPORT` compiles a mini-program by the official tool, without an AppID's key and without a network,
 * and writes the bytes of each file of the package. A process of its own: the tool never lets go of its helpers.
 */
async function main() {
  const [folder, report] = process.argv.slice(2);
  const project = new ci.Project({ appid: "touristappid", type: "miniProgram", projectPath: folder, privateKey: "none is needed to compile", ignores: [] });
  project.attr = async () => ATTRIBUTES;
  const result = await ci.getCompiledResult({ project, desc: "check", version: "0.0.1", setting: { useProjectConfig: true }, onProgressUpdate: () => {} });
  const sizes = Object.entries(result).map(([file, content]) => [file, Buffer.byteLength(content)]);
  fs.writeFileSync(report, JSON.stringify(Object.fromEntries(sizes)));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
