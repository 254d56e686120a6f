import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium for the tests: CHROMIUM_PATH, or one in the usual places. */
const chromiumPath = process.env.CHROMIUM_PATH || PLACES.find((place) => existsSync(place));

/** For `describe.skipIf`. Prints a warning, so that skipped tests are noticed. */
export function isChromiumMissing(): boolean {
  if (chromiumPath !== undefined) return false;
  console.warn(
    'SKIPPED: the browser tests, because Chromium was not found. Install it, or set CHROMIUM_PATH.',
  );
  return true;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface ViewOptions {
  /** Default 1280 × 800; a phone is 390 wide. */
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  hasTouch?: boolean;
}

/** A page in its own browser profile. `complaints` has its errors, warnings, blocked scripts and dialogs. */
export interface View {
  page: Page;
  complaints: string[];
  close(): Promise<void>;
}

export async function openView(browser: Browser, appUrl: string, options: ViewOptions = {}): Promise<View> {
  const { width = 1_280, height = 800, colorScheme = 'light', hasTouch = false } = options;
  const context = await browser.newContext({
    baseURL: appUrl,
    viewport: { width, height },
    colorScheme,
    hasTouch,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}

/**
 * Saves a screenshot of a page, or of a part of one, to the folder SCREENSHOTS, if that is set, to look at
 * what the tests see.
 */
export async function takePicture(shown: Page | Locator, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name}.png`);
  await ('goto' in shown
    ? shown.screenshot({ path: file, fullPage: true })
    : shown.screenshot({ path: file }));
}
