import { describe, expect, it } from 'vitest';
import { readPage } from './readPage';

const needOf = async (body: string, selector: string | null = null) => {
  const answer = { bytes: Buffer.from(body), isCut: false, contentType: 'text/html', host: 'shop.example' };
  return (await readPage(answer, { selector, without: [] })).needsBrowser;
};
const SCRIPT = '<script src="/app.js"></script>';
const FOOTER =
  '<footer>© 2026 Shop Ltd. All rights reserved. Imprint, privacy, terms of use, contact</footer>';

describe('what scripts have to show', () => {
  it.each([
    `${SCRIPT}<div id="root"></div><noscript>You need to enable JavaScript.</noscript>`,
    `<div id="root">Loading…</div>${SCRIPT}`,
    `<div id="app">Please enable JavaScript to use this site.</div>${SCRIPT}`,
    `<div id="root">Bitte aktivieren Sie JavaScript, um diese Seite anzuzeigen.</div>${SCRIPT}`,
    '<script>location.href = "/inside"</script>',
    '<iframe src="/inside"></iframe>',
    '<frameset cols="20%,80%"><frame src="menu"><frame src="main"></frameset>',
  ])('is all text: %s', async (body) => {
    expect(await needOf(body)).toBe('empty');
  });

  it.each([
    `<header>Shop</header><div id="root"></div>${FOOTER}${SCRIPT}`,
    `<header>Shop</header><main><p>Loading…</p></main>${FOOTER}${SCRIPT}`,
    `<app-root><div>Loading...</div></app-root><p>Shop</p>${SCRIPT}`,
    `<div id="app"></div><noscript>It does not work without JavaScript enabled.</noscript><p>${'We use cookies. '.repeat(20)}</p>${SCRIPT}`,
  ])('is what is between header and footer: %s', async (body) => {
    expect(await needOf(body)).toBe('frame');
  });

  it.each([
    '',
    '<p></p>',
    '<p>Loading dock</p>',
    `<p>19 €</p>${SCRIPT}`,
    `<h1>News</h1><p>${'A sentence of the article. '.repeat(9)}</p><div id="comments-app"></div>${SCRIPT}`,
    `<nav>Home</nav><p>Loading the dishwasher</p>${SCRIPT}`,
  ])('is nothing: %s', async (body) => {
    expect(await needOf(body)).toBe('none');
  });

  it('may be the part that a person saw in a browser', async () => {
    expect(await needOf(`<h1>Mug</h1>${SCRIPT}`, '#price')).toBe('part');
    await expect(needOf('<h1>Mug</h1>', '#price')).rejects.toMatchObject({ code: 'watch_selector_missing' });
  });
});
