/**
 * Next also bundles `instrumentation.ts` for the edge runtime, which nothing of Everbeat uses (package.json,
 * `imports`).
 */
export async function startServerProcess(): Promise<void> {}
