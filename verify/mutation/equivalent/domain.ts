import type { Equivalent } from './equivalent';

const NEVER_ABSENT = 'the value is always there; the default satisfies the compiler';

const NO_ID = 'no task has that id';

export const DOMAIN: readonly Equivalent[] = [
  {
    file: 'packages/domain/src/cronRefusal.ts',
    line: "const [range = '', step, ...moreSteps] = item.split('/');",
    from: "''",
    to: ['"Stryker was here!"'],
    reason: NEVER_ABSENT,
  },
  {
    file: 'packages/domain/src/cronRefusal.ts',
    line: "const [from = '', to, ...moreValues] = range.split('-');",
    from: "''",
    to: ['"Stryker was here!"'],
    reason: NEVER_ABSENT,
  },
  {
    file: 'packages/domain/src/cronRefusal.ts',
    line: "const text = texts[index] ?? '';",
    from: "''",
    to: ['"Stryker was here!"'],
    reason: NEVER_ABSENT,
  },
  {
    file: 'packages/domain/src/completionPlan.ts',
    line: "const earlyMs = Date.parse(state.scheduler.dueAt ?? '') - now.getTime();",
    from: "''",
    to: ['"Stryker was here!"'],
    reason: 'neither text is a date',
  },
  {
    file: 'packages/domain/src/completionPlan.ts',
    line: "state.operation?.trigger === 'schedule' && earlyMs > 0 && earlyMs <= LIMITS.earlyToleranceMs;",
    from: 'earlyMs > 0',
    to: ['earlyMs >= 0'],
    reason: 'both instants are the same then',
  },
  {
    file: 'packages/domain/src/dependencies.ts',
    line: 'const { ignoredDependencies = [], endedDependencies: asked = [] } = state.scheduler;',
    from: '[]',
    to: ['["Stryker was here"]'],
    reason: NO_ID,
  },
  {
    file: 'packages/domain/src/dependencies.ts',
    line: 'const { ignored = [], dropped = [] } = answer ?? {};',
    from: '[]',
    to: ['["Stryker was here"]'],
    reason: NO_ID,
  },
  {
    file: 'packages/domain/src/dependencies.ts',
    line: 'const { endedDependencies: asked, ignoredDependencies = [], ...scheduler } = state.scheduler;',
    from: '[]',
    to: ['["Stryker was here"]'],
    reason: NO_ID,
  },
];
