// What a Content-Security-Policy blocks, for messages: a script that does not load and an address that cannot be fetched
// otherwise give no reason.

/** Listens until stop is called. */
export function watchPolicy(): { blocked(): Promise<string | undefined>; stop(): void } {
  const scope: Partial<EventTarget> = typeof document === "object" ? document : globalThis;
  let blocked: string | undefined;
  const listen = (event: Event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    // An inline script of the page's own is no concern of this.
    if (/^(default|worker|child|script|connect)-src/.test(effectiveDirective) && !/^(inline|eval)$/.test(blockedURI)) blocked ??= advice(effectiveDirective, blockedURI);
  };
  scope.addEventListener?.("securitypolicyviolation", listen);
  return {
    // The event may come after the failure.
    blocked: async () => {
      if (!blocked && scope.addEventListener) await new Promise((later) => setTimeout(later, 50));
      return blocked;
    },
    stop: () => scope.removeEventListener?.("securitypolicyviolation", listen),
  };
}

/** What to add to the policy. */
function advice(directive: string, uri: string): string {
  if (uri === "wasm-eval") return wasmAdvice();
  const source = uri === "blob" || uri.startsWith("blob:") ? "blob:" : /^https?:/.test(uri) ? new URL(uri).origin : uri;
  return `the Content-Security-Policy blocks ${uri}: its ${directive} must allow ${source}`;
}

/** What to add for a refusal to compile. */
export function wasmAdvice(): string {
  const whose = typeof document === "object" || globalThis.location?.protocol === "blob:" ? "the page" : "worker.js";
  return `the Content-Security-Policy that ${whose} is served with blocks WebAssembly: its script-src must hold 'wasm-unsafe-eval'`;
}

/** Whether a failure to compile is a policy's. */
export const refused = (message: string): boolean => /unsafe-eval|Content.Security.Policy|\bCSP\b/i.test(message);
