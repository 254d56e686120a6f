import { addressesMeant, LIMITS, storableText } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import type { PagePreview } from '../../../pagePreview';
import { AgentError } from '../../../shared/agentError';
import { comparedLines } from '../compare/compare';
import { NO_NOISE } from '../compare/noise';
import { type WatchSettings, watchSettingsSchema } from '../config';
import { loadPage, nameByAddress } from '../fetchPage';
import { ownRequestOf } from '../ownRequest';
import type { Answer, Part } from '../reading/readPage';
import { settingsOf, targetOf } from '../target';
import { outlinePageBounded, prepareToRead } from '../threads/pageThreads';
import { type KeptAnswer, keepAnswer, recallAnswer } from './answers';
import type { OutlinedPage } from './outline';
import { withoutSecrets } from './withoutSecrets';

export interface PreviewRun {
  /** The agent's own settings. */
  config: WatchSettings;
  /** What was typed so far for the task. */
  settings: Record<string, unknown>;
  /** Answers are kept for each user. */
  userId: string;
  signal: AbortSignal;
}

interface PreviewNeeds {
  addressPolicy: AddressPolicy;
  browserPath?: string | undefined;
}

const EXCERPT_CHARS_MAX = 2_000;
const TITLE_CHARS_MAX = 200;
const ITEMS_MAX = 10;
/** What is stored of a page, roughly. */
const STORED_CHARS_MAX = LIMITS.memoryBytesMax * 0.8;
/** How long a site has to answer to https where http may be meant. */
const HTTPS_MS = 5_000;

/**
 * Reads a page as a task would, and says what may be watched of it.
 * @throws AgentError with a code that begins with `watch_`; the signal's reason
 */
export async function previewPage(run: PreviewRun, needs: PreviewNeeds): Promise<PagePreview> {
  prepareToRead();
  const typed = readSettings(run.settings);
  const [address, otherwise] = typed.url === '' ? [run.config.url] : addressesMeant(typed.url);
  if (address === undefined) throw noAddress(typed.url);
  const look = (url: string, signal: AbortSignal) => previewOf({ ...run, typed, url, signal }, needs);
  if (otherwise === undefined) return (await look(address, run.signal)).preview;
  const inTime = AbortSignal.any([run.signal, AbortSignal.timeout(HTTPS_MS)]);
  try {
    return (await look(address, inTime)).preview;
  } catch (error) {
    run.signal.throwIfAborted();
    if (!isUnanswered(error)) throw error;
    const { preview, reachedUrl } = await look(otherwise, run.signal).catch(() => {
      throw error instanceof AgentError ? error : tooSlow(address);
    });
    const isOnlySlow = reachedUrl.startsWith('https:');
    return isOnlySlow
      ? { ...preview, url: address }
      : { ...preview, notes: [WITHOUT_HTTPS, ...preview.notes] };
  }
}

const WITHOUT_HTTPS =
  'The site does not answer over https. Over http, others on the way can read and change the page.';

const noAddress = (typed: string): AgentError =>
  new AgentError(
    typed === '' ? 'watch_not_configured' : 'watch_bad_url',
    'Enter the address of a page, such as https://example.com/news.',
  );

/** A certificate that is refused is an answer: it may be that of somebody in between. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof AgentError
    ? error.code === 'watch_unreachable'
    : error instanceof Error && error.name === 'TimeoutError';

const tooSlow = (address: string): AgentError =>
  new AgentError(
    'watch_timeout',
    `${new URL(address).host} has not answered within ${HTTPS_MS / 1_000} s. Check the address, or create the task: its runs wait longer.`,
  );

interface Typed {
  /** As it was typed; empty if it was not. */
  url: string;
  /** The other settings, without those that do not fit. */
  settings: WatchSettings;
  problems: Partial<Record<string, string>>;
}

/** Checks what was typed by the schema that will check it when the task is saved. */
function readSettings({ url, ...rest }: Record<string, unknown>): Typed {
  const known = { url: 'https://example.com/', ...rest };
  const parsed = watchSettingsSchema.safeParse(known);
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = Object.fromEntries(
    issues.toReversed().map(({ path, message }) => [String(path[0] ?? ''), sentence(message)]),
  );
  const fitting = Object.fromEntries(
    Object.entries(known).filter(([name]) => !Object.hasOwn(problems, name)),
  );
  const { url: _, ...settings } = watchSettingsSchema.parse(fitting);
  return { url: typeof url === 'string' ? url.trim() : '', settings, problems };
}

const sentence = (message: string): string =>
  /^[a-z]/.test(message) ? `This ${message}${message.endsWith('.') ? '' : '.'}` : message;

async function previewOf(
  run: Omit<PreviewRun, 'settings'> & { typed: Typed; url: string },
  { addressPolicy, browserPath }: PreviewNeeds,
): Promise<{ preview: PagePreview; reachedUrl: string }> {
  const { typed, url, signal } = run;
  const settings = settingsOf(run.config, { ...typed.settings, ...(typed.url === '' ? {} : { url }) });
  const target = targetOf(settings);
  const read = (answer: Answer, part: Part, until: AbortSignal) =>
    outlinePageBounded(answer, { ...part, selector: target.selector }, until);
  const own = ownRequestOf(settings);
  const key = JSON.stringify([run.userId, url, own]);
  const known = recallAnswer(key);
  const loaded =
    known === undefined
      ? await loadPage(
          { ...target, selector: null },
          null,
          { addressPolicy, browserPath, own, signal, isWhole: true },
          read,
        )
      : { ...known, page: await read(known.answer, target, signal) };
  if (loaded === 'unchanged') throw new Error('The whole page was asked for');
  const { page, ...answer } = loaded;
  keepAnswer(key, answer);
  return {
    preview: withoutSecrets(
      viewOf(page, url, settings, typed.problems, notesOf(page, url, answer)),
      own.secrets,
    ),
    reachedUrl: answer.reachedUrl,
  };
}

function viewOf(
  page: OutlinedPage,
  url: string,
  settings: WatchSettings,
  problems: Typed['problems'],
  notes: string[],
): PagePreview {
  const { kind, feed, outline } = page;
  const lines =
    kind === 'text' ? comparedLines(page.text, { ...settings, noise: NO_NOISE }) : page.text.split('\n');
  const text = lines.join('\n');
  return {
    url,
    kind,
    problems,
    notes,
    ...outline,
    title: storableText(page.title === '' ? nameByAddress(url) : page.title, TITLE_CHARS_MAX),
    text: storableText(text, EXCERPT_CHARS_MAX),
    lines: lines.length,
    chars: text.length,
    items:
      feed?.items
        .slice(0, ITEMS_MAX)
        .map(({ title, link }) => ({ title: storableText(title, TITLE_CHARS_MAX), link })) ?? [],
    itemCount: feed?.items.length ?? 0,
  };
}

function notesOf({ isCut, text }: OutlinedPage, url: string, answer: KeptAnswer): string[] {
  const [asked, reached] = [new URL(url), new URL(answer.reachedUrl)];
  return [
    ...(asked.host === reached.host ? [] : [`The address leads on to ${reached.host}.`]),
    ...(isCut ? ['The page is so long that only its beginning is read. Choose a part of it.'] : []),
    ...(!isCut && text.length > STORED_CHARS_MAX
      ? ['The page is so long that only its beginning is compared. Choose a part of it.']
      : []),
    ...(answer.isRendered ? ['Scripts fill this page, so each run reads it with a browser.'] : []),
  ];
}
