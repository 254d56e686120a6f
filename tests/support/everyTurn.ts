/** Less than a test may take, so that it fails with a reason. */
const WITHIN_MS = 15_000;

/**
 * Looks in every turn of the event loop until `isSo` is true, for what gives no signal and must be met at
 * once. Rejects after 15 s with an error that names `what`.
 */
export async function everyTurn(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAtMs = performance.now() + WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAtMs) throw new Error(`Waited ${WITHIN_MS} ms without success for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
