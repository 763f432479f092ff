// The package in one file, for pages that have one: the script of the worker and the binary are in it. The build puts the
// bundle in this module's place.
export * from "./index.js";
