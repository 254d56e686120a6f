import type { TestClock } from '@everbeat/testkit';
import type pg from 'pg';
import type { Coverage } from './coverage';
import type { InvariantChecker } from './invariantChecker';
import {
  CALM_HORIZON_SECONDS,
  type Expectation,
  expectLiveness,
  expectTold,
  whenAllIsTold,
} from './liveness';
import { checkToldNotes } from './toldNotes';
import type { UserWorkload } from './userWorkload';

export interface CalmParts {
  clock: TestClock;
  checker: InvariantChecker;
  coverage: Coverage;
  users: UserWorkload;
  pool: pg.Pool;
  /** Those that were found; more are added. */
  violations: string[];
}

const CHUNK_SECONDS = 60;

/** Lets time pass, now that nothing fails any more: everything under way must end before its deadline. */
export async function runCalmPhase(parts: CalmParts): Promise<void> {
  const { clock, checker, users, pool, violations } = parts;
  await untilMet(parts, expectLiveness(checker, clock.now().getTime()));
  await checker.check(CALM_HORIZON_SECONDS);
  violations.push(...(await checkToldNotes(pool)));
  for (const { what, userId } of users.pending) violations.push(`9: ${userId}'s ${what} never ended`);
  await tellTheRest(parts);
}

/**
 * What waits for the digest, or for the end of quiet hours, is told then. That may be a day away, so the
 * clock is set to it: a day of all tasks would take as long as many seeds.
 */
async function tellTheRest(parts: CalmParts): Promise<void> {
  const { clock, checker, coverage, violations } = parts;
  const toldAt = whenAllIsTold(checker, clock.now().getTime());
  if (toldAt === null || violations.length > 0) return;
  coverage.count('clock', 'set to when all is told');
  const waiting = [...checker.snapshot.deliveries.values()].filter(({ status }) => status === 'pending');
  if (waiting.some(({ reason }) => reason === 'digest')) coverage.count('clock', 'set to the next digest');
  clock.set(toldAt);
  await untilMet(parts, expectTold(checker, toldAt.getTime()));
}

async function untilMet(
  { clock, checker, violations }: CalmParts,
  expectations: readonly Expectation[],
): Promise<void> {
  let open = [...expectations];
  while (open.length > 0 && violations.length === 0) {
    await clock.advance(CHUNK_SECONDS * 1_000);
    await checker.check();
    const nowMs = clock.now().getTime();
    open = open.filter((expectation) => !expectation.isMet(checker));
    for (const { what, deadlineMs } of open) if (nowMs > deadlineMs) violations.push(what);
  }
}
