import { plain } from "./terminal.js";

const marks: { [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for HTML, within a tag or between two; control characters are written out, and half of a pair is replaced. */
export function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => marks[character]!).replace(/\p{Surrogate}/gu, "\ufffd");
}
