"use strict";
const https = require("node:https");

const { Failure } = require("./failure");

/** WeChat's numbers for what goes wrong on the way. */
const NETWORK = 600001;
const NOT_LISTED = 600002;
const BAD_ADDRESS = 600009;
const TIMED_OUT = 5;

/** How Chromium's network stack, which WeChat has, names what Node calls by another name. */
const NET_ERRORS = new Map([
  ["ECONNREFUSED", "-102 net::ERR_CONNECTION_REFUSED"],
  ["ECONNRESET", "-101 net::ERR_CONNECTION_RESET"],
  ["EPIPE", "-101 net::ERR_CONNECTION_RESET"],
  ["ENOTFOUND", "-105 net::ERR_NAME_NOT_RESOLVED"],
  ["EAI_AGAIN", "-105 net::ERR_NAME_NOT_RESOLVED"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "-200 net::ERR_CERT_COMMON_NAME_INVALID"],
  ["CERT_HAS_EXPIRED", "-201 net::ERR_CERT_DATE_INVALID"],
  ["CERT_NOT_YET_VALID", "-201 net::ERR_CERT_DATE_INVALID"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "-202 net::ERR_CERT_AUTHORITY_INVALID"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "-202 net::ERR_CERT_AUTHORITY_INVALID"],
  ["UNABLE_TO_GET_ISSUER_CERT", "-202 net::ERR_CERT_AUTHORITY_INVALID"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "-202 net::ERR_CERT_AUTHORITY_INVALID"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "-202 net::ERR_CERT_AUTHORITY_INVALID"],
]);

/**
 * @typedef {object} Request
 * @property {string} url
 * @property {string} [method]
 * @property {Record<string, string>} [header]
 * @property {number} [timeout] milliseconds
 *
 * @typedef {object} NetworkOptions
 * @property {string | Buffer} [ca] the only root that is trusted; those of the system where there is none
 * @property {string[]} listed origins that the AppID has in its lists; every other is refused as WeChat does
 * @property {Record<string, string>} [hosts] where a name leads to, as `ADDRESS:PORT`
 */

/**
 * The phone's network: requests as WeChat's client makes them, with TLS verification.
 * @param {NetworkOptions} options
 */
function createNetwork({ ca, listed, hosts = {} }) {
  const state = { online: true, ca, listed, hosts };

  /**
   * @param {Request} request
   * @param {Uint8Array} body
   * @param {AbortSignal} signal
   * @returns {Promise<{ statusCode: number, header: Record<string, string>, bytes: Buffer }>}
   */
  function send({ url, method = "GET", header = {}, timeout = 60_000 }, body, signal) {
    const address = parse(url);
    if (!state.listed.includes(address.origin)) throw new Failure("url not in domain list", NOT_LISTED);
    if (!state.online) throw failure("-106 net::ERR_INTERNET_DISCONNECTED");
    const [host, port] = target(address);
    return new Promise((resolve, reject) => {
      const request = https.request({
        host, port, method, path: address.pathname + address.search,
        headers: { ...header, host: address.host, ...(method === "GET" || method === "HEAD" ? {} : { "content-length": body.length }) },
        servername: address.hostname, ca: state.ca, minVersion: "TLSv1.2", agent: false, signal,
      });
      const timer = setTimeout(() => request.destroy(new Failure("timeout", TIMED_OUT)), timeout);
      request.on("close", () => clearTimeout(timer));
      request.on("error", (error) => reject(named(error, signal)));
      request.on("response", (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", (error) => reject(named(error, signal)));
        response.on("end", () => resolve({ statusCode: response.statusCode || 0, header: headers(response.rawHeaders), bytes: Buffer.concat(chunks) }));
      });
      request.end(method === "GET" || method === "HEAD" ? undefined : body);
    });
  }

  /** @param {URL} address @returns {[string, number]} */
  function target(address) {
    const known = state.hosts[address.hostname];
    if (known === undefined) return [address.hostname, Number(address.port) || 443];
    const { hostname, port } = new URL(`tcp://${known}`);
    return [hostname, Number(port)];
  }

  return { send, state };
}

/** @param {string} url */
function parse(url) {
  let address;
  try {
    address = new URL(url);
  } catch {
    throw new Failure(`invalid url "${url}"`, BAD_ADDRESS);
  }
  if (address.protocol !== "https:") throw new Failure(`url not in domain list, only https is taken: ${address.origin}`, NOT_LISTED);
  return address;
}

/** @param {string[]} raw names and values in turn */
function headers(raw) {
  /** @type {Record<string, string>} */
  const header = {};
  for (let index = 0; index < raw.length; index += 2) header[raw[index]] = raw[index + 1];
  return header;
}

/** @param {Error} error @param {AbortSignal} signal */
function named(error, signal) {
  if (error instanceof Failure) return error;
  if (signal.aborted) return new Failure("abort");
  const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
  return failure(NET_ERRORS.get(code) || `-2 net::ERR_FAILED ${code} ${error.message}`);
}

/** @param {string} text number and name, as Chromium's network stack has them */
function failure(text) {
  const [number, ...words] = text.split(" ");
  return new Failure(`errcode:${number} cronet_error_code:${number} error_msg:${words.join(" ")}`, NETWORK);
}

module.exports = { createNetwork };
