import { perPool, type RunPool } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { type Place, RunRoom } from './room';

const roomOf = (runsMax: number) =>
  new RunRoom({ pools: perPool(() => ({ runsMax, runMb: 1 })), totalMb: 10_000 });

function take(room: RunRoom, pool: RunPool = 'http'): Place {
  const place = room.take(pool);
  if (place === null) throw new Error(`There is no room for ${pool}`);
  return place;
}

/** Lets promises that are resolved continue. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What a wait came to so far. */
async function stateOf(wait: Promise<Place | null>): Promise<'waits' | 'has a place' | 'has none'> {
  await turn();
  const place = await Promise.race([wait, Promise.resolve(undefined)]);
  if (place === undefined) return 'waits';
  return place === null ? 'has none' : 'has a place';
}

const turnOf = (rank: number, dueMs = 0) => ({ rank, dueMs });

describe('a tick', () => {
  it('takes a place as long as there is one, and gives it back once', () => {
    const room = roomOf(2);
    const [first] = [take(room), take(room)];
    expect(room.take('http')).toBeNull();
    expect(room.free('watch')).toBe(2);

    first.release();
    first.release();

    expect(room.free('http')).toBe(1);
  });

  it('of an unknown kind takes a place of each pool that has one', () => {
    const room = roomOf(1);
    take(room, 'watch');
    expect(room.takeOfEach().map(({ pool }) => pool)).toEqual(['http', 'model', 'command', 'none']);
  });

  it('that waits gets the next place, the most urgent first, then the one that was due first', async () => {
    const room = roomOf(1);
    const wait = { clock: createTestClock(), waitMs: 10_000 };
    const held = take(room);
    const low = room.waitForTick('http', turnOf(4, 1), wait);
    const late = room.waitForTick('http', turnOf(2, 9), wait);
    const early = room.waitForTick('http', turnOf(2, 5), wait);

    held.release();
    expect([await stateOf(early), await stateOf(late), await stateOf(low)]).toEqual([
      'has a place',
      'waits',
      'waits',
    ]);
    (await early)?.release();
    expect(await stateOf(late)).toBe('has a place');
  });

  it('waits no longer than it said', async () => {
    const room = roomOf(1);
    const clock = createTestClock();
    take(room);
    const wait = room.waitForTick('http', turnOf(3), { clock, waitMs: 10_000 });

    await clock.advance(9_999);
    expect(await stateOf(wait)).toBe('waits');
    await clock.advance(1);
    expect(await stateOf(wait)).toBe('has none');
    expect(clock.pending()).toBe(0);
  });

  it('is turned away at once when many wait already', async () => {
    const room = roomOf(1);
    const wait = { clock: createTestClock(), waitMs: 10_000 };
    take(room);
    for (let count = 0; count < 200; count += 1) void room.waitForTick('http', turnOf(3), wait);
    expect(await stateOf(room.waitForTick('http', turnOf(1), wait))).toBe('has none');
  });
});

describe('a person’s run', () => {
  it('takes a place beyond the limit of ticks, from a reserve of four for each kind', async () => {
    const room = roomOf(1);
    take(room);
    for (let count = 0; count < 4; count += 1) {
      expect(await stateOf(room.forPerson('http'))).toBe('has a place');
    }
    expect(await stateOf(room.forPerson('http'))).toBe('waits');
    expect(await stateOf(room.forPerson('watch'))).toBe('has a place');
  });

  it('waits ahead of every tick when the reserve is used up: no tick gets a place meanwhile', async () => {
    const room = roomOf(1);
    const ofTick = take(room);
    const ofPeople = await Promise.all([1, 2, 3, 4].map(() => room.forPerson('http')));
    const tick = room.waitForTick('http', turnOf(1), { clock: createTestClock(), waitMs: 10_000 });
    const person = room.forPerson('http');

    ofPeople[0]?.release();
    expect([await stateOf(person), await stateOf(tick)]).toEqual(['has a place', 'waits']);

    ofTick.release();
    expect(await stateOf(tick)).toBe('waits');
    for (const place of [...ofPeople, await person]) place?.release();
    expect(await stateOf(tick)).toBe('has a place');
  });

  it('that is aborted while it waits leaves the line', async () => {
    const room = roomOf(1);
    take(room);
    for (let count = 0; count < 4; count += 1) await room.forPerson('http');
    const aborted = new AbortController();
    const wait = room.forPerson('http', aborted.signal);
    aborted.abort();
    expect(await stateOf(wait)).toBe('has none');
    expect(await stateOf(room.forPerson('http', aborted.signal))).toBe('has none');
  });
});

it('a place that is given back is announced, and may be room for another pool, as the memory is shared', () => {
  const room = new RunRoom({ pools: perPool(() => ({ runsMax: 100, runMb: 1 })), totalMb: 20 });
  const places = Array.from({ length: room.free('http') }, () => take(room));
  const before = room.free('watch');
  const seen: number[] = [];
  const stopListening = room.onFreed(() => seen.push(room.free('watch')));

  places[0]?.release();
  stopListening();
  places[1]?.release();

  expect(seen).toEqual([before + 1]);
});

it('a room that is closed gives no more places, and nobody waits in it any more', async () => {
  const room = roomOf(1);
  const held = take(room);
  const wait = { clock: createTestClock(), waitMs: 10_000 };
  const tick = room.waitForTick('http', turnOf(1), wait);

  room.close();

  expect(await stateOf(tick)).toBe('has none');
  held.release();
  expect(room.take('http')).toBeNull();
  expect(await stateOf(room.forPerson('http'))).toBe('has none');
  expect(await stateOf(room.waitForTick('http', turnOf(1), wait))).toBe('has none');
});
