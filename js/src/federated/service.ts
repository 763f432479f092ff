// Asking the edge service: problems in words, and again where that may help.
import { aborted, FocalfitError, reason } from "../input/errors.js";

/** How often a request that found no one, or one too busy, is made again. */
const tries = 6;

export interface Request {
  method?: string;
  token: string;
  /** Sent as JSON; a Float64Array as it is. */
  body?: unknown;
  /** Whether a second one would do something again: it is made where the first was surely not taken. */
  once?: boolean;
  signal?: AbortSignal | undefined;
}

/** An answer of status 2xx, all of it. */
export interface Answer {
  status: number;
  /** Seconds after which to ask again, if it says so. */
  after: number;
  /** What the JSON says; undefined for none. */
  content: unknown;
}

/** The answer to a request. Rejects with `BAD_OPTION`, `SERVICE_FAILED`, `ABORTED`. */
export async function ask(url: string, { method = "GET", token, body, once = false, signal }: Request): Promise<Answer> {
  const packed = body instanceof Float64Array;
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = packed ? "application/octet-stream" : "application/json";
  for (let attempt = 1; ; attempt++) {
    let wait = Math.min(30, 2 ** attempt / 4) * (0.5 + Math.random());
    let [failure, again] = ["", !once];
    try {
      const init: RequestInit = { method, headers, signal: signal ?? null, ...(body !== undefined && { body: packed ? bytesOf(body) : JSON.stringify(body) }) };
      const response = await fetch(url, init);
      const { ok, status } = response;
      const after = Number(response.headers.get("retry-after"));
      if (ok) {
        const text = await response.text();
        return { status, after, content: text === "" ? undefined : JSON.parse(text) };
      }
      const { detail, code, option } = await problemOf(response);
      // 429 and 5xx pass; the others say that the request is wrong.
      if (status !== 429 && status < 500) throw code === "BAD_OPTION" ? new FocalfitError(code, detail, { option, status }) : new FocalfitError("SERVICE_FAILED", detail, { status });
      failure = detail;
      again ||= status === 429;
      if (after > 0) wait = after;
    } catch (error) {
      if (signal?.aborted) throw aborted(signal, undefined, "The federation was left.");
      if (error instanceof FocalfitError) throw error;
      failure = `${url} cannot be reached: ${reason(error)}`;
    }
    if (!again) throw new FocalfitError("SERVICE_FAILED", failure);
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

/** What an answer says is wrong, as RFC 9457 has it. */
async function problemOf(response: Response): Promise<{ detail: string; code?: string; option?: string }> {
  const { title, detail = title, code, option } = await response.json().catch(() => ({}));
  return { detail: detail === undefined ? `${response.url}: HTTP ${response.status}` : `${detail}`, code, option };
}
