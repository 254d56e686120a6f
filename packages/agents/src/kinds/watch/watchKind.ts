import { LIMITS, storableText } from '@everbeat/domain';
import { defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import type { AddressPolicy } from '../../shared/addressRules';
import { assertAddressAllowed } from '../../shared/config';
import { escapeMarkdown, fenced } from '../../shared/markdown';
import { watchConfigSchema, watchSettingsSchema } from './config';
import { type Difference, difference } from './difference';
import { fetchPage, type WatchedPage } from './fetchPage';
import { hashOf, recall, remember, type WatchMemory } from './memory';
import { type Target, targetOf } from './target';

const EXCERPT_CHARS_MAX = 2_000;
const TITLE_SHOWN_CHARS_MAX = 120;

interface WatchNeeds {
  addressPolicy: AddressPolicy;
}

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
  farSideOf: (config, settings) => hostOf(settings?.url ?? config.url),
  async run({ config, settings, memory, signal }, { addressPolicy }) {
    const target = targetOf(settings ?? config);
    const before = recall(memory, target);
    const page = await fetchPage(target, before, addressPolicy, signal);
    if (page === 'unchanged' || hashOf(page.text) === before?.hash) return unchanged(target);
    return before === null ? firstLook(page, target) : changed(page, before, target);
  },
});

const hostOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).host;

function unchanged(target: Target): AgentOutcome {
  return { kind: 'done', title: 'No change', content: `No change on ${describe(target)}.` };
}

function firstLook(page: WatchedPage, target: Target): AgentOutcome {
  const memory = remember(page, target);
  const lines = page.text === '' ? 0 : page.text.split('\n').length;
  const content = [
    `Watching ${describe(target)} from now on: **${escapeMarkdown(nameOf(page))}**, ${lines} ${lines === 1 ? 'line' : 'lines'}, ${page.text.length} characters of text.`,
    ...(memory.cut ? [cutNote(memory)] : []),
    ...(page.text === ''
      ? []
      : ['It begins:', fenced(page.text.slice(0, EXCERPT_CHARS_MAX).toWellFormed(), 'text')]),
  ].join('\n\n');
  return {
    kind: 'done',
    title: storableText(`Watching ${nameOf(page)}`, LIMITS.nameCharsMax),
    content,
    memory,
  };
}

function changed(page: WatchedPage, before: WatchMemory, target: Target): AgentOutcome {
  const memory = remember(page, target);
  const change = difference(before.text, memory.text);
  const title = storableText(`${nameOf(page)}: ${amountOf(change)}`, LIMITS.briefTitleCharsMax);
  const summary = storableText(
    [`Changed: ${describe(target)}`, explain(change, page), ...(memory.cut ? [cutNote(memory)] : [])].join(
      '\n\n',
    ),
    LIMITS.briefSummaryCharsMax,
  );
  return {
    kind: 'done',
    title,
    content: summary,
    briefs: [{ type: 'insight', priority: 'normal', title, summary }],
    memory,
  };
}

function amountOf(found: Difference | null): string {
  if (found === null) return 'changed throughout';
  const { linesAdded, linesRemoved } = found;
  if (linesAdded + linesRemoved === 0) return 'changed further down';
  return `${linesAdded} ${linesAdded === 1 ? 'line' : 'lines'} added, ${linesRemoved} removed`;
}

function explain(found: Difference | null, page: WatchedPage): string {
  if (found === null) {
    return `Too much changed to show it line by line. The page now begins:\n\n${fenced(page.text.slice(0, EXCERPT_CHARS_MAX).toWellFormed(), 'text')}`;
  }
  if (found.linesAdded + found.linesRemoved === 0)
    return 'The change is beyond the part of the page that is stored.';
  return found.markdown;
}

const cutNote = (memory: WatchMemory): string =>
  `The page is long: only its first ${memory.text.length} characters are stored and compared line by line. A selector narrows it.`;

const nameOf = (page: WatchedPage): string => storableText(page.title, TITLE_SHOWN_CHARS_MAX);

/** Without query and fragment, which may contain a key. */
function describe({ url, selector }: Target): string {
  const { origin, pathname } = new URL(url);
  const part = selector === null ? '' : ` (${escapeMarkdown(selector)})`;
  return `<${origin}${pathname}>${part}`;
}
