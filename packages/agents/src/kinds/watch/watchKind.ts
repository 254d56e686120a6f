import { randomUUID } from 'node:crypto';
import type { AddressPolicy } from '@everbeat/outgoing';
import type { AgentRun } from '../../agentKindSpec';
import { defineAgentKind } from '../../defineAgentKind';
import type { AgentReport } from '../../port';
import { assertAddressAllowed } from '../../shared/config';
import { checkReachable } from '../../shared/reachable';
import { hasThreshold } from './compare/rules';
import { type WatchSettings, watchConfigSchema, watchSettingsSchema } from './config';
import { fetchPage } from './fetchPage';
import type { Look } from './looks';
import { isOutdated, recall, type WatchMemory } from './memory';
import { mayAskForChange, recordNotModified, recordWholeRead } from './notModified';
import { type OwnRequest, ownRequestOf, SECRET_SETTINGS } from './ownRequest';
import { previewPage } from './preview/previewPage';
import { quietReport } from './report';
import { settingsOf, targetOf } from './target';
import { textsOf } from './textsOf';
import { firstLookBounded, laterLookBounded } from './threads/pageThreads';
import type { WatchedPage } from './watchedPage';

/** How long after the first look at a page it is read again; of a short time limit only a part. */
const SECOND_LOOK_MS = 3_000;
const PART_OF_TIMEOUT = 0.1;

interface WatchNeeds {
  addressPolicy: AddressPolicy;
  /** The browser for pages that scripts fill, or `none`. Left out: one in the usual places. */
  browserPath?: string | undefined;
  /** Replaces `SECOND_LOOK_MS`. */
  secondLookMs?: number;
}
type WatchConfig = ReturnType<typeof watchConfigSchema.parse>;
type WatchRun = AgentRun<WatchConfig, WatchSettings>;

/**
 * Looks at a page and reports what changed since the run before (API.md, "The watch agent"). Needs no model
 * and no key.
 */
export const watchKind = defineAgentKind({
  kind: 'watch',
  configSchema: watchConfigSchema,
  taskSettingsSchema: watchSettingsSchema,
  reporting: 'plain',
  maxConcurrency: 64,
  runMb: 8,
  errorPrefix: 'watch',
  secretFields: SECRET_SETTINGS,
  addressField: 'url',
  checkConfig: ({ url }, { addressPolicy }: WatchNeeds) => assertAddressAllowed(url, addressPolicy),
  assertReady: (config, _needs, task) => {
    if (task !== undefined) targetOf(settingsOf(config, task.settings));
  },
  farSideOf: (config, settings) => hostOf(settingsOf(config, settings).url),
  checkFarSides: async ({ config, settings, signal }, { addressPolicy }) => {
    const { url } = settingsOf(config, settings);
    return url === undefined ? [] : checkReachable(url, { addressPolicy, codePrefix: 'watch', signal });
  },
  run: async (run, needs) => ({ kind: 'done', ...(await look(run, needs)) }),
  preview: ({ config, ...run }, needs) => previewPage({ ...run, config: config ?? {} }, needs),
});

const hostOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).host;

async function look(run: WatchRun, needs: WatchNeeds): Promise<AgentReport> {
  const settings = settingsOf(run.config, run.settings);
  const target = targetOf(settings);
  const before = recall(run.memory, target);
  const own = ownRequestOf(settings);
  const fetched = await fetchPage(target, before, {
    addressPolicy: needs.addressPolicy,
    browserPath: needs.browserPath,
    own,
    signal: run.signal,
    isWhole: !mayAskForChange(run.taskId, target),
    isRendered: before?.isRendered === true,
    takesPicture: run.isTrial !== true,
  });
  if (fetched === 'unchanged') {
    recordNotModified(run.taskId, target);
    return quietReport(target);
  }
  const { picture: bytes, ...page } = fetched;
  recordWholeRead(run.taskId, target, isLike(page, before));
  if (!hasThreshold(settings) && isLike(page, before)) return quietReport(target);
  const picture = bytes === null ? null : { id: randomUUID(), bytes };
  const look = { page, target, settings, pictureId: picture?.id ?? null };
  const isLater = before?.kind === page.kind && before.isRendered === page.isRendered;
  const report = isLater
    ? await laterLookBounded({ ...look, before }, run.signal)
    : await reportFirst({ ...look, own }, run, needs);
  const isShown = !isLater || report.briefs !== undefined;
  return picture !== null && isShown ? { ...report, picture } : report;
}

/**
 * Whether all that is compared is the same to the letter. Items of feeds may be alike in all but their ids.
 */
const isLike = (page: WatchedPage, before: WatchMemory | null): boolean =>
  before !== null &&
  !before.cut &&
  page.kind === before.kind &&
  page.isRendered === before.isRendered &&
  page.kind !== 'feed' &&
  page.text === before.text;

async function reportFirst(
  { own, ...look }: Look & { own: OwnRequest },
  { config, memory, signal, attempt, isTrial }: WatchRun,
  { addressPolicy, browserPath, secondLookMs = SECOND_LOOK_MS }: WatchNeeds,
): Promise<AgentReport> {
  const { page, target, settings } = look;
  const again = async () => {
    const { isRendered } = page;
    const read = await fetchPage(target, null, {
      addressPolicy,
      browserPath,
      own,
      signal,
      isWhole: true,
      isRendered,
    });
    return read === 'unchanged' ? page : read;
  };
  const waitMs = Math.min(secondLookMs, config.timeoutSeconds * 1_000 * PART_OF_TIMEOUT);
  // A site that takes no two requests within seconds would never be watched otherwise.
  const isAskedOnce = isTrial || attempt > 1 || settings.includeNoise === true;
  const texts = isAskedOnce ? null : await textsOf(page, again, { waitMs, signal });
  return await firstLookBounded({ ...look, texts, isAnew: isOutdated(memory) }, signal);
}
