/** The style of a report. */
export const style = `
:root { color-scheme: light dark; --page: #f7f7f4; --surface: #fff; --ink: #1d2023; --muted: #5a6066; --line: #d8d9d4; --accent: #1c5a9e; --rare: #b14a10; --tint: 28 90 158; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
@media (prefers-color-scheme: dark) { :root { --page: #14161a; --surface: #1b1e23; --ink: #e6e6e2; --muted: #a3a9b0; --line: #343941; --accent: #86b7ee; --rare: #eda06b; --tint: 134 183 238; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere; }
header, main { max-width: 72rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
header { padding-block: clamp(1.5rem, 4vw, 3rem) 1.5rem; }
main { display: grid; grid-auto-flow: dense; gap: 1.25rem; padding-bottom: 3rem; }
@media (min-width: 60rem) { main { grid-template-columns: repeat(2, minmax(0, 1fr)); } .wide { grid-column: 1 / -1; } }
h1, h2, p, figure, ul { margin: 0; }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2.125rem); line-height: 1.2; letter-spacing: -0.02em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.3; font-weight: 650; }
header p { margin-top: 0.5rem; color: var(--muted); }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 0.625rem; padding: 1.25rem; display: grid; gap: 0.875rem; align-content: start; min-width: 0; }
figure { max-width: 30rem; width: 100%; margin-inline: auto; }
figcaption, caption { color: var(--muted); font-size: 0.875rem; text-align: start; }
caption { padding-bottom: 0.5rem; }
figcaption { padding-top: 0.5rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--ink); }
svg .ticks text { font-size: 11px; fill: var(--muted); }
.grid path { stroke: var(--line); fill: none; }
.guess { stroke: var(--muted); stroke-dasharray: 4 4; fill: none; }
.curve { stroke: var(--accent); stroke-width: 2; fill: none; stroke-linejoin: round; }
.bin { fill: var(--accent); }
.point { fill: var(--rare); stroke: var(--surface); stroke-width: 2; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0.5rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; }
thead th { border-top: 0; color: var(--muted); font-size: 0.875rem; }
.number { text-align: end; overflow-wrap: normal; }
td.number { white-space: nowrap; }
.muted { color: var(--muted); }
.best { font-weight: 650; }
.cell { background: rgb(var(--tint) / var(--share)); border: 1px solid var(--line); text-align: center; }
.confusion th, .confusion td { min-width: 4.5rem; vertical-align: middle; }
.confusion thead td { border-top: 0; }
.confusion thead th { text-align: center; }
.bar { height: 0.75rem; min-width: 4rem; margin-top: 0.375rem; }
.raises { fill: var(--accent); }
.lowers { fill: var(--rare); }
.columns th { width: 45%; }
ul { padding-inline-start: 1.25rem; display: grid; gap: 0.375rem; }
@media print { :root { --page: #fff; } section { break-inside: avoid; } }
`;
