import { describe, expect, test } from 'vitest';
import { readArticle } from './article';

const SENTENCE = 'The ship came in at dawn, and left again at noon, as it does on most days of the year. ';
const page = (body: string): string =>
  `<html><head><title> The\n Harbour </title></head><body>${body}</body></html>`;

describe('the readable part of a page, as Markdown', () => {
  test('an article comes without what stands around it', () => {
    const { title, markdown } = readArticle(
      page(
        `<nav><a href="/n">Sign in</a></nav>
         <main><article><h1>Ships</h1><p>${SENTENCE.repeat(8)}</p><p>See <a href="ships?id=1">all ships</a>.</p></article></main>
         <footer>Imprint and terms</footer><script>track()</script>`,
      ),
      'https://example.com/harbour/today',
    );
    expect(title).toBe('The Harbour');
    expect(markdown).toContain(SENTENCE.trim());
    expect(markdown).toContain('[all ships](https://example.com/harbour/ships?id=1)');
    expect(markdown).not.toMatch(/Sign in|Imprint|track/);
  });

  test('tables, lists and code stay what they are', () => {
    const { markdown } = readArticle(
      page(
        `<table><tr><th>Ship</th><th>Berth</th></tr><tr><td>Anna</td><td>4</td></tr></table>
         <ul><li>one</li><li>two</li></ul><pre><code>a | b</code></pre>`,
      ),
      'https://example.com/',
    );
    expect(markdown).toContain('| Ship | Berth |');
    expect(markdown).toContain('- one\n- two');
    expect(markdown).toContain('```\na | b\n```');
  });

  test('a list of links is no article, and is shown whole', () => {
    const items = Array.from({ length: 5 }, (_, n) => `<li><a href="p${n}">Post ${n}</a> 12 points</li>`);
    const { markdown } = readArticle(page(`<ul>${items.join('')}</ul>`), 'https://example.com/a/');
    expect(markdown.split('\n')).toHaveLength(5);
    expect(markdown).toContain('- [Post 4](https://example.com/a/p4) 12 points');
  });

  test('an address that only a browser could follow is left out, and its words stay', () => {
    const { markdown } = readArticle(
      page('<p><a href="javascript:alert(1)">click</a> me</p>'),
      'https://a.example/',
    );
    expect(markdown).toContain('click');
    expect(markdown).not.toContain('javascript:');
  });

  test('a page that is nested thousands of levels deep is read as plain text', () => {
    const { markdown } = readArticle(page(`${'<div>'.repeat(3_900)}deep down`), 'https://example.com/');
    expect(markdown).toBe('deep down');
  });
});
