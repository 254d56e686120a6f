import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium to test with: that of CHROMIUM_PATH, else one that is installed where they usually are. */
const chromiumPath = process.env.CHROMIUM_PATH || PLACES.find((place) => existsSync(place));

/** For `describe.skipIf`; says aloud that something is not tested. */
export function isChromiumMissing(): boolean {
  if (chromiumPath !== undefined) return false;
  console.warn(
    'SKIPPED: the tests in a browser, for want of Chromium. Install it, or name it in CHROMIUM_PATH.',
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
  /** 1280 × 800 unless told; 390 wide is a phone. */
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
}

/** A page in a profile of its own, and all that it complained of: errors, warnings, refused scripts, dialogs. */
export interface View {
  page: Page;
  complaints: string[];
  close(): Promise<void>;
}

export async function openView(browser: Browser, appUrl: string, options: ViewOptions = {}): Promise<View> {
  const { width = 1_280, height = 800, colorScheme = 'light' } = options;
  const context = await browser.newContext({
    baseURL: appUrl,
    viewport: { width, height },
    colorScheme,
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

/** Keeps a picture of the page in the folder SCREENSHOTS, where a person wants to look at what the tests see. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
