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
    file: 'packages/domain/src/cronTimes.ts',
    line: 'if (oldest !== undefined && parsedPatterns.size >= PARSED_PATTERNS_MAX) parsedPatterns.delete(oldest);',
    from: 'parsedPatterns.size >= PARSED_PATTERNS_MAX',
    to: ['true', 'parsedPatterns.size > PARSED_PATTERNS_MAX'],
    reason: 'a pattern that is not kept is parsed again',
  },
  {
    file: 'packages/domain/src/cronTimes.ts',
    line: "const { hour } = new CronPattern(pattern, undefined, { mode: '5-part' });",
    from: "{ mode: '5-part' }",
    to: ['{}'],
    reason: 'on the next line, `Cron` refuses a pattern of more fields',
  },
  {
    file: 'packages/domain/src/editMerge.ts',
    line: '? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))',
    from: 'a < b',
    to: ['a <= b'],
    reason: 'no two keys of an object are the same',
  },
  {
    file: 'packages/domain/src/sleep.ts',
    line: "signal?.addEventListener('abort', finish, { once: true });",
    from: 'true',
    to: ['false'],
    reason: '`finish` removes the listener',
  },
  {
    file: 'packages/domain/src/timezones.ts',
    line: 'const [, sign, hours, minutes, seconds] = /GMT([+-])(\\d\\d):(\\d\\d)(?::(\\d\\d))?$/.exec(text) ?? [];',
    from: '/GMT([+-])(\\d\\d):(\\d\\d)(?::(\\d\\d))?$/',
    to: ['/GMT([+-])(\\d\\d):(\\d\\d)(?::(\\d\\d))?/'],
    reason: 'the format ends with the offset',
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
