import { type AnyNode, type Element, hasChildren, isTag, isText } from 'domhandler';
import { isUnseen } from '../reading/visibleText';

/** The elements of a page that a reader sees, in their order, and how much text each of them holds. */
export interface SeenElements {
  elements: Element[];
  /** In characters, of the element and all below. */
  charsOf(element: Element): number;
}

/** Without recursion, because pages may be nested however deep. */
export function seenElements(root: readonly AnyNode[]): SeenElements {
  const elements: Element[] = [];
  const chars = new Map<AnyNode, number>();
  const waiting = root.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isTag(node)) {
      if (isUnseen(node)) continue;
      elements.push(node);
    }
    if (!hasChildren(node)) continue;
    for (let child = node.lastChild; child !== null; child = child.previousSibling) waiting.push(child);
  }
  // Each element stands before those within it.
  for (const element of elements.toReversed()) {
    const own = element.children.reduce(
      (sum, child) => sum + (isText(child) ? lengthOf(child.data) : (chars.get(child) ?? 0)),
      0,
    );
    chars.set(element, own);
  }
  return { elements, charsOf: (element) => chars.get(element) ?? 0 };
}

const lengthOf = (text: string): number => text.replace(/\s+/g, ' ').trim().length;
