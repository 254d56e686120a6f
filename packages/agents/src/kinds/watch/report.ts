import { LIMITS, storableText } from '@everbeat/domain';
import type { AgentBrief, AgentReport } from '../../port';
import { escapeMarkdown, fenced } from '../../shared/markdown';
import { shownAddress } from '../../shared/shownAddress';
import type { Comparison } from './compare/compare';
import { headlineOf } from './compare/headline';
import { ignorableOf } from './compare/ignorable';
import type { Change } from './compare/lines';
import { isQuiet, type Noise } from './compare/noise';
import { changeList, diffBlock } from './compare/render';
import type { WatchMemory } from './memory';
import type { Target } from './target';
import type { WatchedPage } from './watchedPage';

const EXCERPT_CHARS_MAX = 2_000;
const TITLE_SHOWN_CHARS_MAX = 120;
/** Below the limit of a summary, to leave room for the sentences around it. */
const NOISE_SHOWN_MAX = 10;

export const quietReport = (target: Target, why = `No change on ${describe(target)}.`): AgentReport => ({
  title: 'No change',
  content: why,
});

/**
 * The report of a first look: what is watched, how it begins, and what is left out because it changes by
 * itself.
 */
export function firstReport(
  page: WatchedPage,
  target: Target,
  memory: WatchMemory,
  { noise, isAnew }: { noise: Noise; isAnew: boolean },
): AgentReport {
  const content = [
    ...(isAnew
      ? ['This version of Everbeat reads and compares pages in another way, so it begins anew.']
      : []),
    `Watching ${describe(target)} from now on: **${escapeMarkdown(nameOf(page))}**, ${sizeOf(page)}.`,
    ...(memory.cut ? [cutNote(memory)] : []),
    ...(page.isCut ? ['The page is so long that only its beginning was read.'] : []),
    ...noiseNote(noise),
    ...(page.text === '' ? [] : ['It begins:', fenced(excerptOf(page.text), 'text')]),
  ].join('\n\n');
  const title = storableText(`Watching ${nameOf(page)}`, LIMITS.nameCharsMax);
  return { title, content, memory, taskName: nameOf(page) };
}

function sizeOf({ kind, feed, text }: WatchedPage): string {
  if (feed !== null)
    return `a feed of ${counted(feed.items.length, 'item')}. New items are reported, each once`;
  if (kind === 'json') return `JSON of ${text.length} characters`;
  return `${counted(text === '' ? 0 : text.split('\n').length, 'line')}, ${text.length} characters of text`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function noiseNote(noise: Noise): string[] {
  if (isQuiet(noise)) return [];
  const places = [
    ...noise.patterns.map((pattern) => `what matches \`${pattern.replaceAll('`', "'")}\``),
    ...noise.regions.map(({ above, below }) =>
      below === null ? `what follows “${above ?? ''}”` : `what is above “${below}”`,
    ),
    ...noise.paths.map((path) => `\`${path.replaceAll('`', "'")}\``),
  ];
  const shown = places.slice(0, NOISE_SHOWN_MAX).map((place) => `* ${place}`);
  const more = places.length > NOISE_SHOWN_MAX ? [`* … and ${places.length - NOISE_SHOWN_MAX} more`] : [];
  return [
    `Some of it changed within seconds, by itself, and is left out (to have it reported, edit the task: More for this agent → Clocks, counters and advertisements):\n\n${[...shown, ...more].join('\n')}`,
  ];
}

/** The report of a change, and its brief. `memory` still names the picture of the page before. */
export function changeReport(
  page: WatchedPage,
  target: Target,
  memory: WatchMemory,
  found: Comparison & { pictureId: string | null },
): AgentReport {
  const title = storableText(`${nameOf(page)}: ${headline(found)}`, LIMITS.briefTitleCharsMax);
  const summary = storableText(
    [
      `Changed: ${describe(target)}`,
      ...(found.rows === null || found.changes.length === 0 ? [] : [changeList(found.changes)]),
      ...differenceOf(found, page),
      ...(memory.cut ? [cutNote(memory)] : []),
    ].join('\n\n'),
    LIMITS.briefSummaryCharsMax,
  );
  const { pictureId } = found;
  const pictures = pictureId === null ? [] : [memory.pictureId, pictureId].filter((id) => id !== null);
  const brief = {
    ...briefOf(title, summary, target, found.changes),
    ...(pictures.length > 0 ? { pictures } : {}),
  };
  return { title, content: summary, briefs: [brief], memory: { ...memory, pictureId } };
}

function briefOf(title: string, summary: string, { url }: Target, changes: readonly Change[]): AgentBrief {
  const adds = ignorableOf(changes);
  return {
    type: 'insight',
    priority: 'normal',
    title,
    summary,
    purpose: 'change',
    actions: [
      { key: 'acknowledge', label: 'Done' },
      ...(url.length <= LIMITS.briefActionUrlCharsMax ? [{ key: 'open', label: 'Open page', url }] : []),
      ...(adds === null ? [] : [{ key: 'ignore', label: 'Stop reporting changes of this part', adds }]),
      { key: 'dismiss', label: 'Dismiss' },
    ],
  };
}

function headline({ changes, rows }: Comparison): string {
  if (rows === null) return 'changed throughout';
  return changes.length === 0 ? 'changed further down' : headlineOf(changes);
}

function differenceOf({ changes, rows }: Comparison, page: WatchedPage): string[] {
  if (rows === null) {
    return [
      `Too much changed to show it line by line. The page now begins:\n\n${fenced(excerptOf(page.text), 'text')}`,
    ];
  }
  if (changes.length === 0) return ['The change is beyond the part of the page that is stored.'];
  return rows.length === 0 ? [] : [diffBlock(rows)];
}

const excerptOf = (text: string): string => text.slice(0, EXCERPT_CHARS_MAX).toWellFormed();

const cutNote = (memory: WatchMemory): string =>
  `The page is long: only its first ${memory.text.length} characters are stored and compared line by line. A selector narrows it.`;

const nameOf = (page: WatchedPage): string => storableText(page.title, TITLE_SHOWN_CHARS_MAX);

function describe({ url, selector }: Target): string {
  const part = selector === null ? '' : ` (${escapeMarkdown(selector)})`;
  return `<${shownAddress(url)}>${part}`;
}
