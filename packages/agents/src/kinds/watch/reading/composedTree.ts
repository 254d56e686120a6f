import {
  type AnyNode,
  type ChildNode,
  type Document,
  Element,
  hasChildren,
  isTag,
  type ParentNode,
} from 'domhandler';

/** Under this attribute of a frame `pageBrowser.ts` hands over the page that the browser shows in it. */
const FRAME_ATTRIBUTE = 'data-everbeat-document';

/** Whether there may be anything to compose, by the source alone. */
export const MAY_BE_COMPOSED = /\sshadowrootmode\b|<iframe\b[^>]*\s(?:srcdoc|data-everbeat-document)\b/i;

/**
 * Puts together what a browser shows together: declarative shadow trees take the place of the children of
 * their element, which fill their slots, and the pages of frames stand in the frames.
 */
export function compose(document: Document, parse: (source: string) => Document): void {
  const { templates, frames } = found(document);
  // From the outside in, so that the slots of one tree are filled before it fills those of another one within
  // it.
  for (const template of templates) attach(template);
  for (const frame of frames) {
    const source = frame.attribs[FRAME_ATTRIBUTE] ?? frame.attribs.srcdoc ?? '';
    delete frame.attribs[FRAME_ATTRIBUTE];
    const page = new Element('div', {});
    setChildren(page, bodyOf(parse(source)));
    setChildren(frame, [page]);
  }
}

function found(document: Document): { templates: Element[]; frames: Element[] } {
  const templates: Element[] = [];
  const frames: Element[] = [];
  for (const node of inOrder(document, () => true)) {
    if (isShadowTemplate(node)) templates.push(node);
    if (node.name === 'iframe' && (FRAME_ATTRIBUTE in node.attribs || 'srcdoc' in node.attribs))
      frames.push(node);
  }
  return { templates, frames };
}

/** The elements below a node. Without recursion, because pages may be nested however deep. */
function* inOrder(root: ParentNode, isEntered: (element: Element) => boolean): Generator<Element> {
  const waiting: AnyNode[] = [];
  const enter = ({ lastChild }: ParentNode) => {
    for (let child = lastChild; child !== null; child = child.previousSibling) waiting.push(child);
  };
  enter(root);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isTag(node)) yield node;
    if (hasChildren(node) && (!isTag(node) || isEntered(node))) enter(node);
  }
}

const isShadowTemplate = ({ name, attribs }: Element): boolean =>
  name === 'template' && /^(open|closed)$/i.test(attribs.shadowrootmode ?? '');

/** Of several templates of one element the first counts. */
function attach(template: Element): void {
  const host = template.parent;
  if (!(host instanceof Element)) return;
  if (host.children.find((child) => isTag(child) && isShadowTemplate(child)) !== template) return;
  const assigned = new Map<string, ChildNode[]>();
  for (const child of host.children) {
    if (child === template) continue;
    const name = isTag(child) ? (child.attribs.slot ?? '') : '';
    const nodes = assigned.get(name) ?? [];
    assigned.set(name, nodes);
    nodes.push(child);
  }
  setChildren(
    host,
    template.children.flatMap((content) => (hasChildren(content) ? content.children : [])),
  );
  for (const slot of [...inOrder(host, ({ name }) => name !== 'template' && name !== 'slot')]) {
    const name = slot.attribs.name ?? '';
    const nodes = slot.name === 'slot' ? assigned.get(name) : undefined;
    if (nodes === undefined) continue;
    setChildren(slot, nodes);
    assigned.delete(name);
  }
}

function bodyOf(document: Document): ChildNode[] {
  const html = document.children.find((child) => isTag(child) && child.name === 'html');
  const body =
    html instanceof Element ? html.children.find((child) => isTag(child) && child.name === 'body') : null;
  return body instanceof Element ? body.children : [];
}

function setChildren(parent: ParentNode, children: ChildNode[]): void {
  children.forEach((child, index) => {
    child.parent = parent;
    child.prev = children[index - 1] ?? null;
    child.next = children[index + 1] ?? null;
  });
  parent.children = children;
}
