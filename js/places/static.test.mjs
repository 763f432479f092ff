// The README's first example in a page that no bundler has seen.
import { join } from "node:path";
import { test } from "node:test";
import { assertTrained, html, outcomeOf, telling } from "./page.mjs";
import { block, project } from "./project.mjs";
import { serve } from "../test/browser/site.mjs";

/** A project, its page with this import map. */
function mapped(name, map) {
  return project(name, { "page.js": telling(name), "index.html": html(name, `${map}<script type="module" src="page.js"></script>`) });
}

test("an import map", async () => {
  const folder = mapped("map", block("docs/loading.md", "A page without a bundler", "html"));
  assertTrained(await outcomeOf("map", folder, { "/focalfit/": join(folder, "node_modules", "focalfit") }));
});

test("an import map, the package from another origin", async () => {
  const folders = {};
  const cdn = await serve(folders, (_request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    return false;
  });
  try {
    const folder = mapped("cdn", block("docs/loading.md", "From another origin", "html").replace("https://cdn.example", cdn.origin));
    folders["/focalfit/"] = join(folder, "node_modules", "focalfit");
    assertTrained(await outcomeOf("cdn", folder));
  } finally {
    await cdn.close();
  }
});
