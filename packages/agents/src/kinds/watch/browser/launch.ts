import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { AgentError } from '../../../shared/agentError';
import { BROWSER_UID, canUseOtherUsers } from '../../../shared/spareUsers';

const RENDERER_HEAP_MB = 384;
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--dns-prefetch-disable',
  '--no-first-run',
  // WebRTC would reach addresses past the proxy.
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  `--js-flags=--max-old-space-size=${RENDERER_HEAP_MB}`,
];
/** Loopback addresses go through the proxy too, which refuses them. */
export const NO_BYPASS = '<-loopback>';

/** What stands between a page that takes over its renderer and this server. */
interface BrowserConfinement {
  /** Chromium's own sandbox. */
  hasSandbox: boolean;
  /** As a user of its own, where the server is root. */
  isOtherUser: boolean;
}

/**
 * The strictest first. Chromium has no sandbox for root, and none where the kernel gives no user namespaces.
 */
function confinements(): BrowserConfinement[] {
  const isRoot = process.getuid?.() === 0;
  const others = canUseOtherUsers() && findSetpriv() !== null;
  return [
    ...(others ? [true, false].map((hasSandbox) => ({ hasSandbox, isOtherUser: true })) : []),
    ...(isRoot ? [] : [{ hasSandbox: true, isOtherUser: false }]),
    { hasSandbox: false, isOtherUser: false },
  ];
}

/** The one that worked, so that the others are not tried again at every start. */
let working: BrowserConfinement | null = null;

/**
 * Starts the browser in the strictest confinement that works here.
 * @throws AgentError `watch_needs_browser`
 */
export async function launchBrowser(program: string, proxyUrl: string): Promise<Browser> {
  for (const confinement of working === null ? confinements() : [working]) {
    const browser = await launchIn(confinement, program, proxyUrl).catch(() => null);
    if (browser === null) continue;
    working = confinement;
    return browser;
  }
  working = null;
  throw new AgentError(
    'watch_needs_browser',
    `The page needs a browser to run its scripts (JavaScript), and ${program} did not start. Check it, or name another Chromium in BROWSER_PATH.`,
  );
}

async function launchIn(
  { hasSandbox, isOtherUser }: BrowserConfinement,
  program: string,
  proxyUrl: string,
): Promise<Browser> {
  const folder = isOtherUser ? await mkdtemp(path.join(tmpdir(), 'everbeat-browser-')) : null;
  try {
    const { chromium } = await import('playwright-core');
    return await chromium.launch({
      executablePath: folder === null ? program : await asOtherUser(program, folder),
      args: ARGUMENTS,
      chromiumSandbox: hasSandbox,
      proxy: { server: proxyUrl, bypass: NO_BYPASS },
      // Without the server's own environment, which holds its secrets. Elsewhere browsers need more of it.
      ...(process.platform === 'linux'
        ? { env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: tmpdir() } }
        : {}),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } finally {
    // The program has been read when the browser answers.
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A program that becomes the browser as another user, whom it gives the profile. Its open files, by which the
 * browser is driven, stay.
 */
async function asOtherUser(program: string, folder: string): Promise<string> {
  const file = path.join(folder, 'browser.sh');
  const script = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    --user-data-dir=*) HOME="\${argument#--user-data-dir=}"; chown -R ${BROWSER_UID}:${BROWSER_UID} "$HOME" || exit 1 ;;
  esac
done
export HOME
exec ${findSetpriv()} --reuid=${BROWSER_UID} --regid=${BROWSER_UID} --clear-groups -- '${program.replaceAll("'", `'\\''`)}' "$@"
`;
  await writeFile(file, script, { mode: 0o700 });
  return file;
}

const findSetpriv = (): string | null =>
  ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file)) ?? null;
