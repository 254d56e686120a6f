import type { Reading } from './reading/readPage';

/** What a server sent with a page, for later requests that ask whether the page has changed. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

/** A page as it is compared. */
export interface WatchedPage extends Validators, Omit<Reading, 'needsBrowser'> {
  /** Whether it was read in a browser, as its scripts have filled it. */
  isRendered: boolean;
}
