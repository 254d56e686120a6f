export {
  connectGuarded,
  createDispatcher,
  dispatcherFor,
  guardedLookup,
  type Reach,
  RefusedAddressError,
  type Resolve,
} from './addressPolicy';
export * from './addressRules';
export { addressSchema, hasCredentials } from './addressSchema';
export { connectionFaultOf, isOddAnswer } from './connectionFault';
export * from './redact';
export * from './retryAfter';
export * from './signature';
