import type { Page } from 'playwright-core';
import { parseSelector } from '../reading/selector';

/** What is kept of a page to be looked at, in bytes. */
const PICTURE_BYTES_MAX = 150_000;
/** JPEG, the better one first. */
const QUALITIES = [70, 45, 20] as const;
const PICTURE_MS_MAX = 5_000;
const SCROLL_MS_MAX = 500;

/**
 * A picture (JPEG) of what a reader sees of the page, or of where the watched part is. Null where there is
 * none small enough, or none in time: the page is reported without it.
 */
export async function pictureOf(page: Page, selector: string | null): Promise<Uint8Array | null> {
  try {
    if (selector !== null) await scrollTo(page, selector);
    for (const quality of QUALITIES) {
      const picture = await page.screenshot({
        type: 'jpeg',
        quality,
        scale: 'css',
        animations: 'disabled',
        timeout: PICTURE_MS_MAX,
      });
      if (picture.length <= PICTURE_BYTES_MAX) return picture;
    }
    return null;
  } catch {
    return null;
  }
}

async function scrollTo(page: Page, selector: string): Promise<void> {
  const parsed = parseSelector(selector);
  if (parsed === null || parsed.language === 'jsonpath') return;
  const part = page.locator(`${parsed.language}=${parsed.expression}`).first();
  await part.scrollIntoViewIfNeeded({ timeout: SCROLL_MS_MAX }).catch(() => undefined);
}
