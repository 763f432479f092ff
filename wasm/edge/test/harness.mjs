// The service for tests: workerd with D1 and R2 in a folder of its own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "../local.mjs";

export const token = "a-token-for-tests";
export const repositoryFile = (path) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)));

/** Models of every kind, rows, and what the npm package makes of them. */
export const cases = () => JSON.parse(repositoryFile("linear/testdata/documents.json"));

/**
 * Starts the service; `storage` keeps what another one stored. `call(method, path, { owner, json, body, type, headers })`
 * resolves with the response, of which `json()` and the like are still to be read.
 */
export async function serve({ storage, ...options } = {}) {
  const folder = storage ?? mkdtempSync(join(tmpdir(), "focalfit-edge-"));
  let log = "";
  const service = await start({ storage: folder, token, memberKey: "a key of thirty-two bytes or more", rate: 1e6, log: (text) => (log += text), ...options });
  const call = (method, path, { owner, json, body = json === undefined ? undefined : JSON.stringify(json), type = "application/json", headers } = {}) =>
    fetch(service.url + path, {
      method,
      body,
      headers: { ...(body !== undefined && { "Content-Type": type }), ...(owner && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body instanceof ReadableStream && { duplex: "half" }),
    });
  return {
    ...service,
    folder,
    call,
    log: () => log,
    /** Ends it; `keep` its folder for another one. */
    async close({ keep = false } = {}) {
      await service.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A chunked body of that many bytes. */
export function stream(bytes, chunk = 65536) {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(left, chunk)).fill(32));
      left -= chunk;
    },
  });
}
