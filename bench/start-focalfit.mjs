import { createEngine } from "../js/dist/index.js";

export const start = () => createEngine().start();
