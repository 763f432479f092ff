// Asking the edge service: problems in words, and again where that may help.
import { aborted, FocalfitError, reason } from "../input/errors.js";

/** How often a request that found no one, or one too busy, is made again. */
const tries = 6;

export interface Request {
  method?: string;
  token: string;
  /** Sent as JSON; a Float64Array as it is. */
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** The answer to a request, of status 2xx. Rejects with `SERVICE_FAILED`, `ABORTED`. */
export async function ask(url: string, { method = "GET", token, body, signal }: Request): Promise<Response> {
  const packed = body instanceof Float64Array;
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = packed ? "application/octet-stream" : "application/json";
  for (let attempt = 1; ; attempt++) {
    let wait = Math.min(30, 2 ** attempt / 4) * (0.5 + Math.random());
    let failure: string;
    try {
      const init: RequestInit = { method, headers, signal: signal ?? null, ...(body !== undefined && { body: packed ? bytesOf(body) : JSON.stringify(body) }) };
      const response = await fetch(url, init);
      if (response.ok) return response;
      failure = await problemOf(response);
      // 429 and 5xx pass; the others say that the request is wrong.
      if (response.status !== 429 && response.status < 500) throw new FocalfitError("SERVICE_FAILED", failure, { status: response.status });
      const after = Number(response.headers.get("retry-after"));
      if (after > 0) wait = after;
    } catch (error) {
      if (signal?.aborted) throw aborted(signal, undefined, "The federation was left.");
      if (error instanceof FocalfitError) throw error;
      failure = `${url} cannot be reached: ${reason(error)}`;
    }
    if (attempt === tries) throw new FocalfitError("SERVICE_FAILED", `${failure} (${tries} tries)`);
    await pause(wait, signal);
  }
}

/** Waits; rejects with `ABORTED` when the signal is. */
export async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, 1000 * seconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
  if (signal?.aborted) throw aborted(signal, undefined, "The federation was left.");
}

/** The numbers as the service reads them, little-endian. */
function bytesOf(numbers: Float64Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  numbers.forEach((number, at) => view.setFloat64(8 * at, number, true));
  return view.buffer;
}

async function problemOf(response: Response): Promise<string> {
  try {
    const { title, detail } = (await response.json()) as { title?: string; detail?: string };
    if (detail ?? title) return `${detail ?? title}`;
  } catch {
    // No problem document.
  }
  return `${response.url}: HTTP ${response.status}`;
}
