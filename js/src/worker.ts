// The engine's thread: a host behind the port of a browser's module worker or of a Node worker_thread.
import { createHost } from "./host/host.js";
import { nodeModule } from "./platform/node.js";
import type { FromEngine, ToEngine } from "./engine/protocol.js";

interface Port {
  postMessage(message: FromEngine, transfer: ArrayBuffer[]): void;
}

if (typeof postMessage === "function") {
  const port = globalThis as unknown as Port;
  const host = createHost((message, transfer = []) => port.postMessage(message, transfer));
  // Set at once: the first message may be waiting already.
  addEventListener("message", (event: MessageEvent<ToEngine>) => host.receive(event.data));
} else {
  void nodeModule("node:worker_threads").then((threads) => {
    const { parentPort } = threads as { parentPort: Port & { on(type: string, listener: (message: ToEngine) => void): void } };
    const host = createHost((message, transfer = []) => parentPort.postMessage(message, transfer));
    parentPort.on("message", host.receive);
  });
}
