import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/**
 * Serves folders on localhost.
 * @param {string} folder the root folder
 * @param {Record<string, string>} [more] folders by the first part of their paths
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve(folder, more = {}) {
  const server = createServer((request, response) => {
    const name = normalize(decodeURI(new URL(request.url, "http://localhost").pathname));
    const [, first, ...rest] = name.split("/");
    const path = Object.hasOwn(more, first) ? join(more[first], ...rest) : join(folder, name);
    try {
      const body = readFileSync(path);
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
