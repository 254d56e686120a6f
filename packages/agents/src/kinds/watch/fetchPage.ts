import { storableText } from '@everbeat/domain';
import type { AddressPolicy } from '../../shared/addressRules';
import { AgentError } from '../../shared/agentError';
import { responseDetails } from '../../shared/retryAfter';
import { type SafeRequest, type SafeResponse, safeFetch } from '../../shared/safeFetch';
import { shownAddress } from '../../shared/shownAddress';
import { findBrowser } from './browser/findBrowser';
import { renderPage } from './browser/pageBrowser';
import type { WatchMemory } from './memory';
import {
  assertIsPage,
  assertNeedsNoBrowser,
  assertNoErrorTitle,
  assertNotEmpty,
  assertNoWall,
  HEAD_CHARS,
} from './pageFault';
import { inTurn } from './perHost';
import { type Answer, PAGE_BYTES_MAX, type Reading } from './reading/readPage';
import { readPageBounded } from './reading/readPageBounded';
import type { Target } from './target';

/** What a server sent with a page, for later requests that ask whether the page has changed. */
export type Validators = Pick<WatchMemory, 'etag' | 'lastModified'>;

/** What a fetch needs to know of the look before. */
export type Remembered = Validators & Pick<WatchMemory, 'title' | 'text'>;

/** A page as it is compared. */
export interface WatchedPage extends Validators, Omit<Reading, 'needsBrowser'> {}

/** As many as browsers follow. */
const REDIRECTS_MAX = 20;
/** Only a crafted page of 2 MB gives more text than this. */
const TEXT_CHARS_MAX = 4_000_000;

interface FetchOptions {
  addressPolicy: AddressPolicy;
  /** What the operator says about the browser for pages that scripts fill (`BROWSER_PATH`). */
  browserPath: string | undefined;
  signal: AbortSignal;
  /** The page is asked for, whatever the server thinks of whether it has changed. */
  isWhole: boolean;
}

/**
 * The page, or `unchanged` when the server itself says so.
 * @throws AgentError with a code that begins with `watch_`
 */
export async function fetchPage(
  target: Target,
  before: Remembered | null,
  options: FetchOptions,
): Promise<WatchedPage | 'unchanged'> {
  const loaded = await loadPage(target, before, options, readPageBounded);
  if (loaded === 'unchanged') return loaded;
  const { needsBrowser: _, ...page } = loaded.page;
  return page;
}

/** Reads an answer, or a part of it. */
type ReadAnswer<Read extends Reading> = (answer: Answer, part: Target, signal: AbortSignal) => Promise<Read>;

export interface LoadedPage<Read extends Reading> {
  page: Read & Validators;
  /** What it was read from, and where redirects led. */
  answer: Answer;
  reachedUrl: string;
  /** Whether scripts have filled it. */
  isRendered: boolean;
}

/**
 * The same, read by `read`, with what it was read from.
 * @throws AgentError with a code that begins with `watch_`
 */
export async function loadPage<Read extends Reading>(
  target: Target,
  before: Remembered | null,
  { addressPolicy, browserPath, signal, isWhole }: FetchOptions,
  read: ReadAnswer<Read>,
): Promise<LoadedPage<Read> | 'unchanged'> {
  const validators = isWhole ? null : before;
  const response = await inTurn(new URL(target.url).host, signal, () =>
    safeFetch(requestFor(target.url, validators, addressPolicy, signal)),
  );
  if (response.status === 304 && validators !== null) return 'unchanged';
  if (response.status < 200 || response.status > 299) {
    assertNoWall(response, headOf(response));
    throw statusError(response);
  }
  assertNotEmpty(headOf(response), response.url);
  assertNoWall(response, headOf(response));
  const where = { url: response.url, known: before?.title ?? null };
  assertNoErrorTitle(headOf(response), where);
  const sent = answerOf(response);
  const plain = await read(sent, target, signal);
  const path = plain.needsBrowser ? findBrowser(browserPath) : null;
  const answer =
    path === null ? sent : await renderedAnswer(response.url, { path, policy: addressPolicy, signal });
  const reading = path === null ? plain : await read(answer, target, signal);
  const { needsBrowser, title, text } = reading;
  assertNeedsNoBrowser(needsBrowser, response.url, { isFirst: before === null, wasTried: path !== null });
  // A part that was watched before may be emptied, and a feed may have no items.
  if (reading.kind !== 'feed' && (target.selector === null || before === null))
    assertNotEmpty(text, response.url);
  assertIsPage({ title, text }, where);
  const page = {
    ...reading,
    title: title === '' ? nameByAddress(target.url) : title,
    text: storableText(text, TEXT_CHARS_MAX),
    // Those of a page that scripts fill are of its empty frame.
    ...(path === null ? validatorsOf(response, text, before) : { etag: null, lastModified: null }),
  };
  return { page, answer, reachedUrl: response.url, isRendered: path !== null };
}

/** The page as its scripts have filled it. */
async function renderedAnswer(url: string, options: Parameters<typeof renderPage>[1]): Promise<Answer> {
  const { html, url: reached } = await renderPage(url, options);
  return {
    ...{ bytes: Buffer.from(html), isCut: false, contentType: 'text/html; charset=utf-8' },
    host: new URL(reached).host,
  };
}

/** Of a page without a title. */
const nameByAddress = (url: string): string => shownAddress(url).replace(/^https?:\/\/|\/$/g, '');

const requestFor = (
  url: string,
  validators: Validators | null,
  addressPolicy: AddressPolicy,
  signal: AbortSignal,
): SafeRequest => ({
  url,
  method: 'GET',
  headers: {
    accept: 'text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8,*/*;q=0.5',
    'user-agent': 'Everbeat (+watch)',
    ...(validators?.etag ? { 'if-none-match': validators.etag } : {}),
    ...(validators?.lastModified ? { 'if-modified-since': validators.lastModified } : {}),
  },
  signal,
  bodyBytesMax: PAGE_BYTES_MAX,
  isLongBodyCut: true,
  addressPolicy,
  redirectsMax: REDIRECTS_MAX,
  codePrefix: 'watch',
});

/** None where they stay the same although the page is another one: they say nothing. */
function validatorsOf({ headers }: SafeResponse, text: string, before: Remembered | null): Validators {
  const now = { etag: headers.get('etag'), lastModified: headers.get('last-modified') };
  const isAnother = before !== null && before.text !== text;
  const isSame = before !== null && now.etag === before.etag && now.lastModified === before.lastModified;
  return isAnother && isSame ? { etag: null, lastModified: null } : now;
}

const headOf = ({ body }: SafeResponse): string => new TextDecoder().decode(body.subarray(0, HEAD_CHARS + 1));

const answerOf = ({ headers, body, isCut, url }: SafeResponse): Answer => ({
  bytes: body,
  isCut,
  contentType: headers.get('content-type') ?? '',
  host: new URL(url).host,
});

function statusError({ status, headers, url }: SafeResponse): AgentError {
  const { host } = new URL(url);
  return new AgentError(
    `watch_http_${status}`,
    `${host} answered with status ${status}. ${remedyFor(status)}`,
    { ...responseDetails(status, headers), farSide: host },
  );
}

function remedyFor(status: number): string {
  if (status === 401 || status === 403) return 'The page is not open to everyone; watch one that is.';
  if (status === 404 || status === 410) return 'The page does not exist; check the address.';
  if (status === 429) return 'The server is asked too often; wake the task less often.';
  if (status >= 500) return 'The server has a problem; the page is fetched again on the next run.';
  return 'Open the address in a browser and check it.';
}
