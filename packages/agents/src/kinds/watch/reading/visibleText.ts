import { type AnyNode, type Element, hasChildren, isTag, isText } from 'domhandler';
import { TextLines } from './textLines';

/** What no reader of a page sees. */
const UNSEEN = new Set(
  'area,audio,canvas,datalist,defs,desc,head,metadata,noembed,noframes,noscript,object,rp,script,style,symbol,template,title,video'.split(
    ',',
  ),
);
const BLOCKS = new Set(
  'address,article,aside,blockquote,body,center,dd,details,dialog,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hgroup,hr,html,iframe,legend,li,listing,main,menu,nav,ol,optgroup,option,p,plaintext,pre,search,section,summary,table,tbody,text,textarea,tfoot,thead,ul,xmp,caption'.split(
    ',',
  ),
);
const PREFORMATTED = new Set(['listing', 'plaintext', 'pre', 'textarea', 'xmp']);
/** Fields that show their value. */
const SHOWN_INPUT =
  /^(|submit|button|reset|text|search|tel|url|email|number|date|datetime-local|month|time|week)$/i;

/**
 * The text of these nodes and all below, as it is laid out in a browser: a line for each block, cells of a
 * row beside each other. Without recursion, because pages may be nested however deep.
 */
export function visibleText(roots: readonly AnyNode[], charsMax: number): string {
  const lines = new TextLines();
  const waiting: Step[] = roots.toReversed().map((node) => ({ node, isRoot: true }));
  for (let step = waiting.pop(); step !== undefined && lines.chars <= charsMax; step = waiting.pop()) {
    if ('leave' in step) {
      leave(step.leave, lines);
      continue;
    }
    const { node, isRoot } = step;
    if (isText(node)) lines.addText(node.data);
    if (isTag(node)) {
      if (!isRoot && isUnseen(node)) continue;
      enter(node, lines);
      waiting.push({ leave: node });
    }
    if (!hasChildren(node)) continue;
    for (let child = node.lastChild; child !== null; child = child.previousSibling) {
      waiting.push({ node: child, isRoot: false });
    }
  }
  return lines.end();
}

type Step = { node: AnyNode; isRoot: boolean } | { leave: Element };

export function isUnseen({ name, attribs, children }: Element): boolean {
  if (UNSEEN.has(name) || attribs.hidden !== undefined) return true;
  // Elements stand in it only where `composedTree.ts` put its page; text is for browsers without frames.
  if (name === 'iframe' && !children.some(isTag)) return true;
  if (name === 'dialog' && attribs.open === undefined) return true;
  const style = attribs.style;
  return (
    style !== undefined && /(^|[;\s])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))/i.test(style)
  );
}

function enter({ name, attribs }: Element, lines: TextLines): void {
  if (name === 'tr') lines.beginRow();
  else if (isCell(name)) lines.beginCell();
  else if (name === 'br' || BLOCKS.has(name)) lines.breakLine();
  if (name === 'li') lines.beginItem();
  if (PREFORMATTED.has(name)) lines.preformatted += 1;
  if (name === 'input' && SHOWN_INPUT.test(attribs.type ?? '')) lines.addText(` ${attribs.value ?? ''} `);
}

function leave({ name }: Element, lines: TextLines): void {
  if (name === 'tr') lines.endRow();
  else if (isCell(name)) lines.endCell();
  else if (BLOCKS.has(name)) lines.breakLine();
  if (name === 'li') lines.endItem();
  if (PREFORMATTED.has(name)) lines.preformatted -= 1;
}

const isCell = (name: string): boolean => name === 'td' || name === 'th';
