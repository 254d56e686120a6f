import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentReport } from '../../port';
import type { AddressPolicy } from '../../shared/addressRules';
import { assertAddressAllowed } from '../../shared/config';
import { type Comparison, compare, comparedLines, type Terms } from './compare/compare';
import { seenWith } from './compare/feed';
import { NO_NOISE } from './compare/noise';
import { hasThreshold, isWanted, passesThreshold, watchedNumber } from './compare/rules';
import { type WatchSettings, watchConfigSchema, watchSettingsSchema } from './config';
import { fetchPage, type WatchedPage } from './fetchPage';
import { noiseOf } from './firstLook';
import { isOutdated, recall, remember, type WatchMemory } from './memory';
import { mayAskForChange, recordNotModified, recordWholeRead } from './notModified';
import { previewPage } from './preview/previewPage';
import { changeReport, firstReport, quietReport } from './report';
import { settingsOf, type Target, targetOf } from './target';

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
  checkConfig: ({ url }, { addressPolicy }: WatchNeeds) => assertAddressAllowed(url, addressPolicy),
  farSideOf: (config, settings) => hostOf(settingsOf(config, settings).url),
  run: async (run, needs) => ({ kind: 'done', ...(await look(run, needs)) }),
  preview: ({ config, ...run }, needs) => previewPage({ ...run, config: config ?? {} }, needs),
});

const hostOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).host;

async function look(run: WatchRun, needs: WatchNeeds): Promise<AgentReport> {
  const settings = settingsOf(run.config, run.settings);
  const target = targetOf(settings);
  const before = recall(run.memory, target);
  const page = await fetchPage(target, before, {
    addressPolicy: needs.addressPolicy,
    browserPath: needs.browserPath,
    signal: run.signal,
    isWhole: !mayAskForChange(run.taskId, target),
  });
  if (page === 'unchanged') {
    recordNotModified(run.taskId, target);
    return quietReport(target);
  }
  recordWholeRead(run.taskId, target, isLike(page, before));
  if (!hasThreshold(settings) && isLike(page, before)) return quietReport(target);
  return before?.kind === page.kind
    ? laterLook(page, before, target, settings)
    : await firstLook(page, target, settings, run, needs);
}

/** Whether all that is compared is the same to the letter. Items of feeds may be alike in all but their ids. */
const isLike = (page: WatchedPage, before: WatchMemory | null): boolean =>
  before !== null &&
  !before.cut &&
  page.kind === before.kind &&
  page.kind !== 'feed' &&
  page.text === before.text;

async function firstLook(
  page: WatchedPage,
  target: Target,
  settings: WatchSettings,
  { config, memory: stored, signal, attempt, isTrial }: WatchRun,
  { addressPolicy, browserPath, secondLookMs = SECOND_LOOK_MS }: WatchNeeds,
): Promise<AgentReport> {
  const again = async () => {
    const read = await fetchPage(target, null, { addressPolicy, browserPath, signal, isWhole: true });
    return read === 'unchanged' ? page : read;
  };
  const waitMs = Math.min(secondLookMs, config.timeoutSeconds * 1_000 * PART_OF_TIMEOUT);
  // A site that takes no two requests within seconds would never be watched otherwise.
  const isAskedOnce = isTrial || attempt > 1 || settings.includeNoise === true;
  const noise = isAskedOnce ? NO_NOISE : await noiseOf(page, again, { waitMs, signal });
  const memory = memoryOf(page, target, { ...settings, noise });
  return firstReport(page, target, memory, { noise, isAnew: isOutdated(stored) });
}

/** What is remembered of a page that was reported. */
function memoryOf(
  page: WatchedPage,
  target: Target,
  terms: Terms,
  seenBefore: readonly string[] = [],
): WatchMemory {
  const lines = comparedLines(page.text, terms);
  const seen = page.feed === null ? [] : seenWith(page.feed, seenBefore);
  return remember(page, lines.join('\n'), target, {
    seen,
    noise: terms.noise,
    number: watchedNumber(lines),
  });
}

function laterLook(
  page: WatchedPage,
  before: WatchMemory,
  target: Target,
  settings: WatchSettings,
): AgentReport {
  const terms: Terms = { ...settings, noise: settings.includeNoise === true ? NO_NOISE : before.noise };
  const memory = memoryOf(page, target, terms, before.seen);
  const found = compare(before, { ...page, text: memory.text }, terms);
  const isSame =
    found.rows !== null &&
    found.changes.length === 0 &&
    (!memory.cut || page.kind === 'feed' || memory.hash === before.hash);
  if (hasThreshold(settings) && (!isSame || memory.number !== before.number))
    return thresholdLook(page, before, target, terms, { memory, found });
  if (isSame) return quietReport(target);
  if (!isWanted(found.changes, settings)) {
    return {
      ...quietReport(target, `Something changed, but nothing that holds “${settings.onlyIfContains}”.`),
      memory,
    };
  }
  return changeReport(page, target, { ...memory, noise: before.noise }, found);
}

/** A change counts when the first number has passed a threshold. Otherwise the page that was reported last stays the one to compare with. */
function thresholdLook(
  page: WatchedPage,
  before: WatchMemory,
  target: Target,
  terms: Terms,
  now: { memory: WatchMemory; found: Comparison },
): AgentReport {
  const { number } = now.memory;
  if (number === null) return quietReport(target, 'What is watched holds no number now.');
  const reported = watchedNumber(comparedLines(before.text, terms)) ?? number;
  const last = before.number ?? reported;
  if (!passesThreshold(number, { last, reported }, terms)) {
    const memory = { ...before, number };
    return { ...quietReport(target, `The number is ${number} now, which passes no threshold.`), memory };
  }
  // The number may be what it was when it was reported last, and have been another since.
  const since = { changes: [{ before: String(last), after: String(number) }], rows: [] };
  const found = now.found.changes.length === 0 ? since : now.found;
  return changeReport(page, target, { ...now.memory, noise: before.noise }, found);
}
