// Loads what the page needs and starts its program, ui.wasm, which does the rest.

const fail = (message) => {
  const status = document.getElementById("status");
  status.textContent = message;
  status.classList.add("failed");
  for (const part of document.querySelectorAll("fieldset")) part.disabled = true;
};

const instantiate = async (response, imports) => {
  if (!response.ok) throw new Error(`ui.wasm: HTTP ${response.status}`);
  const streams = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  const made = streams ? WebAssembly.instantiateStreaming(response, imports) : WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return (await made).instance;
};

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

const start = async () => {
  const [response, { FocalClassifier, createEngine, split }, { default: uPlot }, tables, store, { createGo }] = await Promise.all([
    fetch(new URL("./ui.wasm", import.meta.url)),
    import("./focalfit/index.js"),
    import("./uplot.js"),
    import("./tables.js"),
    import("./store.js"),
    import("./wasm_exec.js"),
  ]);

  const styles = getComputedStyle(document.documentElement);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // What Go sees as its global object: it reads the page's globals through it, and writes to none of them.
  const scope = Object.create(globalThis, Object.getOwnPropertyDescriptors({
    document, location, crypto, performance, console,
    site: {
      FocalClassifier, split, uPlot, later, save, text,
      ...tables,
      ...store,
      engine: createEngine(),
      transactions: async (options) => {
        const [{ generate }, { inSlices }] = await Promise.all([import("./data/transactions.js"), import("./data/in-slices.js")]);
        return inSlices(generate({ seed: 1 }), options);
      },
      address: (path) => new URL(path, import.meta.url).href,
      copy: (content) => navigator.clipboard.writeText(content),
      toONNX: async (classifier) => (await import("./focalfit/onnx.js")).toONNX(classifier),
      colour: (name) => () => styles.getPropertyValue(name).trim(),
      onSchemeChange: (run) => dark.addEventListener("change", () => run()),
      setHash: (hash) => history.replaceState(null, "", hash),
    },
  }));
  for (const name of ["requestAnimationFrame", "setTimeout", "queueMicrotask"]) scope[name] = globalThis[name].bind(globalThis);
  const go = createGo(scope);
  go.run(await instantiate(response, go.importObject)).then(
    () => fail("The page’s program has ended. Reload the page to go on."),
    (error) => fail(`The page’s program has failed (${error.message}). Reload the page to go on.`),
  );
};

if (typeof WebAssembly !== "object") {
  fail("WebAssembly is missing here: this page trains with it. Allow it in this browser, or open the page in another one.");
} else {
  start().catch((error) => fail(`The page’s program could not be loaded (${error.message}). Check the connection and reload.`));
}
