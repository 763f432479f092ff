// The files that are served before Go starts, in dist/assets: the example page, the npm package, the description of the
// interface, and what the headers of each are.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const repository = (path) => here(`../../../${path}`);
const to = here("../dist/assets");
const { version } = JSON.parse(readFileSync(repository("js/package.json"), "utf8"));

rmSync(to, { recursive: true, force: true });
mkdirSync(`${to}/v1`, { recursive: true });
cpSync(repository("example-site/dist"), to, { recursive: true });
for (const folder of [`package/${version}`, "package"]) {
  cpSync(repository("js/dist"), `${to}/${folder}`, { recursive: true, filter: (path) => !path.endsWith(".built") && !/[/\\]command([/\\.]|$)/.test(path.slice(repository("js/dist").length)) });
  cpSync(repository("js/model.schema.json"), `${to}/${folder}/model.schema.json`);
}
cpSync(here("../openapi.json"), `${to}/v1/openapi.json`);

// Without a rule an address is asked for again each time, with the entity tag of what is there.
writeFileSync(`${to}/_headers`, `/*
  X-Content-Type-Options: nosniff
/package/*
  Access-Control-Allow-Origin: *
/package/${version}/*
  ! Cache-Control
  Cache-Control: public, max-age=31536000, immutable
/v1/openapi.json
  Access-Control-Allow-Origin: *
`);
