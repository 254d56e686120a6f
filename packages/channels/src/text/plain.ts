import { type Block, inlineText, readMarkdown } from './markdown';

/** Untrusted Markdown as plain text. Links show where they lead. */
export const plainOfMarkdown = (markdown: string): string => plainOf(readMarkdown(markdown)).trim();

const plainOf = (blocks: readonly Block[]): string => blocks.map(plainOfBlock).join('\n\n');

function plainOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.inlines);
    case 'code':
      return block.text;
    case 'quote':
      return indented(plainOf(block.blocks), '> ', '> ');
    case 'list':
      return block.items
        .map((item, index) => {
          const mark = block.firstNumber === null ? '- ' : `${block.firstNumber + index}. `;
          return indented(item.map(plainOfBlock).join('\n'), mark, ' '.repeat(mark.length));
        })
        .join('\n');
    case 'table':
      return block.rows.map((row) => row.map(inlineText).join(' | ')).join('\n');
    case 'rule':
      return '---';
  }
}

const indented = (text: string, first: string, others: string): string =>
  first + text.replaceAll('\n', `\n${others}`);
