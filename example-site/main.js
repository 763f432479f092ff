// Loads what the page needs and starts its program, which does the rest.

const fail = (message) => {
  const status = document.getElementById("status");
  status.textContent = message;
  status.classList.add("failed");
  for (const part of document.querySelectorAll("fieldset")) part.disabled = true;
};

const compile = async (file) => {
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
  const streams = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
};

/** The page's program, which is the engine's too; where the browser has no SIMD, the one without. */
const program = () =>
  compile("page.simd.wasm").catch((error) => {
    if (error instanceof WebAssembly.CompileError) return compile("page.wasm");
    throw error;
  });

/** Runs `run` in a later task, without the wait of a nested setTimeout. */
const later = (run) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(0);
};

/** Offers a file for saving. */
const save = (name, type, content) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const text = async (path) => {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}. Check the connection and try again.`);
  return response.text();
};

/** The package, with an engine that starts while the page's program does. Training starts it again should it fail, and says why. */
const loadPackage = async (compiled) => {
  const [wasmModule, { FocalClassifier, createEngine, split }] = await Promise.all([compiled, import("./focalfit/index.js")]);
  const newEngine = () => createEngine({ wasmModule });
  const engine = newEngine();
  engine.start().catch(() => {});
  return { FocalClassifier, split, engine, newEngine };
};

const start = async () => {
  const compiled = program();
  const [wasmModule, focalfit, { default: uPlot }, tables, store, { createGo }] = await Promise.all([
    compiled,
    loadPackage(compiled),
    import("./uplot.js"),
    import("./tables.js"),
    import("./store.js"),
    import("./focalfit/host/wasm_exec.js"),
  ]);

  const styles = getComputedStyle(document.documentElement);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // What Go sees as its global object: it reads the page's globals through it, and writes to none of them.
  const scope = Object.create(globalThis, Object.getOwnPropertyDescriptors({
    document, location, crypto, performance, console,
    site: {
      uPlot, later, save, text,
      ...focalfit,
      ...tables,
      ...store,
      transactions: async (options) => {
        const [{ generate }, { inSlices }] = await Promise.all([import("./data/transactions.js"), import("./data/in-slices.js")]);
        return inSlices(generate({ seed: 1 }), options);
      },
      address: (path) => new URL(path, import.meta.url).href,
      // There is no clipboard where the page does not come by HTTPS.
      copy: async (content) => navigator.clipboard.writeText(content),
      toONNX: async (classifier) => (await import("./focalfit/onnx.js")).toONNX(classifier),
      colour: (name) => () => styles.getPropertyValue(name).trim(),
      onSchemeChange: (run) => dark.addEventListener("change", () => run()),
      setHash: (hash) => history.replaceState(null, "", hash),
    },
  }));
  const go = createGo(scope);
  go.run(await WebAssembly.instantiate(wasmModule, go.importObject)).then(
    () => fail("The page’s program has ended. Reload the page to go on."),
    (error) => fail(`The page’s program has failed (${error.message}). Reload the page to go on.`),
  );
};

if (typeof WebAssembly !== "object") {
  fail("WebAssembly is missing here: this page trains with it. Allow it in this browser, or open the page in another one.");
} else {
  start().catch((error) => fail(`The page’s program could not be loaded (${error.message}). Check the connection and reload.`));
}
