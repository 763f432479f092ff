// Tells bundlers not to look for Node's modules, anew where minifying has taken out the comments that told them.
const [call, told] = ["import(`node:", "import(/* webpackIgnore: true */ /* @vite-ignore */ `node:"];

export function ignoreNode(script) {
  if (!script.includes(call)) throw new Error(`no ${call} in the script: has the minifier changed?`);
  return script.replaceAll(call, told);
}
