/** What the rest of the system and the kinds of agents know of each other. */
export type * from './port/readers';
export type * from './port/report';
export type * from './port/request';
export type * from './port/runtime';
export type * from './port/steps';
