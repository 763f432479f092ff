// Serves dist/ on this machine: PORT=8788 OWNER_TOKEN=… node serve.mjs <folder of what is stored>
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { start } from "./local.mjs";

const port = Number(process.env.PORT || 8788);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`PORT is "${process.env.PORT}": it must be a number from 0 to 65535.`);
  process.exit(1);
}
// workerd's own complaint is a trace of its stack.
const free = await new Promise((resolve) => {
  const probe = createServer().on("error", () => resolve(false)).listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
});
if (!free) {
  console.error(`Port ${port} is taken: choose another with PORT=.`);
  process.exit(1);
}
const token = process.env.OWNER_TOKEN || randomBytes(24).toString("base64url");
// Members' tokens are good as long as the owner's is.
const memberKey = process.env.MEMBER_KEY || createHash("sha256").update(`members of ${token}`).digest("base64url");
const { url, miniflare, close } = await start({ storage: process.argv[2], port, token, memberKey, origins: process.env.ALLOWED_ORIGINS });
// What the platform's triggers do, whose times nothing keeps here.
const worker = await miniflare.getWorker();
for (const [cron, seconds] of [["* * * * *", 60], ["17 3 * * *", 24 * 3600]]) {
  setInterval(() => worker.scheduled({ cron, scheduledTime: new Date() }).catch((error) => console.error(`The trigger ${cron} failed: ${error.message}`)), 1000 * seconds).unref();
}
console.log(`${url}/`);
console.log(process.env.OWNER_TOKEN ? "The owner's token is that of OWNER_TOKEN." : `The owner's token: ${token}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => close().then(() => process.exit(0)));
