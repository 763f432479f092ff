// Serves dist/ on this machine: PORT=8080 node serve.mjs
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".csv": "text/csv; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Reads files, and again only those that have changed; each with a tag for what is in it, and compressed where that is smaller. */
function createReader() {
  const known = new Map();
  return async (file) => {
    const { mtimeMs, size } = await stat(file);
    const before = known.get(file);
    if (before?.mtimeMs === mtimeMs && before.size === size) return before;
    const body = await readFile(file);
    const compressed = await promisify(gzip)(body, { level: 9 });
    const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}`;
    const read = { mtimeMs, size, plain: { body, tag: `${tag}"` }, compressed: compressed.length < body.length ? { body: compressed, tag: `${tag}-gzip"` } : undefined };
    known.set(file, read);
    return read;
  };
}

/** Whether the names in a header hold one of some, whatever their weights are, unless that is 0. */
const names = (header = "", ...wanted) => header.split(",").some((part) => wanted.includes(part.split(";")[0].trim()) && !/;\s*q=0(\.0*)?\s*$/.test(part));

/** A server for the files below `root`, under the path `base`, which begins and ends with a slash. */
export function createSite(root, base = "/") {
  const read = createReader();
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
      const { plain, compressed } = await read(file);
      const { body, tag } = (names(request.headers["accept-encoding"], "gzip", "*") && compressed) || plain;
      const headers = { ETag: tag, Vary: "Accept-Encoding", "Cache-Control": "no-cache" };
      if (names(request.headers["if-none-match"]?.replaceAll("W/", ""), tag, "*")) return answer(304, headers);
      if (body !== plain.body) headers["Content-Encoding"] = "gzip";
      answer(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Length": body.length }, body);
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
