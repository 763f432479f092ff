// What each route costs on workerd: node bench/routes.mjs, after `make edge-build`. Requests a second by eight callers at once,
// the median of their times, and the processor time and memory of workerd as the system counts them (Linux).
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createFederation } from "../../../js/dist/federated.js";
import { cases, serve, token } from "../test/harness.mjs";

const [callers, seconds] = [8, 4];
const service = await serve();
const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** The workerd of this process that has run the most. */
function workerd() {
  const children = execFileSync("sh", ["-c", `ps -o pid=,comm= --ppid ${process.pid}`], { encoding: "utf8" }).trim().split("\n");
  return Number(children.find((line) => line.includes("workerd")).trim().split(/\s+/)[0]);
}
const pid = workerd();
const used = () => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
};
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

const model = JSON.stringify(cases()[0].document);
await service.call("PUT", "/v1/models/bench", { owner: true, body: model });
const rows = (count) => Array.from({ length: count }, (_, i) => Array.from({ length: JSON.parse(model).columns }, (_, j) => Math.sin(i + j)));
const federation = await createFederation(service.url, { token, columns: 30, classes: [0, 1] });
const names = Array.from({ length: 900 }, (_, i) => `member ${i}`);
const tokens = await federation.invite(names);
const bearer = (value) => ({ headers: { Authorization: `Bearer ${value}` } });
const round = await (await fetch(`${federation.url}/round`, bearer(tokens["member 0"]))).json();
const update = new Uint8Array(Float64Array.from([20, 2, ...Array(60).fill(1), ...Array(60).fill(30)]).buffer);
const tickets = [];
for (const name of names) tickets.push((await (await fetch(`${federation.url}/round`, bearer(tokens[name]))).json()).ticket);
const path = new URL(federation.url).pathname;

const routes = {
  "GET / (a file)": () => service.call("GET", "/"),
  "GET /v1/models": () => service.call("GET", "/v1/models"),
  "GET /v1/models/{name}": () => service.call("GET", "/v1/models/bench"),
  "PUT /v1/models/{name}": () => service.call("PUT", "/v1/models/put", { owner: true, body: model }),
  "POST …/predict, 1 row": () => service.call("POST", "/v1/models/bench/predict", { json: rows(1) }),
  "POST …/predict, 1,000 rows": () => service.call("POST", "/v1/models/bench/predict", { json: rows(1000) }),
  "GET …/round, 30 columns": (i) => service.call("GET", `${path}/round`, bearer(tokens[names[i % names.length]])),
  "GET …/round, nothing new": (i) => service.call("GET", `${path}/round?after=${round.round}`, bearer(tokens[names[i % names.length]])),
  "PUT …/update, 30 columns": (i) => service.call("PUT", `${path}/rounds/0/update`, { body: update, type: "application/octet-stream", ...bearer(tickets[i % tickets.length]) }),
};

const results = [];
for (const [name, request] of Object.entries(routes)) {
  await (await request(0)).arrayBuffer();
  const times = [];
  const [end, before] = [performance.now() + 1000 * seconds, used()];
  let sent = 1;
  await Promise.all(Array.from({ length: callers }, async () => {
    // Of updates each is to be a member's first.
    while (performance.now() < end && !(name.startsWith("PUT …/update") && sent >= tickets.length - 1)) {
      const begun = performance.now();
      const response = await request(sent++);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      times.push(performance.now() - begun);
    }
  }));
  const took = times.reduce((sum, time) => sum + time, 0) / 1000 / callers;
  results.push({ route: name, "requests/s": (times.length / took).toFixed(0), "median, ms": times.sort((a, b) => a - b)[times.length >> 1].toFixed(1), "processor, ms": ((1000 * (used() - before)) / times.length).toFixed(1), "memory, MB": memory().toFixed(0) });
}
console.table(results);

// The end of a round, by the updates that are added up and removed: all but the last are put into the database as they are kept.
const ends = [];
const identity = (p) => Array.from({ length: p }, (_, i) => Array.from({ length: i + 1 }, (_, j) => Number(i === j))).flat();
for (const [what, columns, mode, payload] of [
  ["exact, 30 columns", 30, "exact", [1, 1, ...Array(31).fill(0), ...identity(31)]],
  ["exact, 256 columns", 256, "exact", [1, 1, ...Array(257).fill(0), ...identity(257)]],
  ["averaging, 4,096 columns", 4096, "averaging", [1, 1, ...Array(4097).fill(0)]],
]) {
  const bytes = (numbers) => new Uint8Array(Float64Array.from(numbers).buffer);
  for (const count of [100, 500]) {
    const { id, url, invite } = await createFederation(service.url, { token, columns, classes: [0, 1], mode });
    const send = async (member, round, body) => {
      const { ticket } = await (await fetch(`${url}/round`, bearer(member))).json();
      const response = await fetch(`${url}/rounds/${round}/update`, { method: "PUT", body, headers: { "Content-Type": "application/octet-stream", Authorization: `Bearer ${ticket}` } });
      if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
    };
    const members = Object.values(await invite(["a", "b", "c"]));
    for (const member of members) await send(member, 0, bytes([20, 2, ...Array(2 * columns).fill(1), ...Array(2 * columns).fill(2)]));
    const copies = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO updates (federation, round, member, payload) SELECT ?1, 1, 'copy ' || i, ?3 FROM n";
    await service.database.prepare(copies).bind(id, count - 1, bytes(payload)).run();
    const [begun, before] = [performance.now(), used()];
    await send(members[0], 1, bytes(payload));
    ends.push({ "a round's end": what, updates: count, bytes: 8 * payload.length, seconds: ((performance.now() - begun) / 1000).toFixed(2), "processor, s": (used() - before).toFixed(2), "memory, MB": memory().toFixed(0) });
  }
}
console.table(ends);
await service.close();
