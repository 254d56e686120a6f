import { type AnyNode, Element, isComment, isTag, isText } from 'domhandler';
import { select } from 'xpath';

/**
 * What an XPath 1.0 selects: elements of the page, or texts (of attributes, text nodes, strings and numbers).
 * @throws whatever the library throws at what is no XPath
 */
export function xpathParts(root: AnyNode, expression: string): (Element | string)[] {
  const document = domOf(root);
  if (!isDomNode(document)) throw new Error('The page is no document');
  const found: unknown = select(expression, document);
  if (!Array.isArray(found)) return [String(found)];
  return found
    .filter((node) => node instanceof DomNode)
    .map(({ source, nodeValue }) => (source instanceof Element ? source : (nodeValue ?? '')));
}

const ELEMENT = 1;
const ATTRIBUTE = 2;
const TEXT = 3;
const COMMENT = 8;
const DOCUMENT = 9;

/** As much of the DOM as the library reads. The page's own nodes lack some of it. */
class DomNode {
  readonly childNodes: DomNode[] = [];
  readonly attributes: DomAttributes | null;
  firstChild: DomNode | null = null;
  lastChild: DomNode | null = null;
  nextSibling: DomNode | null = null;
  previousSibling: DomNode | null = null;
  readonly namespaceURI = null;
  readonly prefix = null;
  readonly localName: string;

  constructor(
    readonly nodeType: number,
    readonly nodeName: string,
    readonly nodeValue: string | null,
    readonly source: AnyNode | null,
    readonly ownerDocument: DomNode | null,
    readonly parentNode: DomNode | null,
    readonly ownerElement: DomNode | null = null,
  ) {
    this.localName = nodeName;
    this.attributes =
      source !== null && isTag(source)
        ? new DomAttributes(
            Object.entries(source.attribs).map(
              ([name, value]) => new DomNode(ATTRIBUTE, name, value, null, ownerDocument, null, this),
            ),
          )
        : null;
  }

  /** The name of an attribute. */
  get name(): string {
    return this.nodeName;
  }

  get value(): string | null {
    return this.nodeValue;
  }

  /** What a text says. */
  get data(): string | null {
    return this.nodeValue;
  }

  get documentElement(): DomNode | null {
    return this.childNodes.find(({ nodeType }) => nodeType === ELEMENT) ?? null;
  }

  append(child: DomNode): void {
    child.previousSibling = this.lastChild;
    if (this.lastChild === null) this.firstChild = child;
    else this.lastChild.nextSibling = child;
    this.lastChild = child;
    this.childNodes.push(child);
  }
}

class DomAttributes {
  constructor(private readonly list: DomNode[]) {}

  get length(): number {
    return this.list.length;
  }

  item(index: number): DomNode | null {
    return this.list[index] ?? null;
  }
}

function domOf(root: AnyNode): DomNode {
  const document = new DomNode(DOCUMENT, '#document', null, root, null, null);
  const waiting: { source: AnyNode; parent: DomNode }[] = [{ source: root, parent: document }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { source, parent } = next;
    if (!('children' in source)) continue;
    for (const child of source.children) {
      const node = mirrored(child, document, parent);
      if (node === null) continue;
      parent.append(node);
      waiting.push({ source: child, parent: node });
    }
  }
  return document;
}

function mirrored(source: AnyNode, document: DomNode, parent: DomNode): DomNode | null {
  if (isTag(source)) return new DomNode(ELEMENT, source.name, null, source, document, parent);
  if (isText(source)) return new DomNode(TEXT, '#text', source.data, source, document, parent);
  return isComment(source) ? new DomNode(COMMENT, '#comment', source.data, source, document, parent) : null;
}

/** What the library takes is typed as a node of a browser. */
const isDomNode = (node: unknown): node is Node => node instanceof DomNode;
