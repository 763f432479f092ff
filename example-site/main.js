// Loads what the page needs and starts its program, ui.wasm, which does the rest.

const fail = (message) => {
  const status = document.getElementById("status");
  status.textContent = message;
  status.classList.add("failed");
  for (const part of document.querySelectorAll("fieldset")) part.disabled = true;
};

/** The rows of a CSV file or text, as one string: cells end with U+001F, rows with U+001E. */
const readCSV = (Papa, input) =>
  new Promise((resolve, reject) => {
    const parts = [];
    let rows = 0;
    const refuse = (parser, message) => {
      reject(new Error(message)); // before abort, which calls complete
      parser.abort();
    };
    Papa.parse(input, {
      skipEmptyLines: "greedy",
      chunk({ data, errors }, parser) {
        const quotes = errors.find((error) => error.type === "Quotes");
        if (quotes) {
          return refuse(parser, `Row ${rows + quotes.row + 1} has a quotation mark that is not closed, or text after a closed one: the file cannot be read from there on.`);
        }
        const part = data.map((row) => row.join("\x1f") + "\x1e").join("");
        if (part.includes("\0")) return refuse(parser, "The file is not text: it must be comma-separated values, in UTF-8.");
        rows += data.length;
        parts.push(part);
      },
      complete: () => (rows > 0 ? resolve(parts.join("")) : reject(new Error("The file is empty."))),
      error: (error) => reject(new Error(`The file could not be read: ${error.message}`)),
    });
  });

const instantiate = async (response, imports) => {
  if (!response.ok) throw new Error(`ui.wasm: HTTP ${response.status}`);
  const streams = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  const made = streams ? WebAssembly.instantiateStreaming(response, imports) : WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return (await made).instance;
};

const start = async () => {
  const [response, { FocalClassifier, createEngine }, { default: uPlot }, { default: Papa }, { createGo }] = await Promise.all([
    fetch(new URL("./ui.wasm", import.meta.url)),
    import("./focalfit/index.js"),
    import("./uplot.js"),
    import("./papaparse.js"),
    import("./wasm_exec.js"),
  ]);

  const styles = getComputedStyle(document.documentElement);
  // What Go sees as its global object: it reads the page's globals through it, and writes to none of them.
  const scope = Object.create(globalThis, Object.getOwnPropertyDescriptors({
    document, crypto, performance, console,
    site: {
      FocalClassifier,
      engine: createEngine(),
      uPlot,
      readCSV: (input) => readCSV(Papa, input),
      fetchWeather: async () => {
        const answer = await fetch(new URL("./seattle-weather.csv", import.meta.url));
        if (!answer.ok) throw new Error(`seattle-weather.csv: HTTP ${answer.status}`);
        return readCSV(Papa, await answer.text());
      },
      labels: (marks, yes, no) => Array.from(marks, (mark) => (mark ? yes : no)),
      colour: (name) => () => styles.getPropertyValue(name).trim(),
      nextFrame: (run) => requestAnimationFrame(() => run()),
      onSchemeChange: (run) => matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => run()),
    },
  }));
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
