import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIMITS } from '../limits';
import { type ChannelState, type DueDelivery, planDeliveries } from './deliveryPlan';
import { NEWS_KINDS, RULE_VALUES } from './lists';

const START_MS = Date.parse('2026-03-27T00:00:00Z');
const HOUR_MS = 3_600_000;

const times = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`);
const quietHours = fc.option(
  fc.record({ from: times, to: times, urgentPasses: fc.boolean() }).filter(({ from, to }) => from !== to),
);
const deliveries = fc
  .array(
    fc.record({
      task: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom(...NEWS_KINDS),
      rule: fc.constantFrom(...RULE_VALUES),
      isSeen: fc.boolean(),
      isAsked: fc.boolean(),
      minute: fc.integer({ min: 0, max: 3_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((drawn) =>
    drawn.map(({ task, minute, isAsked, ...fields }, index): Row => {
      const createdMs = START_MS + minute * 60_000;
      return {
        id: `d${index}`,
        briefId: `b${index}`,
        taskId: `t${task}`,
        messageId: null,
        told: 'yes',
        reason: isAsked ? 'asked' : null,
        createdAt: new Date(createdMs),
        dueMs: createdMs,
        isResolved: false,
        isMuted: false,
        isTaskDeleted: false,
        ...fields,
      };
    }),
  );
type Row = DueDelivery & { dueMs: number };

test('every delivery is sent once or skipped in the end, and never more in an hour than the cap', () => {
  fc.assert(
    fc.property(
      deliveries,
      quietHours,
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
      fc.integer({ min: 0, max: 600 }),
      (rows, quiet, timezone, coolDownMinutes) => {
        const pending = new Map(rows.map((row) => [row.id, row]));
        const sent: { atMs: number; tasks: string[] }[] = [];
        for (let looks = 0; pending.size > 0; looks += 1) {
          expect(looks).toBeLessThan(2_000);
          const nowMs = Math.min(...[...pending.values()].map(({ dueMs }) => dueMs));
          const atMs = Math.max(nowMs, sent.at(-1)?.atMs ?? 0);
          const due = [...pending.values()].filter(({ dueMs }) => dueMs <= atMs);
          const channel: ChannelState = {
            isEnabled: true,
            quietHours: quiet,
            timezone,
            coolDownMinutes,
            failingSince: null,
            unknownBefore: 0,
            lastHour: sent.filter((each) => each.atMs > atMs - HOUR_MS).map((each) => new Date(each.atMs)),
            lastOfTask: new Map(
              sent.flatMap((each) => each.tasks.map((task) => [task, new Date(each.atMs)])),
            ),
          };
          const { skips, waits, message } = planDeliveries(channel, due, new Date(atMs));

          const named = [...skips, ...waits].map(({ id }) => id).concat(message?.ids ?? []);
          expect(new Set(named).size, 'each is in one list').toBe(named.length);
          expect(named.length, 'there is progress').toBeGreaterThan(0);
          for (const { id } of skips) pending.delete(id);
          for (const { id, until, reason } of waits) {
            const row = pending.get(id);
            expect(until.getTime()).toBeGreaterThan(atMs);
            expect(until.getTime() - atMs).toBeLessThanOrEqual(49 * HOUR_MS);
            if (row !== undefined) pending.set(id, { ...row, reason, dueMs: until.getTime() });
          }
          if (message === null) continue;
          expect(message.ids.length).toBeGreaterThan(0);
          const tasks = message.ids.flatMap((id) => pending.get(id)?.taskId ?? []);
          for (const id of message.ids) expect(pending.delete(id), 'it is still pending').toBe(true);
          sent.push({ atMs, tasks });
          if (message.as === 'digest') continue;
          const inHour = sent.filter((each) => each.atMs > atMs - HOUR_MS);
          expect(inHour.length).toBeLessThanOrEqual(LIMITS.messagesPerHourMax + DIGESTS_PER_HOUR_MAX);
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** A digest is not held back, and counts for what follows. */
const DIGESTS_PER_HOUR_MAX = 1;
