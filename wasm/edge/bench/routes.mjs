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
const tickets = await Promise.all(names.map(async (name) => (await (await fetch(`${federation.url}/round`, bearer(tokens[name]))).json()).ticket));
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
await service.close();
