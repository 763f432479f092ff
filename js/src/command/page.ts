// A judged classifier as one HTML file, without scripts and without anything from elsewhere.
import { VERSION } from "../engine/protocol.js";
import { barOf, precisionRecall, reliabilityDiagram } from "./figures.js";
import { escaped } from "./html.js";
import type { Judgement } from "./judgement.js";
import { basis, className, count, measure, measures, probability, settingText } from "./numbers.js";
import { style } from "./style.js";

/** The page. Every tag is closed, so that it is XML too. */
export function pageOf(judgement: Judgement): string {
  const title = `${judgement.positive === undefined ? judgement.label : `${judgement.label}: ${judgement.positive}`}, judged`;
  const sections = [numbers(judgement), curve(judgement), reliability(judgement), confusion(judgement), perClass(judgement), columns(judgement), search(judgement), data(judgement), decisions(judgement)];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<meta name="generator" content="focalfit ${VERSION}" />
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${escaped(lead(judgement))}</p>
</header>
<main>
${sections.filter((section) => section !== "").join("\n")}
</main>
</body>
</html>
`;
}

function lead(judgement: Judgement): string {
  const { command, source, positive, threshold, fit } = judgement;
  const model = command === "evaluate" ? "A saved classifier" : `A classifier learnt from ${source}${fit ? ` (${fit.status})` : ""}`;
  return `${model}, judged by ${basis(judgement)}.${threshold === undefined ? "" : ` It says “${positive}” from a probability of ${probability(threshold)} on.`}`;
}

function section(heading: string, content: string, kind = ""): string {
  return `<section${kind && ` class="${kind}"`}>\n<h2>${escaped(heading)}</h2>\n${content}\n</section>`;
}

function numbers(judgement: Judgement): string {
  const rows = measures(judgement).map(([name, value, remark]) => `<tr><th scope="row">${escaped(name)}</th><td class="number">${value}</td><td class="muted">${escaped(remark)}</td></tr>`);
  return section("In numbers", `<table>\n<caption>By ${escaped(basis(judgement))}</caption>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`);
}

function curve({ evaluation, positive }: Judgement): string {
  if (!evaluation.curves.pr) return "";
  const total = evaluation.perClass.reduce((sum, { support }) => sum + support, 0);
  const share = evaluation.perClass.find(({ label }) => label === positive)!.support / total;
  const caption = `The dot is the threshold; the dashed line is a guess.`;
  return section("Precision and recall", `<figure>\n${precisionRecall(evaluation, share, evaluation)}\n<figcaption>${caption}</figcaption>\n</figure>`);
}

function reliability({ evaluation, positive }: Judgement): string {
  const of = positive === undefined ? "the class decided for" : `“${positive}”`;
  return section("Are the probabilities honest?", `<figure>\n${reliabilityDiagram(evaluation)}\n<figcaption>${escaped(`Of ${of}: each dot is as many rows. On the dashed line what was predicted is what came.`)}</figcaption>\n</figure>`);
}

function confusion({ classes, evaluation, positive }: Judgement): string {
  const heads = classes.map((label) => `<th scope="col">${escaped(String(label))}</th>`).join("");
  const rows = evaluation.confusion.map((row, at) => {
    const total = row.reduce((a, b) => a + b, 0);
    const cells = row.map((rows) => `<td class="cell" style="--share: ${(total > 0 ? 0.45 * (rows / total) : 0).toFixed(3)}">${count(rows)}</td>`).join("");
    return `<tr><th scope="row">${escaped(className(classes[at]!, positive))}</th>${cells}</tr>`;
  });
  return section("Confusion matrix", `<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">\n<table class="confusion">\n<caption>Rows by what they are (down) and what was decided (across); the stronger its tint, the larger its share of the line</caption>\n<thead><tr><td></td>${heads}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n</div>`);
}

function perClass({ classes, evaluation }: Judgement): string {
  if (classes.length === 2) return "";
  const rows = evaluation.perClass.map(({ label, support, precision, recall, f1, averagePrecision }) => `<tr><th scope="row">${escaped(String(label))}</th>${[count(support), ...[precision, recall, f1, averagePrecision].map(measure)].map((value) => `<td class="number">${value}</td>`).join("")}</tr>`);
  const heads = ["rows", "precision", "recall", "F1", "average precision"].map((head) => `<th scope="col" class="number">${head}</th>`).join("");
  return section("Each class against the rest", `<div class="scroll" tabindex="0" role="region" aria-label="Each class against the rest">\n<table>\n<caption>At the decisions that the model makes</caption>\n<thead><tr><th scope="col">class</th>${heads}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n</div>`, "wide");
}

function columns({ top, positive }: Judgement): string {
  if (top.length === 0) return "";
  const rows = top.map(({ name, importance, direction }) => `<tr><th scope="row">${escaped(name)}</th><td>${barOf(importance / top[0]!.importance, direction === -1)}</td><td class="number">${direction === undefined ? "" : direction < 0 ? "− " : "+ "}${importance.toFixed(3)}</td></tr>`);
  const towards = positive === undefined ? "" : `; + where more of the column speaks for “${positive}”, − where it speaks against`;
  return section("Top columns", `<table class="columns">\n<caption>${escaped(`By how far they move a row's logit on average${towards}`)}</caption>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`);
}

function search({ search: found }: Judgement): string {
  if (!found) return "";
  const rows = found.settings.map(({ options, mean, standardDeviation, best }) => `<tr${best ? ' class="best"' : ""}><th scope="row"${best ? ' class="best"' : ""}>${escaped(settingText(options))}${best ? " (best)" : ""}</th><td class="number">${mean.toFixed(4)}</td><td class="number">± ${standardDeviation.toFixed(4)}</td></tr>`);
  return section("Settings tried", `<table>\n<caption>${escaped(`Cross-validated ${found.metric}: mean and standard deviation over the folds`)}</caption>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`);
}

function data({ counts, positive, rows, sourceColumns, columns: numbers, fit }: Judgement): string {
  const parts = (["train", "validation", "test"] as const).filter((part) => counts.some((entry) => entry[part] > 0));
  const names = { train: "to learn from", validation: "to tune", test: "to judge" };
  const lines = counts.map((entry) => `<tr><th scope="row">${escaped(className(entry.label, positive))}</th>${parts.map((part) => `<td class="number">${count(entry[part])}</td>`).join("")}</tr>`);
  return section("Rows", `<table>\n<caption>${count(rows)} rows of ${count(sourceColumns)} columns, which make ${count(numbers)} numbers${fit ? `; ${fit.solver}, ${count(fit.iterations)} iterations` : ""}</caption>\n<thead><tr><th scope="col">class</th>${parts.map((part) => `<th scope="col" class="number">${names[part]}</th>`).join("")}</tr></thead>\n<tbody>\n${lines.join("\n")}\n</tbody>\n</table>`);
}

function decisions({ warnings }: Judgement): string {
  return warnings.length === 0 ? "" : section("What was decided, and what to look at", `<ul>\n${warnings.map((line) => `<li>${escaped(line)}</li>`).join("\n")}\n</ul>`, "wide");
}
