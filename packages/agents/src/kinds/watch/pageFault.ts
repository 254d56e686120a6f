import type { RunErrorCode } from '@everbeat/domain';
import { load } from 'cheerio';
import { AgentError } from '../../shared/agentError';
import type { SafeResponse } from '../../shared/safeFetch';
import { isBlank } from './compare/fold';
import type { BrowserNeed } from './reading/browserNeed';
import { nothingFits } from './reading/readPage';

/** How far into a page its signs are looked for. */
export const HEAD_CHARS = 30_000;
/** A page with more text is a page, whatever its title. */
const FAULT_TEXT_CHARS_MAX = 3_000;
const WALL_TEXT_CHARS_MAX = 1_000;

/** Titles, whole, of the pages that services against bots show instead of the one that was asked for. */
const WALL_TITLES =
  /^(?:just a moment|nur einen moment|un momento|un instant|attention required! ?\| ?cloudflare|access denied(?: \| .* used cloudflare .*)?|access to this page has been denied|pardon our interruption|are you (?:a )?(?:human|robot)|robot or human|checking your browser.*|making sure you(?:'|’)re not a bot|ddos-guard|robot check|bot verification|(?:human|security) verification|security check(?:point)?|vérification de sécurité|sicherheitsüberprüfung|verify(?:ing)? (?:that )?you are (?:a )?human|one moment, please|client challenge|vercel security checkpoint|request (?:unsuccessful|rejected)|you are being redirected|you have been blocked|captcha)[.…?! ]*$/i;
/** In pages that hold little else; ordinary pages of protected sites have some of them too. */
const WALL_SIGNS =
  /window\._cf_chl_opt|_Incapsula_Resource|captcha-delivery\.com|id=["']px-captcha|AwsWafIntegration|\.awswaf\.com\/|sucuri_cloudproxy_js|window\.KPSDK|\/errors\/validateCaptcha|\/_sec\/(?:verify|cp_challenge)|bm-verify=/i;
/** What such pages say, where they hold little else. */
const WALL_WORDS =
  /\b(?:make sure|sure|confirm|verify|verifying|prove)\b(?: that)? (?:you(?:'|’)?(?:re| are)|it(?:'|’)s really you)\b[^.\n]{0,40}\b(?:human|robot|bot)\b|\bverifying your browser\b|\bunusual traffic from your\b|\benter the characters you see\b|\bplease enable js and disable any ad ?blocker\b|\bactivate and hold the button\b|\bchecking your browser before\b|\bblocked due to a network policy\b|\bwe believe you are using automation\b|\bque vous êtes humain\b|\b(?:kein roboter|ein mensch) sind\b/i;

/** Titles, or first lines, of pages that say that something is broken although their status says success. */
const ERROR_TITLES = new RegExp(
  String.raw`^(?:[^|]{1,60} \| (?=\d{3}\b))?(?:${[
    String.raw`(?:error\W*)?(?:400|40[134]|410|429|50[0-4]|52\d)\b\W*(?:error|not found|page not found|gone|forbidden|unauthorized|bad request|too many requests|internal server error|bad gateway|service (?:temporarily )?unavailable|backend fetch failed|gateway time-?out|web server is down|connection timed out|origin is unreachable|seite nicht gefunden|page introuvable|página no encontrada)?`,
    '(?:page )?not found|seite nicht gefunden|page introuvable|página no encontrada',
    'forbidden|too many requests|bad gateway|application error|runtime error|no healthy upstream|upstream connect error.*|fatal error\\b.*',
    '(?:internal )?server error(?: \\(500\\))?|server error in .* application',
    'service (?:temporarily )?unavailable|gateway time-?out|error establishing a database connection|database (?:connection )?error',
    String.raw`(?:site |we(?:'|’)re |we are )?(?:under|down for) (?:scheduled )?maintenance|(?:scheduled )?maintenance(?: mode)?|briefly unavailable for scheduled maintenance\b.*`,
    'wartung|wartungsarbeiten|wartungsmodus|(?:site )?en maintenance|maintenance en cours|(?:sitio )?en mantenimiento',
    'too many connections|(?:an? )?(?:server |internal |unknown |unexpected )?error(?: (?:has )?occurred)?|wordpress › error',
    String.raw`(?:oops\W+)?(?:we(?:'|’)re sorry, but )?something went wrong(?: \(500\))?|there has been a critical error on (?:this|your) website\b.*|the website encountered an unexpected error\b.*`,
    `(?:we(?:'|’)ll|we will) be (?:right )?back(?: (?:soon|shortly))?|(?:(?:the |this )?(?:web)?site is )?temporarily (?:unavailable|offline)`,
    '(?:this )?account (?:has been )?suspended',
  ].join('|')})[.!… ]*(?:[|–—-] .*)?$`,
  'i',
);

/**
 * Refuses what a service against bots sends instead of the page.
 * @throws AgentError `watch_bot_wall`
 */
export function assertNoWall({ headers, url }: Pick<SafeResponse, 'headers' | 'url'>, source: string): void {
  const head = source.slice(0, HEAD_CHARS);
  const title = titleIn(head);
  const isWall =
    headers.get('cf-mitigated') === 'challenge' ||
    WALL_TITLES.test(title) ||
    (source.length <= HEAD_CHARS && isWallText(head));
  if (!isWall) return;
  throw fault(
    'watch_bot_wall',
    url,
    'shows a page against robots instead of the one that is watched. Look less often, ask its operator to let Everbeat in, or watch a feed or an API of the site.',
  );
}

function isWallText(head: string): boolean {
  const text = textOf(head);
  return text.length <= WALL_TEXT_CHARS_MAX && (WALL_SIGNS.test(head) || WALL_WORDS.test(text));
}

function titleIn(html: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? '';
  return decoded(title).replace(/\s+/g, ' ').trim();
}

/** With the characters that references such as `&#39;` stand for. */
const decoded = (text: string): string => (text.includes('&') ? load(text).text() : text);

/** Roughly the text of a page, with its title. */
const textOf = (html: string): string =>
  decoded(
    html
      .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
      .replace(/<(?:b|i|em|strong|a|span|u|font)\b[^>]*>|<\/(?:b|i|em|strong|a|span|u|font)>/gi, '')
      .replace(/<[^>]*>/g, '\n'),
  )
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/**
 * Refuses an answer that holds nothing, which is no change of the page.
 * @throws AgentError `watch_empty`
 */
export function assertNotEmpty(text: string, url: string): void {
  if (!isBlank(text)) return;
  throw fault(
    'watch_empty',
    url,
    'answered without any text. The page may be filled by scripts, which only a browser runs, or the server has a problem.',
  );
}

/**
 * Refuses a page that scripts would fill. A task that has seen the page before may be shown the empty frame
 * by an accident, so only a first look says that a person has to choose another address.
 * @throws AgentError `watch_needs_browser`, `watch_selector_missing`
 */
export function assertNeedsNoBrowser(
  need: BrowserNeed,
  {
    url,
    selector,
    before,
    wasTried,
  }: { url: string; selector: string | null; before: { isRendered: boolean } | null; wasTried: boolean },
): void {
  if (need === 'none') return;
  if (need === 'part') throw nothingFits(selector ?? '');
  // What stands there in a browser too, or stood there before, is the page.
  if (need === 'frame' && (wasTried || before?.isRendered === false)) return;
  const { host } = new URL(url);
  const shown = need === 'empty' ? 'its text' : 'what is between its header and its footer';
  throw new AgentError(
    'watch_needs_browser',
    wasTried
      ? `The page of ${host} shows no text in a browser either, though its scripts (JavaScript) were run. Open the address yourself: it may want a visitor to sign in or to agree to something.`
      : `The page of ${host} shows ${shown} only where a browser runs its scripts (JavaScript), and this server has none. Let its operator install Chromium (or name one in BROWSER_PATH), or watch the address of the data behind the page, often JSON or a feed.`,
    before === null ? { failureClass: 'needs-person' } : {},
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
 * Refuses words of a server that is broken, sent with a status that says success. `known`: the title of the
 * page as it was.
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

const JSON_FAULT_CHARS_MAX = 1_000;
/** What answers of a broken API consist of. */
const JSON_FAULT_KEYS =
  /^(?:error|errors|message|status|statusCode|status_code|code|type|title|detail|details|path|timestamp|success|ok|trace|requestId|request_id|instance)$/;

/**
 * Refuses the words of a broken API that were sent with a status that says success, in place of JSON of
 * another form.
 * @throws AgentError `watch_error_page`
 */
export function assertNoJsonFault(text: string, before: string, url: string): void {
  if (text.length > JSON_FAULT_CHARS_MAX) return;
  const [now, known] = [keysOf(text), keysOf(before.slice(0, TEXT_SEARCHED_CHARS))];
  const isFault =
    now.length > 0 &&
    (now.some((key) => /^errors?$/.test(key)) || ERROR_TITLES.test(messageIn(text))) &&
    now.every((key) => JSON_FAULT_KEYS.test(key)) &&
    !known.some((key) => now.includes(key));
  if (!isFault) return;
  throw fault(
    'watch_error_page',
    url,
    'answered with an error in JSON although its status says success. It is read again later; if it stays like this, check the address.',
  );
}

const TEXT_SEARCHED_CHARS = 200_000;

const messageIn = (json: string): string => /^ {2}"(?:message|title|detail)": "(.*)"/m.exec(json)?.[1] ?? '';

/** The names at the top of JSON as `canonicalJson` writes it. */
const keysOf = (json: string): string[] =>
  [...json.matchAll(/^ {2}"([^"\\]+)": /gm)].map(([, key = '']) => key);

function fault(code: RunErrorCode, url: string, what: string): AgentError {
  const { host } = new URL(url);
  return new AgentError(code, `${host} ${what}`, { farSide: host });
}
