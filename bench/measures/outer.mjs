// The measures that look at a process or a page from outside.
import bytes from "./bytes.mjs";
import memory from "./memory.mjs";
import start from "./start.mjs";
import tasks from "./tasks.mjs";

export const outer = [memory, start, tasks, bytes];
