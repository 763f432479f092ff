// The service on this machine: workerd with D1 and R2 in a folder, set up from wrangler.jsonc and dist/.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Starts it; resolves with its URL, the Miniflare and what ends it. `storage` is a folder, `token` the owner's, `memberKey` what members' are signed with, `origins`
 * those of pages that may call it, `rate` another limit of requests a minute than wrangler.jsonc's, `log` takes what the worker writes to its log.
 */
export async function start({ storage, token, memberKey, rate, origins = "", port = 0, bindings = {}, log }) {
  const config = unstable_readConfig({ config: here("wrangler.jsonc") }, { hideWarnings: true });
  const modules = ["worker.mjs", "runtime.mjs", "wasm_exec.js", "app.wasm"].map((name) => ({
    type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
    path: here(`dist/worker/${name}`),
  }));
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port,
    modulesRoot: here("dist/worker"),
    modules,
    compatibilityDate: config.compatibility_date,
    bindings: { ...config.vars, OWNER_TOKEN: token, MEMBER_KEY: memberKey, ALLOWED_ORIGINS: origins, ...bindings },
    d1Databases: Object.fromEntries(config.d1_databases.map(({ binding, database_id }) => [binding, database_id])),
    d1Persist: `${storage}/d1`,
    r2Buckets: Object.fromEntries(config.r2_buckets.map(({ binding, bucket_name }) => [binding, bucket_name])),
    r2Persist: `${storage}/r2`,
    ratelimits: Object.fromEntries(config.ratelimits.map(({ name, simple }) => [name, { simple: { ...simple, ...(rate && { limit: rate }) } }])),
    assets: {
      directory: here("dist/assets"),
      workerName: config.name,
      routerConfig: { has_user_worker: true },
      assetConfig: { html_handling: config.assets.html_handling, not_found_handling: config.assets.not_found_handling },
    },
    ...(log && { handleRuntimeStdio: (stdout, stderr) => [stdout, stderr].forEach((stream) => stream.setEncoding("utf8").on("data", log)) }),
  });
  const url = await miniflare.ready;
  const database = await miniflare.getD1Database(config.d1_databases[0].binding);
  await migrate(database, here(config.d1_databases[0].migrations_dir));
  return { url: url.origin, miniflare, database, close: () => miniflare.dispose() };
}

/** Runs the migrations that a database has not had, in order; each once, as `wrangler d1 migrations apply` does. */
async function migrate(database, folder) {
  await database.exec("CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)");
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map(({ name }) => name));
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql") && !applied.has(file)).sort()) {
    const statements = readFileSync(`${folder}/${name}`, "utf8").replace(/--.*/g, "").split(";").map((text) => text.trim()).filter(Boolean);
    await database.batch([...statements.map((text) => database.prepare(text)), database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name)]);
  }
}
