import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextCronTime } from './nextDue';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Zones whose clocks are changed at different times of the day: at 1, 2 or 3 o'clock, at midnight, over
 * midnight (Nuuk), by half an hour (Lord Howe), by two hours (Troll).
 */
const CHANGING_ZONES = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Nuuk',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
] as const;

/** What the clocks of a zone show at every minute of the day around a change. */
interface Change {
  zone: string;
  startMs: number;
  /** The index of the first minute after the change. */
  changedAt: number;
  /** Each as the ms of the same date and time in UTC. */
  clock: number[];
  /** What a failed property prints. */
  [fc.toStringMethod]: () => string;
}

/** Both changes of 2027, found by looking at the clock every minute, without the code under test. */
function changesOf(zone: string): Change[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const clockAt = (ms: number) => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
  const aheadAt = (ms: number) => clockAt(ms) - ms;
  const changes: Change[] = [];
  for (let hour = Date.UTC(2027, 0, 2); hour < Date.UTC(2027, 11, 30); hour += HOUR_MS) {
    if (aheadAt(hour) === aheadAt(hour + HOUR_MS)) continue;
    const startMs = hour - 12 * HOUR_MS;
    const clock = Array.from({ length: 24 * 60 }, (_, minute) => clockAt(startMs + minute * MINUTE_MS));
    const changedAt = clock.findIndex(
      (time, index) => index > 0 && time - (clock[index - 1] ?? 0) !== MINUTE_MS,
    );
    const day = new Date(hour).toISOString().slice(0, 10);
    changes.push({ zone, startMs, changedAt, clock, [fc.toStringMethod]: () => `${zone} on ${day}` });
  }
  return changes;
}

const CHANGES = CHANGING_ZONES.flatMap(changesOf);

/** One field of a pattern with the values that it allows, read without the parser under test. */
interface FieldOfPattern {
  text: string;
  values: Set<number>;
}

const rangeOf = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Single values, lists, ranges, and steps over a range or over everything. */
function fieldUpTo(max: number): fc.Arbitrary<FieldOfPattern> {
  const value = fc.nat(max);
  const list = fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
  const range = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const step = fc.integer({ min: 2, max });
  const of = (text: string, values: number[]): FieldOfPattern => ({ text, values: new Set(values) });
  return fc.oneof(
    list.map((values) => of(values.join(','), values)),
    range.map(([from, to]) => of(`${from}-${to}`, rangeOf(from, to))),
    fc.tuple(range, step).map(([[from, to], by]) => of(`${from}-${to}/${by}`, rangeOf(from, to, by))),
    step.map((by) => of(`*/${by}`, rangeOf(0, max, by))),
    fc
      .tuple(value, range)
      .map(([one, [from, to]]) => of(`${one},${from}-${to}`, [one, ...rangeOf(from, to)])),
  );
}

function runsOf(pattern: string, { zone, startMs, clock }: Change): number[] {
  const runs: number[] = [];
  const endMs = startMs + clock.length * MINUTE_MS;
  for (
    let next = nextCronTime(pattern, zone, new Date(startMs - 1));
    next !== null && next.getTime() < endMs;
  ) {
    runs.push(next.getTime());
    next = nextCronTime(pattern, zone, next);
  }
  return runs;
}

/** The minutes that the clocks skip at a change, each as the same date and time in UTC. */
function skippedBy({ clock, changedAt }: Change): number[] {
  const [before, after] = [clock[changedAt - 1] ?? 0, clock[changedAt] ?? 0];
  return after > before ? rangeOf(before + MINUTE_MS, after - MINUTE_MS, MINUTE_MS) : [];
}

const minutesAndHours = fc.tuple(fieldUpTo(59), fieldUpTo(23));

describe('over a change of the clocks', () => {
  it('found two changes in each of ten zones', () => {
    expect(CHANGES.map(({ zone }) => zone)).toEqual(CHANGING_ZONES.flatMap((zone) => [zone, zone]));
  });

  it('each time of a pattern that names its hours is due once, a skipped one right after the change', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANGES), minutesAndHours, (change, [minute, hour]) => {
        fc.pre(hour.values.size < 24);
        const matches = (time: number) =>
          minute.values.has(new Date(time).getUTCMinutes()) && hour.values.has(new Date(time).getUTCHours());
        const instantOf = (index: number) => change.startMs + index * MINUTE_MS;
        const expected = new Set<number>();
        for (const [index, time] of change.clock.entries()) {
          if (matches(time) && change.clock.indexOf(time) === index) expected.add(instantOf(index));
        }
        if (skippedBy(change).some(matches)) expected.add(instantOf(change.changedAt));

        const runs = runsOf(`${minute.text} ${hour.text} * * *`, change);
        expect(runs).toEqual([...expected].sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });

  it('a pattern of every hour is due whenever the clock shows one of its minutes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        fieldUpTo(59),
        fc.constantFrom('*', '*/1', '0-23'),
        (change, minute, hour) => {
          const expected = change.clock.flatMap((time, index) =>
            minute.values.has(new Date(time).getUTCMinutes()) ? [change.startMs + index * MINUTE_MS] : [],
          );
          expect(runsOf(`${minute.text} ${hour} * * *`, change)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each<[string, string, string, string, string[]]>([
    [
      'two weekly times in the gap run once, right after it',
      '0,30 2 * * 0',
      'Europe/Berlin',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00:00.000Z', '2027-04-04T00:00:00.000Z', '2027-04-04T00:30:00.000Z'],
    ],
    [
      'steps within an hour of the gap too',
      '*/20 2 * * 0',
      'Europe/Berlin',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00:00.000Z', '2027-04-04T00:00:00.000Z'],
    ],
    [
      'a gap that ends at midnight does not lose the day before',
      '15 23 * * 6',
      'America/Nuuk',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00:00.000Z', '2027-04-04T00:15:00.000Z'],
    ],
    [
      'a list with an hour of the overlap runs once',
      '30 2,14 * * *',
      'Europe/Berlin',
      '2027-10-30T20:00:00Z',
      ['2027-10-31T00:30:00.000Z', '2027-10-31T13:30:00.000Z'],
    ],
    [
      'every second hour runs once in the overlap',
      '0 */2 * * *',
      'Europe/Berlin',
      '2027-10-30T21:30:00Z',
      ['2027-10-30T22:00:00.000Z', '2027-10-31T00:00:00.000Z', '2027-10-31T03:00:00.000Z'],
    ],
    [
      'a day that a zone skipped',
      '0 9 30 12 *',
      'Pacific/Apia',
      '2011-12-01T00:00:00Z',
      ['2011-12-30T10:00:00.000Z', '2012-12-29T19:00:00.000Z'],
    ],
  ])('%s', (_what, pattern, zone, after, expected) => {
    const runs: (string | undefined)[] = [];
    for (let from = new Date(after); runs.length < expected.length; ) {
      const next = nextCronTime(pattern, zone, from);
      runs.push(next?.toISOString());
      from = next ?? from;
    }
    expect(runs).toEqual(expected);
  });
});
