// axe-core in a page: what it finds, and what it cannot settle.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules that are off unless asked for: targets of 24 px, and those experimental ones that can come to a verdict. */
const further = ["target-size", "css-orientation-lock", "focus-order-semantics", "label-content-name-mismatch", "p-as-heading", "table-fake-caption", "td-has-header"];

/** Lays what sticks to the window or scrolls in itself back into the page, so that nothing covers a text or a target. */
const flat = "nav, .actions, .view, .easel, section { position: static !important; } ul, ol, pre { max-height: none !important; }";

/** Finds what is wrong or unsettled. A contrast that is measured but not trusted, of a single character, counts as it was measured. */
async function run({ flat, contrast, further }) {
  const style = new CSSStyleSheet();
  const options = { resultTypes: ["violations", "incomplete"], rules: Object.fromEntries(further.map((rule) => [rule, { enabled: true }])) };
  const lines = [];
  const find = async (more) => {
    const { violations, incomplete } = await window.axe.run(document, { ...options, ...more });
    const measured = ({ any: [check] }) => check?.data?.messageKey === "shortTextContent" && check.data.contrastRatio >= 4.5;
    const why = ({ any, all, none }) => [...any, ...all, ...none].map(({ message }) => message).join("; ");
    for (const { id, nodes } of [...violations, ...incomplete]) {
      for (const node of nodes) if (id !== "color-contrast" || !measured(node)) lines.push(`${id}: ${node.target.join(" ")}: ${why(node)}`);
    }
  };
  const covered = ["color-contrast", "target-size"];
  if (!contrast) await find({ rules: { ...options.rules, ...Object.fromEntries(covered.map((rule) => [rule, { enabled: false }])) } });
  style.replaceSync(flat);
  document.adoptedStyleSheets = [style];
  await find({ rules: {}, runOnly: contrast ? covered.slice(0, 1) : covered });
  document.adoptedStyleSheets = [];
  return lines;
}

/** What axe says of the page as it is, a line for each element: "rule: element: why"; if `contrast`, of contrast only. */
export async function audit(page, { contrast = false } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${source};0`);
  return page.evaluate(run, { flat, contrast, further });
}
