import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainNever, explainRefusal } from './cronRefusal';
import { AppError } from './errors';
import { assertRule, nextCronTime } from './nextDue';

const NOW = new Date('2026-06-01T12:00:00Z');
const SPECIAL_DAYS =
  'is not a special day; those are L, LW and 15W for the day of month, FRI#2 and FRIL for the weekday';

function refusalOf(pattern: string): string {
  try {
    nextCronTime(pattern, 'UTC', NOW);
  } catch (error) {
    if (error instanceof AppError) return error.message;
  }
  return 'accepted';
}

describe('a refused pattern says which field is wrong and why', () => {
  it.each([
    ['0 9 * * FRI-MON', 'the weekday "FRI-MON" runs over the end of the weekdays; write "FRI-SAT,SUN-MON"'],
    ['0 22-2 * * *', 'the hour "22-2" runs over the end of the hours; write "22-23,0-2"'],
    ['0 9 * * 7-1', 'the weekday "7-1" runs over the end of the weekdays; write "0-1"'],
    ['0 9 * DEC-FEB *', 'the month "DEC-FEB" runs over the end of the months; write "DEC,JAN-FEB"'],
    ['0 25 * * *', 'the hour "25" is not a number from 0 to 23'],
    ['0 9 0 * *', 'the day of month "0" is not a number from 1 to 31'],
    ['5.5 * * * *', 'the minute "5.5" is not a number from 0 to 59'],
    ['0 9 * * LUN', 'the weekday "LUN" is not a number from 0 to 7 or a name from SUN to SAT'],
    [
      '0 9 * * 1-5,8-9',
      'the weekday "8-9" has "8", which is not a number from 0 to 7 or a name from SUN to SAT',
    ],
    [
      '0 9 * MAY-JUNE *',
      'the month "MAY-JUNE" has "JUNE", which is not a number from 1 to 12 or a name from JAN to DEC',
    ],
    ['1,,2 * * * *', 'the minute "1,,2" has a comma too many'],
    ['*/0 * * * *', 'the minute "*/0" needs a step from 1 to 60 after the "/"'],
    ['0 9 */0 * *', 'the day of month "*/0" needs a step from 1 to 31 after the "/"'],
    ['5/61 * * * *', 'the minute "5/61" needs a step from 1 to 60 after the "/"'],
    ['5/60 * * * *', 'the minute "5/60" has a step without a range; write "5-59/60"'],
    ['5/1 * * * *', 'the minute "5/1" has a step without a range; write "5-59/1"'],
    ['0 9 * * 3/2', 'the weekday "3/2" has a step without a range; write "3-6/2"'],
    ['0 9 * * 7/2', 'the weekday "7/2" has a step without a range; write "0-6/2"'],
    ['0 9 * * TUE/2', 'the weekday "TUE/2" has a step without a range; write "TUE-SAT/2"'],
    ['*/2/3 * * * *', 'the minute "*/2/3" has more than one step'],
    ['1-2-3 * * * *', 'the minute "1-2-3" has more than one dash'],
    ['0 *-5 * * *', 'the hour "*-5" mixes a range and "*"'],
    ['0 5-* * * *', 'the hour "5-*" mixes a range and "*"'],
    ['0 9 L-3 * *', `the day of month "L-3" ${SPECIAL_DAYS}`],
    ['0 9 * * MON#6', `the weekday "MON#6" ${SPECIAL_DAYS}`],
    [
      '0 0 9 * * *',
      'it has 6 fields instead of minute, hour, day of month, month and weekday; leave out the seconds',
    ],
    ['0 9 * *', 'it has 4 fields instead of minute, hour, day of month, month and weekday'],
    ['noon', 'it has 1 field instead of minute, hour, day of month, month and weekday'],
    [' ', 'it has 0 fields instead of minute, hour, day of month, month and weekday'],
    ['9:30', 'it has a colon; a time of day such as 9:30 is written "30 9 * * *"'],
    ['@noon', 'the only nicknames are @yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly'],
  ])('%s', (pattern, reason) => {
    expect(refusalOf(pattern)).toBe(`"${pattern}" is not a cron pattern: ${reason}`);
  });

  it.each(['5', '1-5', '1-5/2', '*', '*/2'])(
    'an item in which nothing is wrong is only said not to be readable: %s',
    (item) => {
      expect(explainRefusal(`${item} * * * *`, (text) => !text.startsWith(item))).toBe(
        `the minute "${item}" cannot be read`,
      );
    },
  );

  it('fields that are accepted one by one do not fit together', () => {
    expect(explainRefusal('0 9 * * *', () => true)).toBe('its fields do not fit together');
  });

  it('and what it says to write instead is accepted', () => {
    const words = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
    const field = fc.constantFrom(
      { at: 0, values: Array.from({ length: 60 }, (_, value) => `${value}`) },
      { at: 1, values: Array.from({ length: 24 }, (_, value) => `${value}`) },
      { at: 2, values: Array.from({ length: 31 }, (_, value) => `${value + 1}`) },
      { at: 3, values: ['JAN', 'FEB', '3', 'OCT', '11', 'DEC'] },
      { at: 4, values: words },
      { at: 4, values: [...words.keys(), 7].map(String) },
    );
    const wrong = field.chain(({ at, values }) =>
      fc
        .tuple(fc.constantFrom(...values), fc.constantFrom(...values), fc.boolean())
        .map(([from, to, isStep]) => ({ at, text: isStep ? `${from}/2` : `${from}-${to}` })),
    );
    const patternWith = (at: number, text: string) => ['0', '9', '*', '*', '*'].with(at, text).join(' ');
    fc.assert(
      fc.property(wrong, ({ at, text }) => {
        const refusal = refusalOf(patternWith(at, text));
        fc.pre(refusal !== 'accepted');
        const [, remedy = 'nothing'] = /write "(.+)"$/.exec(refusal) ?? [];
        expect(refusalOf(patternWith(at, remedy))).toBe('accepted');
      }),
    );
  });

  it('also when it has no next date', () => {
    const rule = { automationMode: 'schedule', heartbeatInterval: null, scheduleTimezone: null } as const;
    expect(() => assertRule({ ...rule, schedulePattern: '0 9 30 2 *' }, NOW, 10)).toThrow(
      'The pattern "0 9 30 2 *" has no next date: no date has the day of month "30" in the month "2"',
    );
    const never = 'no date has the day of month "30" in the month "2"';
    expect(explainNever('0 9 30 2 ?')).toBe(never);
    expect(explainNever('0 9 30 2 *')).toBe(never);
    expect(explainNever('0 9 30 2 MON')).toBe(`${never} and the weekday "MON"`);
  });
});
