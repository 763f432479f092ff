// Papa Parse as scripts/bundle-papaparse.mjs makes a module of it: what is used here.
declare const Papa: {
  parse(text: string, config: { preview?: number; skipEmptyLines?: "greedy"; delimiter?: string }): { meta: { delimiter: string; linebreak: string } };
  /** The parser behind `parse`, of one text; with `ignoreLastRow` the record that may go on is left, from `meta.cursor` on. */
  Parser: new (config: { delimiter: string; newline: string }) => {
    parse(text: string, baseIndex: number, ignoreLastRow: boolean): { data: string[][]; errors: { code: string; row: number }[]; meta: { cursor: number } };
  };
};
export default Papa;
