/** Go's support code for WebAssembly; written at build time by scripts/wrap-wasm-exec.mjs. */
export interface Go {
  readonly importObject: WebAssembly.Imports;
  exit: (code: number) => void;
  /** The program's environment. */
  env: Record<string, string>;
  /** Resolves when the program has ended. */
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** Makes a Go runtime for which `scope` is the global object; it adds `fs`, `process`, `path` and `Go` to it. */
export function createGo(scope: Record<string, unknown>): Go;
