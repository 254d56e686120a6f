import { type CheerioAPI, load } from 'cheerio';
import type { Document } from 'domhandler';
import { Parser } from 'parse5';
import { adapter, type Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter';
import { compose, MAY_BE_COMPOSED } from './composedTree';

/**
 * Parsers and selectors take quadratic time in the depth, and memory by the element. Pages of people stay far
 * below; of a crafted page the beginning is read.
 */
const DEPTH_MAX = 4_000;
const ELEMENTS_MAX = 200_000;
/** Frames in frames. */
const FRAMES_DEEP_MAX = 3;

export interface HtmlTree {
  page: CheerioAPI;
  /** Whether the page goes on after what was read. */
  isCut: boolean;
}

/** The tree that a browser makes of the page, so that selectors which were copied from one fit. */
export function parseHtml(source: string): HtmlTree {
  const { document, isCut } = documentOf(source, FRAMES_DEEP_MAX);
  return { page: treeOf(document), isCut };
}

function documentOf(source: string, framesDeep: number): { document: Document; isCut: boolean } {
  const parser = new BoundedParser();
  let isCut = false;
  try {
    parser.tokenizer.write(source, true);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    isCut = true;
  }
  const { document } = parser;
  if (framesDeep > 0 && MAY_BE_COMPOSED.test(source))
    compose(document, (inner) => documentOf(inner, framesDeep - 1).document);
  return { document, isCut };
}

/** Such as feeds and site maps. Names keep their case. */
export const parseXml = (source: string): CheerioAPI => load(source, { xml: true });

const treeOf = (document: Document): CheerioAPI => load(document);

class Enough extends Error {}

class BoundedParser extends Parser<Htmlparser2TreeAdapterMap> {
  constructor() {
    let elements = 0;
    super({
      treeAdapter: {
        ...adapter,
        createElement: (...args) => {
          elements += 1;
          if (elements > ELEMENTS_MAX || this.openElements.stackTop > DEPTH_MAX) throw new Enough();
          return adapter.createElement(...args);
        },
      },
    });
  }
}
