import type { Equivalent } from './equivalent';

export const SERVICES: readonly Equivalent[] = [
  {
    file: 'src/server/services/feed/feedTail.ts',
    line: 'private isNudged = false;',
    from: 'false',
    to: ['true'],
    reason: 'each read begins by setting it',
  },
  {
    file: 'src/server/services/taskLifecycle/resumeAll.ts',
    line: 'if (last === undefined || tasks.length < PAGE_SIZE) return result(false);',
    from: 'last === undefined || tasks.length < PAGE_SIZE',
    to: ['last === undefined && tasks.length < PAGE_SIZE'],
    reason: 'a page that is not full is followed by an empty one',
  },
];
