import { LIMITS, storableText } from '@everbeat/domain';
import type { AgentOutcome, AgentRuntime } from '../../port';
import type { AddressPolicy } from '../../shared/addressPolicy';
import { failureOf } from '../../shared/agentError';
import { assertAddressAllowed, parseConfig } from '../../shared/config';
import { guardRun } from '../../shared/guardRun';
import { escapeMarkdown, fenced } from '../../shared/markdown';
import { watchConfigSchema } from './config';
import { type Difference, difference } from './difference';
import { fetchPage, type WatchedPage } from './fetchPage';
import { hashOf, recall, remember, type WatchMemory } from './memory';
import { type Target, targetOf } from './target';

const EXCERPT_CHARS_MAX = 2_000;
const TITLE_SHOWN_CHARS_MAX = 120;

/** Looks at a page and tells what changed since the run before (API.md, "The watch agent"). It needs no model and no key. */
export function createWatchRuntime({ addressPolicy }: { addressPolicy: AddressPolicy }): AgentRuntime {
  const parse = (config: unknown) => parseConfig(watchConfigSchema, 'watch', config);
  return {
    kind: 'watch',
    checkConfig(config) {
      const checked = parse(config);
      assertAddressAllowed(checked.url, addressPolicy);
      return checked;
    },
    async run(request) {
      try {
        const config = parse(request.config);
        const target = targetOf(request, config);
        const kept = recall(request.memory, target);
        const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: 'watch' };
        return await guardRun(request, limit, async (signal) => {
          const page = await fetchPage(target, kept, addressPolicy, signal);
          if (page === 'unchanged' || hashOf(page.text) === kept?.hash) return unchanged(target);
          return kept === null ? firstLook(page, target) : changed(page, kept, target);
        });
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

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

function changed(page: WatchedPage, kept: WatchMemory, target: Target): AgentOutcome {
  const memory = remember(page, target);
  const found = difference(kept.text, memory.text);
  const title = storableText(`${nameOf(page)}: ${amountOf(found)}`, LIMITS.briefTitleCharsMax);
  const summary = storableText(
    [`Changed: ${describe(target)}`, explain(found, page), ...(memory.cut ? [cutNote(memory)] : [])].join(
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
    return 'The change is beyond the part of the page that is kept.';
  return found.markdown;
}

const cutNote = (memory: WatchMemory): string =>
  `The page is long: only its first ${memory.text.length} characters are kept for comparing line by line. A selector narrows it.`;

const nameOf = (page: WatchedPage): string => storableText(page.title, TITLE_SHOWN_CHARS_MAX);

/** Without query and fragment, which may hold a key. */
function describe({ url, selector }: Target): string {
  const { origin, pathname } = new URL(url);
  const part = selector === null ? '' : ` (${escapeMarkdown(selector)})`;
  return `<${origin}${pathname}>${part}`;
}
