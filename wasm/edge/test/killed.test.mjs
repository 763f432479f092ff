// The service is killed fifty times while members train: nothing is lost, nothing is counted twice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createFederation, join } from "../../../js/dist/federated.js";
import { members, randomNumbers } from "./members.mjs";

const kills = 50;
const token = "the owner's token";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the service as a program of its own, with all that it starts in one group; what it resolves with kills them. */
async function run(storage, port) {
  const program = spawn(process.execPath, [fileURLToPath(new URL("../serve.mjs", import.meta.url)), storage], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(port), OWNER_TOKEN: token, MEMBER_KEY: "a key of thirty-two bytes or more", WRANGLER_SEND_METRICS: "false" },
  });
  await once(program.stdout, "data");
  return async () => {
    const ended = once(program, "exit");
    process.kill(-program.pid, "SIGKILL");
    await ended;
  };
}

/** Takes part until the model is there, however often the service is gone. */
async function stubborn(url, member, memberToken) {
  for (;;) {
    try {
      return await join(url, { token: memberToken, X: member.X, y: member.y });
    } catch (error) {
      if (error.code !== "SERVICE_FAILED" || error.status) throw error;
    }
  }
}

test(`killed ${kills} times, the service ends with the model that it has undisturbed`, { timeout: 600_000 }, async () => {
  const storage = mkdtempSync(path(tmpdir(), "focalfit-killed-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const all = members(4, 25);
  const create = async () => {
    const federation = await createFederation(url, { token, columns: 4, classes: ["fine", "fault"], classWeight: "balanced", l2: 1e-3 });
    return { url: federation.url, tokens: await federation.invite(all.map(({ name }) => name)) };
  };
  const train = async ({ url: at, tokens }) => {
    const results = await Promise.all(all.map((member) => stubborn(at, member, tokens[member.name])));
    for (const result of results) assert.deepEqual(result, results[0]);
    return results[0];
  };
  let kill = await run(storage, port);
  try {
    const undisturbed = await train(await create());
    const random = randomNumbers(5);
    for (let killed = 0; killed < kills; ) {
      const federation = await create();
      let done = false;
      const trained = train(federation).finally(() => (done = true));
      trained.catch(() => {});
      while (!done && killed < kills) {
        await new Promise((resolve) => setTimeout(resolve, 200 * random()));
        if (done) break;
        await kill();
        killed++;
        kill = await run(storage, port);
      }
      assert.deepEqual(await trained, undisturbed);
    }
  } finally {
    await kill();
    rmSync(storage, { recursive: true, force: true });
  }
});
