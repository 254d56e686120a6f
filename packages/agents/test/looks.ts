import type { LaterLook } from '../src/kinds/watch/looks';
import { remember } from '../src/kinds/watch/memory';
import type { WatchedPage } from '../src/kinds/watch/watchedPage';

/** A look at a page of text that was another one before. */
export function exampleLook(before: string, now: string, settings: LaterLook['settings'] = {}): LaterLook {
  const target = { url: 'https://shop.example/', selector: null, without: [] };
  const page: Omit<WatchedPage, 'text'> = {
    kind: 'text',
    title: 'Shop',
    feed: null,
    isCut: false,
    isRendered: false,
    etag: null,
    lastModified: null,
  };
  const memory = remember({ ...page, text: before }, before, target, {});
  return { page: { ...page, text: now }, before: memory, target, settings, pictureId: null };
}
