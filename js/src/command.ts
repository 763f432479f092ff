#!/usr/bin/env node
// The program focalfit. What it does is in command/.
import { main } from "./command/main.js";

await main(process.argv.slice(2));
