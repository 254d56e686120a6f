export * from './errors';
export * from './limits';
export * from './nextDue';
export * from './ports';
export * from './schedulerState';
export * from './status';
export * from './taskConfig';
export * from './text';
