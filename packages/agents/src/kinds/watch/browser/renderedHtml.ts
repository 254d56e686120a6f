import type { CDPSession, Page } from 'playwright-core';

/** For the scripts of a page to fill it once it is there. */
const FILL_MS_MAX = 5_000;
const STEP_MS = 250;
/** The text has to stay the same for so many steps. */
const STEADY_STEPS = 3;
const HTML_CHARS_MAX = 8_000_000;
/** How often a page may go to another one while it is read. */
const NAVIGATIONS_MAX = 3;

/**
 * The HTML of a page once its scripts have filled it: with the shadow trees as templates and the pages of
 * frames as attributes (`composedTree.ts`), and what its styles hide marked as hidden.
 */
export async function renderedHtml(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  for (let navigations = 0; ; navigations += 1) {
    try {
      await untilSteady(page, session);
      const html = await valueIn(session, `(${shownHtml})(${HTML_CHARS_MAX})`);
      return typeof html === 'string' ? html.slice(0, HTML_CHARS_MAX) : '';
    } catch (error) {
      // A script has gone on to another page meanwhile.
      if (navigations === NAVIGATIONS_MAX || !/\b(context|frame)\b|navigat/i.test(String(error))) throw error;
      await page.waitForLoadState('domcontentloaded', { timeout: FILL_MS_MAX });
    }
  }
}

/**
 * What an expression gives that runs beside the scripts of a page, in a world of its own. In theirs they
 * could have replaced what it calls, such as what cuts a text, and have this process take texts of any size.
 */
async function valueIn(session: CDPSession, expression: string): Promise<unknown> {
  const { frameTree } = await session.send('Page.getFrameTree');
  const world = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    contextId: world.executionContextId,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(`The page could not be read: ${exceptionDetails.text}`);
  return result.value;
}

/** Waits until the text of the page has stayed the same for a while, but no longer than the limit. */
async function untilSteady(page: Page, session: CDPSession): Promise<void> {
  let last: unknown = -1;
  let steady = 0;
  for (let waitedMs = 0; waitedMs < FILL_MS_MAX && steady < STEADY_STEPS; waitedMs += STEP_MS) {
    await page.waitForTimeout(STEP_MS);
    const now = await valueIn(session, `(${shownLength})()`);
    steady = now === last && now !== 0 ? steady + 1 : 0;
    last = now;
  }
}

/** Runs in the page: how much text there is, also in shadow trees. */
function shownLength(): number {
  let length = document.body?.innerText.trim().length ?? 0;
  for (const { shadowRoot } of document.querySelectorAll('*')) length += shadowRoot?.textContent?.length ?? 0;
  return length;
}

/**
 * Runs in the page, so it may use nothing from outside, and no functions of its own: those that a compiler
 * names do not exist there.
 */
function shownHtml(charsMax: number): string {
  const pages: { root: Document; frame: Element | null; shadows: ShadowRoot[] }[] = [
    { root: document, frame: null, shadows: [] },
  ];
  // Both lists grow while they are gone through.
  for (const { root, shadows } of pages) {
    const trees: ParentNode[] = root.body === null ? [] : [root.body];
    for (const tree of trees) {
      for (const element of tree.querySelectorAll('*')) {
        if (getComputedStyle(element).display === 'none') element.setAttribute('hidden', '');
        if (element.shadowRoot !== null) {
          shadows.push(element.shadowRoot);
          trees.push(element.shadowRoot);
        }
        // Frames of other origins show no document.
        const inner = element instanceof HTMLIFrameElement ? element.contentDocument : null;
        if (inner !== null && pages.length < 20 && element.getBoundingClientRect().height > 1)
          pages.push({ root: inner, frame: element, shadows: [] });
      }
    }
  }
  let html = '';
  for (const { root, frame, shadows } of pages.toReversed()) {
    html = `<!doctype html><html>${root.documentElement.getHTML({ shadowRoots: shadows })}</html>`.slice(
      0,
      charsMax,
    );
    frame?.setAttribute('data-everbeat-document', html);
  }
  return html;
}
