export * from './deliveryPlan';
export * from './deliveryRetry';
export * from './lists';
export * from './newsKind';
export * from './quietHours';
