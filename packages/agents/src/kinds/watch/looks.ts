import type { AgentReport } from '../../port';
import { withoutAges } from './compare/ages';
import { type Comparison, compare, comparedLines, type Terms } from './compare/compare';
import { seenWith } from './compare/feed';
import { foldedLines } from './compare/fold';
import { jsonNoiseIn, NO_NOISE, type Noise, noiseIn } from './compare/noise';
import { hasThreshold, isWanted, passesThreshold, watchedNumber } from './compare/rules';
import type { WatchSettings } from './config';
import { remember, type WatchMemory } from './memory';
import { changeReport, firstReport, quietReport } from './report';
import type { Target } from './target';
import type { WatchedPage } from './watchedPage';

/** A page that was read, and what is wanted of it. Plain data, because it is handed to another thread. */
export interface Look {
  page: WatchedPage;
  target: Target;
  settings: WatchSettings;
  /** The id of the picture that was taken of the page; null where none was. */
  pictureId: string | null;
}

export interface FirstLook extends Look {
  /** The texts of three looks, some seconds apart. Null: it did not change between them, or was read once. */
  texts: Texts | null;
  /** Whether an earlier version of Everbeat remembered the page in another form. */
  isAnew: boolean;
}
export type Texts = readonly [string, string, string];

export interface LaterLook extends Look {
  before: WatchMemory;
}

/** The report of a page that nothing is remembered of. */
export function firstLook({ page, target, settings, pictureId, texts, isAnew }: FirstLook): AgentReport {
  const noise = texts === null ? NO_NOISE : noiseOf(page, texts);
  const memory = { ...memoryOf(page, target, { ...settings, noise }), pictureId };
  return firstReport(page, target, memory, { noise, isAnew });
}

/** A feed has no noise: its items are known by their ids. */
function noiseOf({ kind }: WatchedPage, texts: Texts): Noise {
  if (kind === 'feed') return NO_NOISE;
  if (kind === 'json') return jsonNoiseIn(texts);
  const [first, second, third] = texts;
  return noiseIn([foldedLines(first), foldedLines(second), foldedLines(third)]);
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
  const compared = lines.join('\n');
  return remember(page, terms.includeNoise ? compared : withoutAges(compared), target, {
    seen,
    noise: terms.noise,
    number: watchedNumber(lines),
  });
}

/** The report of a page that is remembered: what has changed, if that is wanted. */
export function laterLook({ page, before, target, settings, pictureId }: LaterLook): AgentReport {
  const terms: Terms = { ...settings, noise: settings.includeNoise === true ? NO_NOISE : before.noise };
  const memory = { ...memoryOf(page, target, terms, before.seen), pictureId: before.pictureId };
  const found = compare(before, { ...page, text: memory.text }, terms);
  const isSame =
    found.rows !== null &&
    found.changes.length === 0 &&
    (!memory.cut || page.kind === 'feed' || memory.hash === before.hash);
  if (hasThreshold(settings) && (!isSame || memory.number !== before.number))
    return thresholdLook(page, before, target, terms, { memory, found, pictureId });
  if (isSame) return quietReport(target);
  if (!isWanted(found.changes, settings)) {
    return {
      ...quietReport(target, `Something changed, but nothing that holds “${settings.onlyIfContains}”.`),
      memory,
    };
  }
  return changeReport(page, target, { ...memory, noise: before.noise }, { ...found, pictureId });
}

/**
 * A change counts when the first number has passed a threshold. Otherwise the page that was reported last
 * stays the one to compare with.
 */
function thresholdLook(
  page: WatchedPage,
  before: WatchMemory,
  target: Target,
  terms: Terms,
  now: { memory: WatchMemory; found: Comparison; pictureId: string | null },
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
  const { pictureId } = now;
  return changeReport(page, target, { ...now.memory, noise: before.noise }, { ...found, pictureId });
}
