import { type AccessSettings, decideAccess } from '@/server/http/access';

/**
 * Whether a request for a page is given data with it: a browser opens the page, rather than goes to it from
 * another one of ours, where it has read things already, and may read it. The proxy has decided on access
 * before; here it is decided again, because the page would hold data, and another proxy or a matcher with a
 * gap must not be enough to read it.
 */
export const isGivenData = (headers: Pick<Headers, 'get'>, settings: AccessSettings): boolean =>
  headers.get('sec-fetch-dest') !== 'empty' && decideAccess({ method: 'GET', headers }, settings).isAllowed;
