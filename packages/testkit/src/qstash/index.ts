export { QSTASH_DEVELOPMENT } from './constants';
export type { FaultScope, Faults, PublishFault } from './faults';
export type { DeadLetter, StandInDelivery, StandInMessage } from './records';
export type { StandInSchedule } from './schedules';
export { bodyHash, deliveryClaims, type JwtParts, signDelivery, signJwt } from './signature';
export { type QStashStandIn, type QStashStandInOptions, startQStashStandIn } from './standIn';
