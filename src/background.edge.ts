/** Nothing of Everbeat runs on the edge; bundles for it find this in place of `background.ts` (package.json, imports). */
export async function startServer(): Promise<void> {}
