import type { Page } from 'playwright-core';

/**
 * Until its scripts run, a page that the server has rendered hears no click. Then it says that it is live, if
 * need be behind a dialog.
 */
export const untilLive = (page: Page): Promise<void> =>
  page
    .getByRole('status', { includeHidden: true })
    .filter({ hasText: /^Live$/ })
    .waitFor();

/** Opens a page of the application, and waits until it hears clicks. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await untilLive(page);
}

export async function reload(page: Page): Promise<void> {
  await page.reload();
  await untilLive(page);
}
