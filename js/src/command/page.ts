// The report as one page of HTML: figures as inline SVG, no script, light and dark.
import { confusionFigure, curveFigure, escape, reliabilityFigure, topFigure } from "./figures.js";
import { facts, scores, type Summary } from "./summary.js";

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c9d1d9; --soft: #57606a; --accent: #0a5bd3; --second: #b35900; --fill: #eef2f7 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #3a434e; --soft: #9da7b1; --accent: #6cb0ff; --second: #f0a35e; --fill: #171d26 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.6rem } h2 { margin: 2rem 0 .5rem; font-size: 1.15rem }
p.data { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere }
.tables, .figures { display: grid; align-items: start; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)) }
table { width: 100%; border-collapse: collapse } caption { text-align: left; color: var(--soft); padding-bottom: .25rem }
th { text-align: left; font-weight: 400; color: var(--soft); padding-right: 1rem; vertical-align: top } td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
tr { border-top: 1px solid var(--line) } th, td { padding-top: .25rem; padding-bottom: .25rem }
figure { margin: 0 } figcaption { color: var(--soft); font-size: .9rem } svg { width: 100%; height: auto; display: block }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif } svg .soft { fill: var(--soft) } svg .axis { stroke: var(--line); fill: none } svg .grid { stroke: var(--line); stroke-dasharray: 2 4; fill: none }
svg .curve { stroke: var(--accent); stroke-width: 2; fill: none } svg .dot { fill: var(--accent) } svg .mark { fill: var(--second); stroke: var(--paper); stroke-width: 2 } svg .bar { fill: var(--accent) } svg .cell { stroke: var(--paper); stroke-width: 2 }
`;

/** The page of a summary. */
export function page(summary: Summary): string {
  const table = (caption: string, pairs: [string, string][]) =>
    `<table><caption>${caption}</caption><tbody>${pairs.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join("")}</tbody></table>`;
  const title = `focalfit ${summary.command}: ${summary.data}`;
  const figures = [curveFigure(summary), reliabilityFigure(summary), confusionFigure(summary), topFigure(summary)];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
<main>
<h1>${summary.positive === null ? "A classifier" : `Finding “${escape(summary.positive)}”`}</h1>
<p class="data">${escape(summary.data)}</p>
<div class="tables">${table("What was done", facts(summary))}${table("Scores", scores(summary))}</div>
<h2>Figures</h2>
<div class="figures">${figures.filter(Boolean).join("\n")}</div>
${summary.decisions.length ? `<h2>Decisions taken</h2>\n<ul>${summary.decisions.map((text) => `<li>${escape(text)}</li>`).join("")}</ul>` : ""}
</main>
</html>
`;
}
