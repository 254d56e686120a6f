import { type AnyNode, type Element, isCDATA, isTag, isText } from 'domhandler';

const INDENT = '  ';
/** Deeper elements are not indented further: a crafted document would fill the memory with spaces. */
const INDENT_DEPTH_MAX = 20;

/**
 * XML in one form, however it was laid out: a line for each element, with its text where it has nothing else,
 * and attributes in the order of their names. Without recursion, because documents may be nested however
 * deep.
 */
export function xmlLines(roots: readonly AnyNode[], charsMax: number): string {
  const lines: string[] = [];
  let chars = 0;
  const add = (depth: number, text: string): void => {
    const line = `${INDENT.repeat(Math.min(depth, INDENT_DEPTH_MAX))}${text}`;
    lines.push(line);
    chars += line.length;
  };
  const waiting: Step[] = roots.toReversed().map((node) => ({ node, depth: 0 }));
  for (let step = waiting.pop(); step !== undefined && chars <= charsMax; step = waiting.pop()) {
    const { node, depth } = step;
    if (typeof node === 'string') add(depth, node);
    else if (isText(node) || isCDATA(node)) {
      const text = textOf(node);
      if (text !== '') add(depth, text);
    } else if (isTag(node)) {
      const isLeaf = node.children.every((child) => isText(child) || isCDATA(child));
      if (isLeaf) add(depth, `${opened(node)}${node.children.map(textOf).join(' ').trim()}</${node.name}>`);
      else {
        add(depth, opened(node));
        waiting.push({ node: `</${node.name}>`, depth });
        for (let child = node.lastChild; child !== null; child = child.previousSibling)
          waiting.push({ node: child, depth: depth + 1 });
      }
    }
  }
  return lines.join('\n');
}

interface Step {
  /** A text is the end of an element. */
  node: AnyNode | string;
  depth: number;
}

const opened = ({ name, attribs }: Element): string =>
  `<${[
    name,
    ...Object.entries(attribs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}="${value}"`),
  ].join(' ')}>`;

function textOf(node: AnyNode): string {
  const text = isText(node) ? node.data : isCDATA(node) ? node.children.map(textOf).join('') : '';
  return text.replace(/\s+/g, ' ').trim();
}
