import { type CheerioAPI, load } from 'cheerio';
import { DomHandler, Parser } from 'htmlparser2';
import { AgentError } from '../../shared/agentError';

/**
 * Parsers and selectors take quadratic time in these, on the process's only thread: a crafted page of 2 MB
 * would block the whole server for minutes.
 */
const DEPTH_MAX = 500;
const SIBLINGS_MAX = 10_000;
const ELEMENTS_MAX = 100_000;

/** @throws AgentError `watch_unreadable` */
export function parseHtml(source: string): CheerioAPI {
  const handler = new BoundedDomHandler();
  new Parser(handler).end(source);
  return load(handler.root, { xml: { xmlMode: false } });
}

class BoundedDomHandler extends DomHandler {
  private elements = 0;
  /** How many children each open element has so far. */
  private readonly siblings = [0];

  override onopentag(name: string, attributes: Record<string, string>): void {
    const siblings = (this.siblings.pop() ?? 0) + 1;
    this.siblings.push(siblings, 0);
    this.elements++;
    if (siblings > SIBLINGS_MAX || this.elements > ELEMENTS_MAX || this.siblings.length > DEPTH_MAX) {
      throw new AgentError(
        'watch_unreadable',
        `The page is too complex: more than ${ELEMENTS_MAX} elements, ${SIBLINGS_MAX} in one, or ${DEPTH_MAX} levels. Watch another page.`,
      );
    }
    super.onopentag(name, attributes);
  }

  override onclosetag(): void {
    this.siblings.pop();
    super.onclosetag();
  }
}
