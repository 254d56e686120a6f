import { existsSync } from 'node:fs';

/** Where Chromium and its relatives are usually installed. */
const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** What `BROWSER_PATH` may say instead of a path: pages are read without a browser. */
const NO_BROWSER = 'none';

/**
 * The browser for pages that scripts fill: the one that the operator named, or else one in the usual places.
 */
export function findBrowser(configured: string | undefined): string | null {
  if (configured === NO_BROWSER) return null;
  return (configured === undefined ? USUAL_PATHS : [configured]).find((path) => existsSync(path)) ?? null;
}
