export { QSTASH_DEVELOPMENT } from './constants';
export { type FakeQStash, startFakeQStash } from './fakeQStash';
export type { QStashMessage } from './records';
export { bodyHash, deliveryClaims, type JwtParts, signDelivery, signJwt } from './signature';
