import type { CheerioAPI } from 'cheerio';
import { isTag } from 'domhandler';
import { visibleText } from './visibleText';

/**
 * What of a page only scripts, which were not run, would show. `empty`: all of its text. `frame`: what stands
 * between its header and its footer. `part`: perhaps the part that was asked for, which is not there without
 * them.
 */
export type BrowserNeed = 'none' | 'empty' | 'frame' | 'part';

/** A page with more text is read as it is. */
const FRAME_CHARS_MAX = 1_500;
/** What stands outside of headers and footers while scripts are to fill a page. */
const REST_CHARS_MAX = 100;

/** The elements that frameworks fill. */
const ROOTS =
  '#root, #app, #application, #__next, #__nuxt, #___gatsby, #svelte, #react-root, #app-root, #main-app, #ember-app, app-root, [data-reactroot], [ng-app], [ng-version], [id$="-root"], [id$="-app"]';

/** A line that only says that something is still to come. */
const PLACEHOLDER =
  /^\W*(?:loading(?: (?:page|content|app|data))?|please wait|one moment|wird geladen|lade|lädt|bitte warten|chargement(?: en cours)?|cargando|caricamento|carregando|laden|ładowanie|загрузка|読み込み中|加载中|載入中|로딩 ?중?)[\s.…!,]*(?:please wait[\s.…!]*)?$/iu;
const ASKS_FOR_SCRIPTS =
  /\b(?:enable|requires?|needs?|activate|turn on|aktivier\w*|activez|activer|habilit\w*|activa|attiva\w*)\b.{0,40}\bjavascript|javascript\b.{0,60}\b(?:disabled|required|enabled?|deaktiviert|désactivé|desactivado|disattivato|nötig|erforderlich|requis|necesario)\b/is;

/** Looks at the visible text of a whole page, and at where it stands. */
export function browserNeed(page: CheerioAPI, text: string): BrowserNeed {
  const hasScripts = page('script').length > 0;
  if (text === '') return hasScripts || page('iframe[src], frame[src]').length > 0 ? 'empty' : 'none';
  if (!hasScripts || text.length > FRAME_CHARS_MAX) return 'none';
  const lines = text.split('\n');
  if (lines.every((line) => PLACEHOLDER.test(line))) return 'empty';
  const isRootEmpty = page(ROOTS)
    .toArray()
    .filter(isTag)
    .some((root) => isUnfilled(visibleText([root], FRAME_CHARS_MAX)));
  if (isRootEmpty && lines.every((line) => PLACEHOLDER.test(line) || ASKS_FOR_SCRIPTS.test(line)))
    return 'empty';
  const rest = restOf(page, lines);
  if (rest.length > 0 && rest.every((line) => PLACEHOLDER.test(line))) return 'frame';
  if (!isRootEmpty) return 'none';
  const isAsked = ASKS_FOR_SCRIPTS.test(`${page('noscript').text()}\n${text}`);
  return isAsked || rest.join('').length <= REST_CHARS_MAX ? 'frame' : 'none';
}

const isUnfilled = (text: string): boolean =>
  text.split('\n').every((line) => line === '' || PLACEHOLDER.test(line) || ASKS_FOR_SCRIPTS.test(line));

/** The lines outside of headers, footers and navigation. */
function restOf(page: CheerioAPI, lines: readonly string[]): string[] {
  const around = page('header, footer, nav').toArray();
  const known = new Set(visibleText(around, FRAME_CHARS_MAX).split('\n'));
  return lines.filter((line) => !known.has(line));
}
