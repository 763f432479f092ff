// How results are shown: in the terminal, and as RESULTS.md.
import { cpus, totalmem } from "node:os";
import { versionOf } from "./vendor.mjs";
import { digits } from "./statistics.mjs";

const verdict = ({ met }) => (met === null ? "not measured" : met ? "met" : "NOT MET");
const barHead = (where) => ["bar", ...(where ? ["in"] : []), "wanted", "measured", ""];
const barRow = (b) => [b.what, ...(b.where ? [b.where] : []), b.limit, b.value, verdict(b)];

function aligned(head, rows) {
  const all = [head, ...rows].map((r) => r.map(String));
  const widths = head.map((_, c) => Math.max(...all.map((r) => (r[c] ?? "").length)));
  const numeric = head.map((_, c) => c > 0 && rows.some((r) => /^[\d–]/.test(r[c] ?? "")));
  return all.map((r) => `  ${r.map((cell, c) => (numeric[c] && c < r.length - 1 ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join("  ").trimEnd()}`).join("\n");
}

/** A section as text. */
export function terminal({ title, runtime, tables, bars, notes, error }) {
  const parts = [`\n${title}${runtime ? `, in ${runtime}` : ""}`];
  if (error) parts.push(`  failed: ${error}`);
  for (const { caption, head, rows } of tables) parts.push(`\n  ${caption}\n${aligned(head, rows)}`);
  if (bars.length) parts.push(`\n${aligned(barHead(bars[0].where), bars.map(barRow))}`);
  for (const note of notes) parts.push(`  ${note}`);
  return parts.join("\n");
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((c) => String(c ?? "").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map((_, c) => (c ? "---" : ":--"))), ...rows.map(line)].join("\n");
}

/** All sections as a document. */
export function markdown(sections, about) {
  const bars = sections.flatMap((s) => s.bars.map((b) => ({ ...b, what: `${s.name}: ${b.what}`, where: s.runtime })));
  const out = [
    "# Results of `make bench`",
    "Written by `bench/run.mjs`. Peers took turns (A B C A B C …) on the same seeded data, in one run. A time counts only after the result was compared with a float64 reference: value and gradient to 1e-3, fits by the objective that their coefficients reach. Where a spread is given it is from the lower to the upper quartile.",
    about.map((line) => `- ${line}`).join("\n"),
    "## Bars",
    bars.length ? table(barHead(true), bars.map(barRow).map((r) => r.map((c) => (c === "NOT MET" ? "**not met**" : c)))) : "None were measured.",
  ];
  for (const { title, runtime, tables, notes, error } of sections) {
    out.push(`## ${title}, in ${runtime}`);
    if (error) out.push(`**Failed:** ${error}`);
    for (const { caption, head, rows } of tables) out.push(`${caption}:`, table(head, rows));
    if (notes.length) out.push(notes.join(" "));
  }
  return `${out.join("\n\n")}\n`;
}

/** What ran: machine and versions, without anything that names the machine. */
export function environment({ native, chromium, roofline, quick }) {
  const { torch, sklearn, python } = native?.versions ?? {};
  const npm = ["@tensorflow/tfjs-core", "ml-logistic-regression", "ml-matrix", "libsvm-js"].map((name) => `${name.replace("@tensorflow/tfjs-core", "TensorFlow.js")} ${versionOf(name)}`);
  const missing = [!torch && "PyTorch", !sklearn && "scikit-learn"].filter(Boolean);
  return [
    `${cpus()[0].model.trim()}, ${cpus().length} cores, ${digits(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}${chromium ? `, Chromium ${chromium.version}` : ""}`,
    npm.join(", "),
    ...(torch || sklearn ? [`${[torch && `PyTorch ${torch}`, sklearn && `scikit-learn ${sklearn}`].filter(Boolean).join(", ")}, Python ${python}, on one thread`] : []),
    ...(missing.length ? [`${missing.join(" and ")} ${missing.length > 1 ? "were" : "was"} not there: Debian's packages python3-torch and python3-sklearn, or pip's torch and scikit-learn, bring ${missing.length > 1 ? "them" : "it"}`] : []),
    ...(roofline ? [] : ["the C kernel was not there: ROOFLINE names the folder that has kernel.wasm"]),
    ...(quick ? ["**small sizes and few repeats (`--quick`): these numbers say little**"] : []),
  ];
}
