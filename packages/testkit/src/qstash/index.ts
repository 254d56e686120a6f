export { QSTASH_DEVELOPMENT } from './constants';
export { type FakeQStash, type FakeQStashOptions, startFakeQStash } from './fakeQStash';
export type { FaultScope, Faults, PublishFault } from './faults';
export type { DeadLetter, QStashDelivery, QStashMessage } from './records';
export type { QStashSchedule } from './schedules';
export { bodyHash, deliveryClaims, type JwtParts, signDelivery, signJwt } from './signature';
