// Serves dist/ on this machine: PORT=8080 node serve.mjs
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".csv": "text/csv; charset=utf-8",
  ".wasm": "application/wasm",
};

/** A server for the files below `root`, under the path `base`, which begins and ends with a slash. */
export function createSite(root, base = "/") {
  return createServer(async (request, response) => {
    const answer = (status, headers, body) => response.writeHead(status, { "X-Content-Type-Options": "nosniff", ...headers }).end(request.method === "HEAD" ? undefined : body);
    const refuse = (status, text) => answer(status, { "Content-Type": "text/plain; charset=utf-8" }, `${text}\n`);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Only GET and HEAD.");
    try {
      let path = decodeURIComponent(request.url.split("?")[0]);
      if (!path.startsWith(base)) return refuse(404, "Not found.");
      path = path.slice(base.length);
      if (path === "" || path.endsWith("/")) path += "index.html";
      const file = normalize(join(root, path));
      if (!file.startsWith(root.endsWith(sep) ? root : root + sep) || path.includes("\0")) return refuse(404, "Not found.");
      const body = await readFile(file);
      answer(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Cache-Control": "no-cache" }, body);
    } catch {
      refuse(404, "Not found.");
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT is "${process.env.PORT}": it must be a number from 0 to 65535.`);
    process.exit(1);
  }
  const server = createSite(fileURLToPath(new URL("dist", import.meta.url)));
  server.on("error", (error) => {
    console.error(error.code === "EADDRINUSE" ? `Port ${port} is taken: choose another with PORT=.` : error.message);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
}
