import { type Block, type Inline, readMarkdown } from './markdown';

/** Untrusted text for HTML, also within an attribute in quotes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Untrusted Markdown as HTML for a mail: no pictures, no styles, links that show where they lead. */
export const htmlOfMarkdown = (markdown: string): string => htmlOf(readMarkdown(markdown));

const htmlOf = (blocks: readonly Block[]): string => blocks.map(htmlOfBlock).join('\n');

function htmlOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlineHtml(block.inlines)}</p>`;
    case 'heading':
      return `<p><strong>${inlineHtml(block.inlines)}</strong></p>`;
    case 'code':
      return `<pre>${escapeHtml(block.text)}</pre>`;
    case 'quote':
      return `<blockquote>${htmlOf(block.blocks)}</blockquote>`;
    case 'list': {
      const tag = block.firstNumber === null ? 'ul' : 'ol';
      const start = block.firstNumber === null ? '' : ` start="${block.firstNumber}"`;
      const items = block.items.map((item) => `<li>${itemHtml(item)}</li>`);
      return `<${tag}${start}>${items.join('')}</${tag}>`;
    }
    case 'table': {
      const rows = block.rows.map(
        (row) => `<tr>${row.map((cell) => `<td>${inlineHtml(cell)}</td>`).join('')}</tr>`,
      );
      return `<table border="1" cellpadding="4" style="border-collapse:collapse">${rows.join('')}</table>`;
    }
    case 'rule':
      return '<hr>';
  }
}

/** An item that is one paragraph needs no paragraph around it. */
function itemHtml(item: readonly Block[]): string {
  const [only] = item;
  return item.length === 1 && only?.kind === 'paragraph' ? inlineHtml(only.inlines) : htmlOf(item);
}

const inlineHtml = (inlines: readonly Inline[]): string => inlines.map(htmlOfInline).join('');

function htmlOfInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return escapeHtml(inline.text).replaceAll('\n', '<br>');
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'link': {
      const url = escapeHtml(inline.url);
      return `<a href="${url}">${url.replace(/^mailto:/, '')}</a>`;
    }
    case 'break':
      return '<br>';
    case 'strong':
      return `<strong>${inlineHtml(inline.inlines)}</strong>`;
    case 'emphasis':
      return `<em>${inlineHtml(inline.inlines)}</em>`;
    case 'strike':
      return `<del>${inlineHtml(inline.inlines)}</del>`;
  }
}
