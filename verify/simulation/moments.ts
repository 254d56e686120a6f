import type { TestClock } from '@everbeat/testkit';
import type pg from 'pg';
import type { Random } from '../support/random';
import type { Coverage } from './coverage';
import type { InvariantChecker } from './invariantChecker';
import type { BriefRow, Snapshot } from './snapshot';
import type { Absence, Deadline } from './steps';
import type { UserWorkload } from './userWorkload';
import { letWeeksPass, untilNextBeatMs } from './weeksAway';

/** What a moment is made of that random acts would hardly ever meet. */
export interface MomentParts {
  pool: pg.Pool;
  clock: TestClock;
  coverage: Coverage;
  checker: InvariantChecker;
  users: UserWorkload;
  random: Random;
  /** Has the watchdog look, in any of the servers. */
  sweep(): void;
}

/** After that, most runs have ended that began with a beat. */
const BEAT_MS = 60_000;

/** No simulated person waits longer for a deadline. */
const DEADLINE_MS_MAX = 1_800_000;

/**
 * Weeks pass in which nobody looks, and then the first beat of a task of which something lies unread. Perhaps
 * its people are back then, and look at all such tasks at once.
 */
export async function beAway(parts: MomentParts, { days, looks, target, choice }: Absence): Promise<void> {
  const { pool, clock, coverage, checker, users, random } = parts;
  const ids = await letWeeksPass(pool, coverage, { days, now: clock.now() });
  await checker.check();
  const waitMs = untilNextBeatMs(checker.snapshot, ids, clock.now().getTime());
  if (waitMs === null) return;
  await clock.advance(waitMs + BEAT_MS);
  if (!looks) return;
  const { snapshot } = checker;
  for (const taskId of ids)
    users.begin({ what: 'look', target, choice }, { snapshot, random, about: { taskId } });
  await clock.advance(0);
}

/**
 * Lets time pass until about the deadline of a question. At that moment its person answers it twice and a
 * pass of the watchdog takes its default, each in any of the servers.
 */
export async function meetDeadline(
  { clock, checker, users, random, sweep }: MomentParts,
  { target, choice, offsetSeconds }: Deadline,
): Promise<void> {
  const nowMs = clock.now().getTime();
  const found = questionThatEnds(checker.snapshot, target, nowMs);
  if (found === null) return;
  await clock.advance(Math.max(0, found.endsMs + offsetSeconds * 1_000 - nowMs));
  const { snapshot } = checker;
  const about = { question: found.question };
  for (let answers = 0; answers < 2; answers += 1)
    users.begin({ what: 'resolve', target, choice }, { snapshot, random, about });
  sweep();
  await clock.advance(0);
}

/** An open question whose time is over soon, by an index of any size. Null: there is none. */
function questionThatEnds(
  { briefs, tasks }: Snapshot,
  target: number,
  nowMs: number,
): { question: BriefRow; endsMs: number } | null {
  const ending = [...briefs.values()].flatMap((question) => {
    const endsMs = Date.parse(question.expires_at ?? '');
    const isSoon = endsMs > nowMs && endsMs <= nowMs + DEADLINE_MS_MAX;
    return question.resolved_at === null && isSoon && tasks.has(question.task_id)
      ? [{ question, endsMs }]
      : [];
  });
  return ending[target % Math.max(1, ending.length)] ?? null;
}
