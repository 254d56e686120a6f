import { type Check, database, type Mutant, unit } from '../mutant';

const RUNNER = 'src/server/services/taskRunner';
const LOCAL = 'packages/scheduler/src/local';
const SCHEDULER: Check[] = [unit(`${LOCAL}/room.test.ts`, `${LOCAL}/dueLane.test.ts`), unit(LOCAL)];
const ROOM: Check[] = [unit(`${RUNNER}/room.test.ts`)];
const LIMITS: Check[] = [unit('packages/domain/src/room.test.ts')];
const BOTH_MODES: Check[] = [
  database('tests/room/local.db.test.ts', 'tests/room/memories.db.test.ts'),
  database('tests/queue/room.db.test.ts'),
];

/** The guards of the room for runs (PROTOCOL §4.2): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Check[]][] = [
  [
    'packages/database/src/claim/claim.ts',
    'a task is claimed only with a place for its agent',
    "and (i.pools is null or coalesce(a.kind, 'none') = any(i.pools))",
    '',
    BOTH_MODES,
  ],
  [
    'packages/database/src/claim/claim.ts',
    'a large memory does not come with the claim',
    'case when pg_column_size(m.memory) <= ${SMALL_MEMORY_BYTES_MAX} then m.memory end as memory',
    'm.memory',
    BOTH_MODES,
  ],
  [
    `${RUNNER}/execution.ts`,
    'a run is given its large memory',
    'if (!run.hasLargeMemory) return run.memory;',
    'if (run.operationId) return run.memory;',
    BOTH_MODES,
  ],
  [
    'packages/domain/src/room.ts',
    'the runs of all pools fit into the memory',
    'const byMemory = Math.floor((limits.totalMb - takenMb) / runMb);',
    'const byMemory = runsMax + 0 * takenMb;',
    LIMITS,
  ],
  [
    'packages/domain/src/room.ts',
    'every pool keeps its part',
    'const kept = each === pool ? 0 : guaranteedPlaces(limits, each);',
    'const kept = 0;',
    LIMITS,
  ],
  [
    'packages/domain/src/priority.ts',
    'a task without a priority counts as medium',
    'priority === NONE ? MEDIUM : priority',
    'priority === MEDIUM + 9 ? NONE : priority',
    [unit('packages/domain/src/priority.test.ts')],
  ],
  [`${RUNNER}/room.ts`, 'a place is given back once', 'if (!isHeld) return;', '', ROOM],
  [`${RUNNER}/room.ts`, 'the reserve of people has an end', 'pool) > -RESERVE', 'pool) > -1_000', ROOM],
  [
    `${RUNNER}/room.ts`,
    'a room that is closed gives no place to a person',
    'if (this.isClosed || signal?.aborted)',
    'if (signal?.aborted)',
    ROOM,
  ],
  [
    `${RUNNER}/room.ts`,
    'not more than so many ticks wait in requests',
    'this.waiting[pool].length >= WAITING_TICKS_MAX',
    'this.waiting[pool].length < 0',
    ROOM,
  ],
  [
    `${RUNNER}/runClaims.ts`,
    'a claim gives back the places that it does not need',
    'for (const place of places) if (place !== taken) place.release();',
    '',
    BOTH_MODES,
  ],
  [`${RUNNER}/TaskRunnerService.ts`, 'a run gives its place back', 'held?.release();', '', BOTH_MODES],
  [
    `${LOCAL}/localTaskScheduler.ts`,
    'no more is delivered than there is room for',
    'Math.min(this.options.room.free(pool), this.options.deliverTicksMax - due.length)',
    'this.options.deliverTicksMax - due.length',
    SCHEDULER,
  ],
  [
    `${LOCAL}/localTaskScheduler.ts`,
    'room that comes wakes what waits for it',
    'some(({ queue }) => queue.isWaiting)',
    'some(({ queue }) => queue.size < 0)',
    SCHEDULER,
  ],
  [
    `${LOCAL}/localTaskScheduler.ts`,
    'a tick that found no room is not lost',
    '[...noRoom, ...unavailable]',
    '[...unavailable]',
    SCHEDULER,
  ],
  [
    `${LOCAL}/localTaskScheduler.ts`,
    'a tick that met an unavailable database is not lost',
    '[...noRoom, ...unavailable]',
    '[...noRoom]',
    SCHEDULER,
  ],
  [
    `${LOCAL}/dueLane.ts`,
    'a window has an end',
    'if (this.queue.size >= this.heldTicksMax) this.endReading();',
    '',
    SCHEDULER,
  ],
  [
    `${LOCAL}/dueLane.ts`,
    'what was read before is not read again',
    'if (this.isReading && isAfter(tick, this.position))',
    'if (this.isReading)',
    SCHEDULER,
  ],
  [
    `${LOCAL}/dueTickQueue.ts`,
    'the more urgent tick goes first',
    'a.rank - b.rank || byDueTime(a, b)',
    'byDueTime(a, b)',
    SCHEDULER,
  ],
];

export const ROOM_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `room: ${name}`,
  file,
  find,
  replace,
  checks,
}));
