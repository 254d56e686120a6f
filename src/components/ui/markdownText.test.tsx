import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MarkdownText } from './markdownText';
import { TextBoundary } from './textBoundary';

const render = (text: string): string => renderToStaticMarkup(<MarkdownText text={text} />);

describe('Markdown from agents and pages', () => {
  it('renders no raw HTML', () => {
    const html = render(
      'Hello <img src=x onerror=alert(1)> <script>alert(1)</script>\n\n<iframe src="//evil"></iframe>',
    );

    expect(html).not.toMatch(/<(script|img|iframe)/);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.example', '/api/trpc'])(
    'leads nowhere with the address "%s"',
    (address) => {
      expect(render(`[press](${address})`)).not.toContain('href');
    },
  );

  it('opens links in a new tab, without referrer or opener', () => {
    expect(render('[news](https://example.com/news)')).toContain(
      '<a href="https://example.com/news" target="_blank" rel="noopener noreferrer nofollow">news</a>',
    );
  });

  it('links to a remote image instead of loading it', () => {
    const html = render('![a chart](https://example.com/chart.png)');

    expect(html).not.toContain('<img');
    expect(html).toContain('>a chart</a>');
  });

  it('renders headings below those of the page', () => {
    expect(render('# Top\n\n###### Deep')).toMatch(/<h4>Top<\/h4>\s*<h4>Deep<\/h4>/);
  });

  it('shows a fenced diff line by line', () => {
    const html = render('```diff\n-old\n+new\n```');

    expect(html).toMatch(/<span class="[^"]*danger[^"]*">-old<\/span>/);
    expect(html).toMatch(/<span class="[^"]*accent[^"]*">\+new<\/span>/);
  });

  it.each(['>'.repeat(20_000), '1. '.repeat(2_000), '*_'.repeat(100_000), '[('.repeat(100_000)])(
    'shows as it was written what is made to be slow or deep: %#',
    (text) => {
      const began = performance.now();
      expect(render(text)).toMatch(/^<p /);
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});

describe('a text that cannot be rendered', () => {
  it('is shown as it was written', () => {
    const boundary = new TextBoundary({ text: '*a*', children: 'rendered' });
    expect(boundary.render()).toBe('rendered');
    boundary.state = TextBoundary.getDerivedStateFromError();
    expect(renderToStaticMarkup(boundary.render())).toContain('>*a*</p>');
  });
});
