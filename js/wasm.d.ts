/// The binaries as hosts import them that run precompiled modules only: for `createEngine({ worker: false, wasmModule })`.
declare const module: WebAssembly.Module;
export default module;
