/**
 * Next calls this once per process, before it serves. `npm start` has started the runtime by then, so this is
 * for `npm run dev` and serverless hosts; the import is dynamic to load this second copy of the server only
 * there.
 */
export async function register(): Promise<void> {
  if (globalThis.everbeatRuntime !== undefined) return;
  const { startServerProcess } = await import('#server-process');
  await startServerProcess();
}
