import { storableText } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { redact, responseDetails } from '@everbeat/outgoing';
import { AgentError } from '../../shared/agentError';
import { type SafeRequest, type SafeResponse, safeFetch } from '../../shared/safeFetch';
import { shownAddress } from '../../shared/shownAddress';
import { findBrowser } from './browser/findBrowser';
import { renderPage } from './browser/pageBrowser';
import type { WatchMemory } from './memory';
import type { OwnRequest } from './ownRequest';
import {
  assertIsPage,
  assertNeedsNoBrowser,
  assertNoErrorTitle,
  assertNoJsonFault,
  assertNotEmpty,
  assertNoWall,
  HEAD_CHARS,
} from './pageFault';
import { inTurn } from './perHost';
import { type Answer, PAGE_BYTES_MAX, type Reading } from './reading/readPage';
import { refreshTarget } from './refresh';
import type { Target } from './target';
import { readPageBounded } from './threads/pageThreads';
import type { Validators, WatchedPage } from './watchedPage';

/** What a fetch needs to know of the look before. */
export type Remembered = Validators & Pick<WatchMemory, 'title' | 'text' | 'isRendered'>;

/** As many as browsers follow. */
const REDIRECTS_MAX = 20;
/** Only a crafted page of 2 MB gives more text than this. */
const TEXT_CHARS_MAX = 4_000_000;

interface FetchOptions {
  addressPolicy: AddressPolicy;
  /** What the operator says about the browser for pages that scripts fill (`BROWSER_PATH`). */
  browserPath: string | undefined;
  /** What the requests carry beside their own headers. */
  own: OwnRequest;
  signal: AbortSignal;
  /** The page is asked for, whatever the server thinks of whether it has changed. */
  isWhole: boolean;
  /** It was read in a browser before, and is again. */
  isRendered?: boolean;
  /** A browser that reads it takes a picture too. */
  takesPicture?: boolean;
}

/**
 * The page, or `unchanged` when the server itself says so.
 * @throws AgentError with a code that begins with `watch_`
 */
export async function fetchPage(
  target: Target,
  before: Remembered | null,
  options: FetchOptions,
): Promise<(WatchedPage & { picture: Uint8Array | null }) | 'unchanged'> {
  const loaded = await loadPage(target, before, options, readPageBounded);
  if (loaded === 'unchanged') return loaded;
  const { needsBrowser: _, ...page } = loaded.page;
  const { isRendered, picture } = loaded;
  return { ...page, isRendered, picture };
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
  /** How a browser showed it (JPEG), where one did. */
  picture: Uint8Array | null;
}

/**
 * The same, read by `read`, with what it was read from.
 * @throws AgentError with a code that begins with `watch_`
 */
export async function loadPage<Read extends Reading>(
  target: Target,
  before: Remembered | null,
  options: FetchOptions,
  read: ReadAnswer<Read>,
): Promise<LoadedPage<Read> | 'unchanged'> {
  const validators = options.isWhole ? null : before;
  const response = await answered(target.url, validators, options);
  if (response === 'unchanged') return response;
  const where = { url: response.url, known: before?.title ?? null };
  assertNoErrorTitle(headOf(response), where);
  const { reading, answer, isRendered, picture } = await readAnswer(response, target, before, options, read);
  const { kind, title, text } = reading;
  const isNull = kind === 'json' && target.selector === null && /^(?:null|"")$/.test(text);
  // A part that was watched before may be emptied, and a feed may have no items.
  if (kind !== 'feed' && (target.selector === null || before === null))
    assertNotEmpty(isNull ? '' : text, response.url);
  assertIsPage({ title, text }, where);
  if (kind === 'json' && before !== null) assertNoJsonFault(text, before.text, response.url);
  const page = {
    ...reading,
    title: title === '' ? nameByAddress(target.url) : title,
    text: storableText(text, TEXT_CHARS_MAX),
    // Those of a page that was not the first one asked for are of that page alone.
    ...(isRendered || response.isLedOn
      ? { etag: null, lastModified: null }
      : validatorsOf(response, text, before)),
  };
  return { page, answer, reachedUrl: response.url, isRendered, picture };
}

interface LedResponse extends SafeResponse {
  /** Whether a page led on to it by itself. */
  isLedOn: boolean;
}

/** What the server sends for the page, if that is a page. */
async function answered(
  url: string,
  validators: Validators | null,
  { addressPolicy, own, signal }: FetchOptions,
): Promise<LedResponse | 'unchanged'> {
  let isLedOn = false;
  const leadsTo = (answer: SafeResponse): string | null => {
    const next = refreshTarget(answer);
    isLedOn ||= next !== null;
    return next;
  };
  const response = await inTurn(new URL(url).host, signal, () =>
    safeFetch({ ...requestFor(url, validators, own, { addressPolicy, signal }), leadsTo }),
  );
  if (response.status === 304 && validators !== null) return 'unchanged';
  // 206: a part that nobody asked for.
  if (response.status < 200 || response.status > 299 || response.status === 206) {
    assertNoWall(response, headOf(response));
    throw statusError(response, url, own);
  }
  assertNotEmpty(headOf(response), response.url);
  assertNoWall(response, headOf(response));
  return { ...response, isLedOn };
}

/** Reads what was sent, in a browser where scripts have to fill it, or have before. */
async function readAnswer<Read extends Reading>(
  response: SafeResponse,
  target: Target,
  before: Remembered | null,
  { addressPolicy, browserPath, own, signal, isRendered = false, takesPicture = false }: FetchOptions,
  read: ReadAnswer<Read>,
): Promise<Pick<LoadedPage<Read>, 'answer' | 'isRendered' | 'picture'> & { reading: Read }> {
  const sent = answerOf(response);
  const plain = await read(sent, target, signal);
  const wantsBrowser = plain.needsBrowser !== 'none' || (isRendered && plain.kind === 'text');
  const path = wantsBrowser ? findBrowser(browserPath) : null;
  const facts = { url: response.url, selector: target.selector, before, wasTried: path !== null };
  if (path === null) {
    assertNeedsNoBrowser(plain.needsBrowser, facts);
    return { reading: withoutSecrets(plain, own.secrets), answer: sent, isRendered: false, picture: null };
  }
  const { answer, picture } = await renderedAnswer(response.url, {
    path,
    policy: addressPolicy,
    signal,
    own: { ...own, origin: new URL(target.url).origin },
    pictureOf: takesPicture ? { selector: target.selector } : null,
  });
  const reading = withoutSecrets(await read(answer, target, signal), own.secrets);
  assertNeedsNoBrowser(reading.needsBrowser, facts);
  return { reading, answer, isRendered: true, picture };
}

/** The page as its scripts have filled it. */
async function renderedAnswer(
  url: string,
  options: Parameters<typeof renderPage>[1],
): Promise<{ answer: Answer; picture: Uint8Array | null }> {
  const { html, url: reached, picture } = await renderPage(url, options);
  assertNoWall({ headers: new Headers(), url: reached }, html);
  const answer = {
    bytes: Buffer.from(html),
    isCut: false,
    contentType: 'text/html; charset=utf-8',
    host: new URL(reached).host,
  };
  return { answer, picture };
}

/** The name of a page that has no title. */
export const nameByAddress = (url: string): string => shownAddress(url).replace(/^https?:\/\/|\/$/g, '');

/** Pages that tell what they were sent must not bring it into reports and memories. */
function withoutSecrets<Read extends Reading>(reading: Read, secrets: readonly string[]): Read {
  if (secrets.length === 0) return reading;
  const clean = (text: string): string => redact(text, secrets);
  const items = reading.feed?.items.map(({ id, title, link }) => ({
    id: clean(id),
    title: clean(title),
    link: link === null ? null : clean(link),
  }));
  const feed = reading.feed && { title: clean(reading.feed.title), items: items ?? [] };
  return { ...reading, title: clean(reading.title), text: clean(reading.text), feed };
}

const requestFor = (
  url: string,
  validators: Validators | null,
  { userAgent, ...own }: OwnRequest,
  { addressPolicy, signal }: Pick<FetchOptions, 'addressPolicy' | 'signal'>,
): SafeRequest => ({
  url,
  method: 'GET',
  headers: {
    accept: 'text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8,*/*;q=0.5',
    'user-agent': userAgent ?? 'Everbeat (+watch)',
    ...(validators?.etag ? { 'if-none-match': validators.etag } : {}),
    ...(validators?.lastModified ? { 'if-modified-since': validators.lastModified } : {}),
  },
  own,
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
  contentEncoding: headers.get('content-encoding') ?? '',
  host: new URL(url).host,
});

function statusError({ status, headers, url }: SafeResponse, typed: string, own: OwnRequest): AgentError {
  const { host, origin } = new URL(url);
  const typedOrigin = new URL(typed).origin;
  const isRefused = status === 401 || status === 403;
  const remedy = isRefused ? accessRemedy(origin, typedOrigin, own) : remedyFor(status);
  // A login that is over lets nobody in until a person has entered it anew.
  const isLoginOver = isRefused && signsIn(own) && origin === typedOrigin;
  return new AgentError(`watch_http_${status}`, `${host} answered with status ${status}. ${remedy}`, {
    ...(isLoginOver && { failureClass: 'needs-person' }),
    ...responseDetails(status, headers),
    farSide: host,
  });
}

const signsIn = ({ headers, cookies }: OwnRequest): boolean =>
  Object.keys({ ...headers, ...cookies }).length > 0;

function accessRemedy(origin: string, typedOrigin: string, own: OwnRequest): string {
  if (!signsIn(own))
    return 'The page is not open to everyone; watch one that is, or set the headers or cookies that let you in.';
  return origin === typedOrigin
    ? 'The headers and cookies that are set do not let you in: they may have run out; enter them anew.'
    : `Your headers and cookies are sent to ${typedOrigin} alone, which redirects to ${origin}: watch the address there.`;
}

function remedyFor(status: number): string {
  if (status === 404 || status === 410) return 'The page does not exist; check the address.';
  if (status === 429) return 'The server is asked too often; wake the task less often.';
  if (status >= 500) return 'The server has a problem; the page is fetched again on the next run.';
  return 'Open the address in a browser and check it.';
}
