import { of } from './decisionMutants';

const CRON_TIMES = of(
  'cronTimes.ts',
  ['cronTimes', 'nextDue'],
  [
    [
      'only a pattern of every hour goes by elapsed time',
      'isEveryHour ? instantsOf(timezone, time) : [earliest]',
      'instantsOf(timezone, time)',
    ],
    [
      'a pattern of every hour goes by elapsed time',
      'isEveryHour ? instantsOf(timezone, time) : [earliest]',
      '[earliest]',
    ],
    ['times that come again after a set-back are not passed over', ' - setBack;', ';'],
    [
      'the earliest of several instants is due',
      'if (next <= earliest) return',
      'if (Number.isFinite(next)) return',
    ],
    [
      'a date is not a pattern',
      'const { hour } = new CronPattern',
      "const { hour } = pattern.includes(':') ? { hour: [] } : new CronPattern",
    ],
  ],
);

const TIMEZONES = of(
  'timezones.ts',
  ['timezones', 'cronTimes'],
  [
    ['an abbreviation is not a zone', ' || NAMES_WITHOUT_SLASH.has(name)', " || !name.includes('/')"],
    ['an old alias without a slash is a zone', ' || NAMES_WITHOUT_SLASH.has(name)', ''],
    [
      'a skipped time is due right after the change',
      'changeBetween(timezone, clockMs - after, clockMs - before)',
      'clockMs - before',
    ],
    [
      'an instant shows the time that is asked for',
      '.filter((offset) => offsetAt(timezone, clockMs - offset) === offset)',
      '',
    ],
  ],
);

const IMPOSSIBLE_DUE = [
  ...of(
    'planRest.ts',
    ['impossibleDue', 'manualRun'],
    [
      [
        'a heartbeat is due within its interval',
        '|| dueAtMs > latestDueMs(state, now)) return false;',
        ') return false;',
      ],
      ['a paced task may be due later', '(pacing?.maxSeconds ?? 0)', '0'],
      ['a further attempt may be due after its wait', 'retry?.waitSeconds ?? 0', '0'],
      ['a one-off is due now', 'if (rule.automationMode === null) return waitedMs;', ''],
      [
        'an arm that is too far ahead is found',
        'return Date.parse(dueAt) > (Number.isFinite(byRuleMs) ? byRuleMs : withoutRuleMs);',
        'return Number.isNaN(byRuleMs) && withoutRuleMs < 0;',
      ],
      ['an arm may be ahead by the tolerance', 'new Date(now.getTime() + toleranceMs)', 'now'],
      [
        'an unreadable rule leaves the arm to its tick',
        '(Number.isFinite(byRuleMs) ? byRuleMs : withoutRuleMs)',
        'byRuleMs',
      ],
      ['an arm without a rule is bounded too', ' : withoutRuleMs);', ' : Number.POSITIVE_INFINITY);'],
    ],
  ),
  ...of(
    'commandDecisions.ts',
    ['impossibleDue'],
    [
      [
        'only an impossible arm is made anew',
        ' || !isDueTooFar(state, now, toleranceMs)) return null;',
        ') return null;',
      ],
      [
        'an attempt that is armed anew waits as long as before',
        '+ (retry?.waitSeconds ?? 0) * 1_000), retry });',
        '), retry });',
      ],
      [
        'an edit leaves no impossible arm',
        'isSameRule(before, edited) && !isDueTooFar(edited, now);',
        'isSameRule(before, edited);',
      ],
    ],
  ),
];

/** Guards of when a task is due: cron patterns, time zones, due times that are too far ahead. */
export const SCHEDULE_GUARDS = [...CRON_TIMES, ...TIMEZONES, ...IMPOSSIBLE_DUE];
