/** Runs cases, functions by name, one after the other, and tells the server of the page how each went, and what it gave. */
export async function tell(cases) {
  const results = [];
  for (const [name, run] of Object.entries(cases)) {
    try {
      results.push({ name, value: await run() });
    } catch (error) {
      results.push({ name, error: `${error?.code ?? ""} ${error}\n${error?.stack ?? ""}` });
    }
  }
  await fetch(`/report${location.search}`, { method: "POST", body: JSON.stringify(results) });
}
