/** Called by Next once, before the first request is served; Node-only code is kept in files that are imported here. */
export async function register(): Promise<void> {
  const { startServer } = await import('./instrumentation-node');
  await startServer();
}
