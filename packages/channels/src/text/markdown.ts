import { isTooMarked, truncated } from '@everbeat/domain';
import type { BlockContent, DefinitionContent, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { cleanText } from './text';

/**
 * Untrusted Markdown as a tree that cannot lie: every link shows the address that it leads to, and HTML is
 * text.
 */
export type Block =
  | { kind: 'paragraph' | 'heading'; inlines: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; firstNumber: number | null; items: Block[][] }
  | { kind: 'table'; rows: Inline[][][] }
  | { kind: 'rule' };

export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'emphasis' | 'strike'; inlines: Inline[] }
  | { kind: 'link'; url: string }
  | { kind: 'break' };

/** More than any channel takes. */
const MARKDOWN_CHARS_MAX = 20_000;
/** What is nested deeper is shown as it was written. */
const DEPTH_MAX = 16;

/** The blocks of untrusted Markdown. */
export function readMarkdown(markdown: string): Block[] {
  const source = truncated(cleanText(markdown), MARKDOWN_CHARS_MAX);
  if (isTooMarked(source)) return textBlock(source);
  const tree = fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return blocksOf(tree.children, { source, depth: 0 });
}

interface Reading {
  source: string;
  depth: number;
}

const blocksOf = (nodes: readonly RootContent[], reading: Reading): Block[] =>
  nodes.flatMap((node) => blockOf(node, { ...reading, depth: reading.depth + 1 }));

function blockOf(node: RootContent, reading: Reading): Block[] {
  if (reading.depth > DEPTH_MAX) return textBlock(written(node, reading));
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return [{ kind: node.type, inlines: inlinesOf(node.children, reading) }];
    case 'code':
      return [{ kind: 'code', text: node.value }];
    case 'blockquote':
      return [{ kind: 'quote', blocks: blocksOf(node.children, reading) }];
    case 'list': {
      const firstNumber = node.ordered ? (node.start ?? 1) : null;
      const items = node.children.map(({ checked, children }) =>
        marked(checked, blocksOf(children, reading)),
      );
      return [{ kind: 'list', firstNumber, items }];
    }
    case 'table': {
      const rows = node.children.map((row) => row.children.map((cell) => inlinesOf(cell.children, reading)));
      return [{ kind: 'table', rows }];
    }
    case 'thematicBreak':
      return [{ kind: 'rule' }];
    case 'html':
      return textBlock(node.value);
    case 'footnoteDefinition':
      return [...textBlock(`[${node.identifier}]`), ...blocksOf(node.children, reading)];
    // What links by reference lead to. Such a link shows no address, so it is text.
    case 'definition':
    case 'yaml':
      return [];
    case 'listItem':
    case 'tableRow':
    case 'tableCell':
      return textBlock(written(node, reading));
    default:
      return [{ kind: 'paragraph', inlines: inlinesOf([node], reading) }];
  }
}

const textBlock = (text: string): Block[] =>
  text === '' ? [] : [{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }];

/** The item of a list of tasks, with its box. */
function marked(checked: boolean | null | undefined, blocks: Block[]): Block[] {
  if (typeof checked !== 'boolean') return blocks;
  const box: Inline = { kind: 'text', text: checked ? '[x] ' : '[ ] ' };
  const [first, ...others] = blocks;
  return first?.kind === 'paragraph'
    ? [{ ...first, inlines: [box, ...first.inlines] }, ...others]
    : [{ kind: 'paragraph', inlines: [box] }, ...blocks];
}

const inlinesOf = (nodes: readonly PhrasingContent[], reading: Reading): Inline[] =>
  nodes.flatMap((node) => inlineOf(node, { ...reading, depth: reading.depth + 1 }));

function inlineOf(node: PhrasingContent, reading: Reading): Inline[] {
  if (reading.depth > DEPTH_MAX) return [{ kind: 'text', text: written(node, reading) }];
  switch (node.type) {
    case 'text':
      return [{ kind: 'text', text: node.value }];
    case 'html':
      return [{ kind: 'text', text: node.value }];
    case 'inlineCode':
      return [{ kind: 'code', text: node.value }];
    case 'strong':
    case 'emphasis':
      return [{ kind: node.type, inlines: inlinesOf(node.children, reading) }];
    case 'delete':
      return [{ kind: 'strike', inlines: inlinesOf(node.children, reading) }];
    case 'break':
      return [{ kind: 'break' }];
    case 'link':
      return linkOf(inlinesOf(node.children, reading), node.url);
    case 'image':
      return linkOf([{ kind: 'text', text: node.alt || 'Picture' }], node.url);
    case 'linkReference':
      return inlinesOf(node.children, reading);
    case 'imageReference':
      return [{ kind: 'text', text: node.alt || 'Picture' }];
    case 'footnoteReference':
      return [{ kind: 'text', text: `[${node.identifier}]` }];
  }
}

/** The label, and the address beside it. An address that is not of the web or of mail is left out. */
function linkOf(label: Inline[], url: string): Inline[] {
  if (!/^(https?|mailto):/i.test(url) || !URL.canParse(url)) return label;
  const { href } = new URL(url);
  const shown = inlineText(label);
  if (shown === url || shown === href || url === `http://${shown}` || url === `mailto:${shown}`) {
    return [{ kind: 'link', url: href }];
  }
  return [...label, { kind: 'text', text: ' (' }, { kind: 'link', url: href }, { kind: 'text', text: ')' }];
}

/** The text of inlines, as plain text shows it. */
export const inlineText = (inlines: readonly Inline[]): string => inlines.map(textOfInline).join('');

function textOfInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return inline.text;
    case 'link':
      return inline.url.replace(/^mailto:/, '');
    case 'break':
      return '\n';
    default:
      return inlineText(inline.inlines);
  }
}

/** What was written for a node. */
const written = ({ position }: RootContent | BlockContent | DefinitionContent, { source }: Reading): string =>
  source.slice(position?.start.offset ?? 0, position?.end.offset ?? 0);
