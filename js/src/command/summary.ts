// A judged classifier as lines for a terminal.
import type { Judgement } from "./judgement.js";
import { basis, className, count, measures, probability, settingText } from "./numbers.js";
import { aligned, bar, cut } from "./terminal.js";

/** The most classes whose confusion fits a terminal. */
const mostClasses = 8;

/** The most classes to list. */
const mostLines = 20;

/** The summary, ending with a line end. */
export function summaryOf(judgement: Judgement): string {
  const parts = [facts(judgement), settings(judgement), scores(judgement), confusion(judgement), perClass(judgement), columns(judgement)];
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function facts(judgement: Judgement): string[] {
  const { source, rows, sourceColumns, columns: width, counts, positive, fit, threshold, tuned, calibration } = judgement;
  const held = (validation: number, test: number) => [validation && `${count(validation)} to tune`, test && `${count(test)} to judge`].filter(Boolean).join(", ");
  const lines = [
    ["data", `${cut(source, 50)}: ${count(rows)} rows, ${count(sourceColumns)} columns, as ${count(width)} numbers`],
    ...counts.slice(0, mostLines).map(({ label, train, validation, test }, at) => {
      const all = train + validation + test;
      const split = judgement.fit && held(validation, test);
      return [at ? "" : "classes", `${cut(className(label, positive), 40)}: ${count(all)}${split ? ` (${count(train)} to learn from, ${split})` : ""}`];
    }),
  ];
  if (counts.length > mostLines) lines.push(["", `and ${count(counts.length - mostLines)} more`]);
  if (fit) lines.push(["fit", `${fit.status} after ${count(fit.iterations)} iterations of ${fit.solver}, ${fit.totalSeconds.toFixed(2)} s`]);
  if (calibration) lines.push(["calibration", calibration]);
  if (threshold !== undefined) {
    const found = tuned && `: ${tuned.objective}, ${tuned.value.toFixed(4)} (95 % ${tuned.interval.map((end) => end.toFixed(4)).join(" to ")}) on the rows it was tuned on`;
    lines.push(["threshold", `${probability(threshold)}${found ?? ""}`]);
  }
  return aligned(lines, "<<");
}

function settings({ search }: Judgement): string[] {
  if (!search) return [];
  const rows = search.settings.map(({ options, mean, standardDeviation, best }) => [best ? "→" : "", settingText(options), mean.toFixed(4), `± ${standardDeviation.toFixed(4)}`]);
  return [`cross-validated ${search.metric}`, ...aligned(rows, "<<>>", "  ")];
}

function scores(judgement: Judgement): string[] {
  return [`judged by ${cut(basis(judgement), 60)}`, ...aligned(measures(judgement), "<><", "  ")];
}

function confusion({ classes, evaluation }: Judgement): string[] {
  if (classes.length > mostClasses) return [];
  const names = classes.map((label) => cut(String(label), 16));
  return ["actual ↓  decided →", ...aligned([["", ...names], ...evaluation.confusion.map((row, at) => [names[at]!, ...row.map(count)])], `<${">".repeat(names.length)}`, "  ")];
}

function perClass({ classes, evaluation }: Judgement): string[] {
  if (classes.length === 2) return [];
  const rows = evaluation.perClass.slice(0, mostLines).map(({ label, support, precision, recall, f1 }) => [cut(String(label), 24), count(support), precision.toFixed(4), recall.toFixed(4), f1.toFixed(4)]);
  return aligned([["class", "rows", "precision", "recall", "F1"], ...rows], "<>>>>");
}

function columns({ top, positive }: Judgement): string[] {
  if (top.length === 0) return [];
  const signs = { "1": "+", "0": "", "-1": "−" } as const;
  const rows = top.map(({ name, importance, direction }) => [
    cut(name, 36), importance.toFixed(3), direction === undefined ? "" : signs[String(direction) as "1"], bar(importance / top[0]!.importance, 20).replaceAll("░", ""),
  ]);
  return [`top columns, by how far they move a row's logit${positive === undefined ? "" : `; + is towards ${cut(String(positive), 24)}`}`, ...aligned(rows, "<><<", "  ")];
}
