"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

/**
 * An own root, and a certificate from it for one host name.
 * @param {string} folder where they are kept
 * @param {string} host
 */
function makeCertificates(folder, host) {
  const openssl = (/** @type {string[]} */ ...args) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=Mango test root", "-keyout", "root.key", "-out", "root.pem",
    "-addext", "basicConstraints=critical,CA:TRUE");
  openssl("req", ...key, "-subj", `/CN=${host}`, "-keyout", "relay.key", "-out", "relay.csr");
  fs.writeFileSync(path.join(folder, "relay.ext"), `subjectAltName=DNS:${host}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`);
  openssl("x509", "-req", "-in", "relay.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2", "-extfile", "relay.ext", "-out", "relay.pem");
  const file = (/** @type {string} */ name) => path.join(folder, name);
  return { root: fs.readFileSync(file("root.pem"), "utf8"), certificate: file("relay.pem"), key: file("relay.key") };
}

module.exports = { makeCertificates };
