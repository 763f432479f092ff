/** Runs cases, functions by name, one after the other, and tells the server of the page how each went. */
export async function tell(cases) {
  const results = [];
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: `${error?.code ?? ""} ${error?.stack ?? error}` });
    }
  }
  await fetch(`/report${location.search}`, { method: "POST", body: JSON.stringify(results) });
}
