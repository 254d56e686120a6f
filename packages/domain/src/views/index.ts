export * from './agents';
export * from './briefs';
export * from './channels';
export * from './feeds';
export * from './inbox';
export * from './runs';
export * from './system';
export * from './tasks';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
