import type { RunErrorCode } from '@everbeat/domain';
import { AgentError } from '../../shared/agentError';
import type { SafeResponse } from '../../shared/safeFetch';

/** How far into a page its signs are looked for. */
export const HEAD_CHARS = 30_000;
/** A page with more text is a page, whatever its title. */
const FAULT_TEXT_CHARS_MAX = 3_000;
const WALL_TEXT_CHARS_MAX = 1_000;

/** Titles, whole, of the pages that services against bots show instead of the one that was asked for. */
const WALL_TITLES =
  /^(just a moment|attention required! ?\| ?cloudflare|access denied|access to this page has been denied|pardon our interruption|are you (a )?(human|robot)|checking your browser.*|ddos-guard|robot check|bot verification|(human|security) verification|security check(point)?|verify(ing)? (that )?you are (a )?human|one moment, please|client challenge|vercel security checkpoint|request unsuccessful|you have been blocked|captcha)[.…?! ]*$/i;
/** In pages that hold little else; ordinary pages of protected sites have some of them too. */
const WALL_SIGNS =
  /window\._cf_chl_opt|_Incapsula_Resource|captcha-delivery\.com|id=["']px-captcha|AwsWafIntegration/i;

/** Titles, or first lines, of pages that say that something is broken although their status says success. */
const ERROR_TITLES =
  /^(?:(?:error\W*)?(?:404|410|50[0-4]|52\d)\b\W*(?:error|not found|page not found|gone|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)?|(?:page )?not found|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|error establishing a database connection|database (?:connection )?error|(?:site |we(?:'|’)re |we are )?(?:under|down for) (?:scheduled )?maintenance|(?:scheduled )?maintenance(?: mode)?|too many connections|(?:an? )?(?:server |internal |unknown |unexpected )?error(?: (?:has )?occurred)?|(?:oops\W+)?something went wrong|(?:we(?:'|’)ll|we will) be (?:right )?back(?: (?:soon|shortly))?|(?:(?:the |this )?(?:web)?site is )?temporarily (?:unavailable|offline))[.!… ]*(?:[|–—-] .*)?$/i;

/**
 * Refuses what a service against bots sends instead of the page.
 * @throws AgentError `watch_bot_wall`
 */
export function assertNoWall({ headers, url }: SafeResponse, source: string): void {
  const head = source.slice(0, HEAD_CHARS);
  const title = titleIn(head);
  const isWall =
    headers.get('cf-mitigated') === 'challenge' ||
    WALL_TITLES.test(title) ||
    (source.length <= HEAD_CHARS && WALL_SIGNS.test(head) && textOf(head).length <= WALL_TEXT_CHARS_MAX);
  if (!isWall) return;
  throw fault(
    'watch_bot_wall',
    url,
    'shows a page against robots instead of the one that is watched. Look less often, ask its operator to let Everbeat in, or watch a feed or an API of the site.',
  );
}

const titleIn = (html: string): string =>
  /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';

/** Roughly the text of a page, with its title. */
const textOf = (html: string): string =>
  html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^>]*>/g, '\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/**
 * Refuses an answer that holds nothing, which is no change of the page.
 * @throws AgentError `watch_empty`
 */
export function assertNotEmpty(text: string, url: string): void {
  if (text.trim() !== '') return;
  throw fault(
    'watch_empty',
    url,
    'answered without any text. The page may be filled by scripts, which only a browser runs, or the server has a problem.',
  );
}

/**
 * Refuses a page that scripts would fill. A task that has seen the page before may be shown the empty frame by an
 * accident, so only a first look says that a person has to choose another address.
 * @throws AgentError `watch_needs_browser`
 */
export function assertNeedsNoBrowser(
  needsBrowser: boolean,
  url: string,
  { isFirst, wasTried }: { isFirst: boolean; wasTried: boolean },
): void {
  if (!needsBrowser) return;
  const { host } = new URL(url);
  throw new AgentError(
    'watch_needs_browser',
    wasTried
      ? `The page of ${host} shows no text in a browser either, though its scripts (JavaScript) were run. Open the address yourself: it may want a visitor to sign in or to agree to something.`
      : `The page of ${host} shows its text only where a browser runs its scripts (JavaScript), and this server has none. Let its operator install Chromium (or name one in BROWSER_PATH), or watch the address of the data behind the page, often JSON or a feed.`,
    isFirst ? { failureClass: 'needs-person' } : {},
  );
}

/**
 * The same for a page by its source alone, before a selector finds nothing on it.
 * @throws AgentError `watch_error_page`
 */
export function assertNoErrorTitle(source: string, where: { url: string; known: string | null }): void {
  if (source.length <= HEAD_CHARS) assertIsPage({ title: titleIn(source), text: textOf(source) }, where);
}

/**
 * Refuses words of a server that is broken, sent with a status that says success. `known`: the title of the page
 * as it was.
 * @throws AgentError `watch_error_page`
 */
export function assertIsPage(
  page: { title: string; text: string },
  { url, known }: { url: string; known: string | null },
): void {
  if (page.text.length > FAULT_TEXT_CHARS_MAX) return;
  const firstLine = page.text.trim().split('\n')[0] ?? '';
  const said = [page.title, page.text.length < 300 ? firstLine : ''].find(
    (line) => line !== '' && line !== known && ERROR_TITLES.test(line.trim()),
  );
  if (said === undefined) return;
  throw fault(
    'watch_error_page',
    url,
    `answered with an error page (“${said.trim()}”) although its status says success. The page is read again later; if it stays like this, check the address.`,
  );
}

function fault(code: RunErrorCode, url: string, what: string): AgentError {
  const { host } = new URL(url);
  return new AgentError(code, `${host} ${what}`, { farSide: host });
}
