import {
  type ChannelRules,
  DEFAULT_RULES,
  LIMITS,
  type QuietHours,
  type TaskRules,
  toInstant,
} from '@everbeat/domain';
import type pg from 'pg';
import type { Random } from '../support/random';

/** Where it is eight o'clock, the time of the digest, one hour after every seed has begun. */
export const TIMEZONE = 'Asia/Bangkok';

const RULES: readonly ChannelRules[] = [
  DEFAULT_RULES,
  { ...DEFAULT_RULES, change: 'at-once', 'good-to-know': 'digest' },
  { ...DEFAULT_RULES, failed: 'digest', recovered: 'never' },
];

/** Gives a user a channel that takes a message once, one that does not know ids, or both. */
export async function addChannels(
  pool: pg.Pool,
  { userId, place, now }: { userId: string; place: number; now: Date },
  random: Random,
): Promise<string[]> {
  const kinds = random.pick([['webhook'], ['email'], ['webhook', 'email']] as const);
  const ids: string[] = [];
  // A second channel asks again what nobody has answered, and now and then the only one does.
  const alone = kinds.length === 1 && random.chance(0.5) ? 'at-once' : 'never';
  for (const [index, kind] of kinds.entries()) {
    const id = `00000000-0000-7000-8000-0000000001${place}${index}`;
    const quietHours: QuietHours = { from: '07:30', to: '08:20', urgentPasses: random.chance(0.5) };
    await pool.query(
      `insert into everbeat.channels (id, user_id, kind, name, config, rules, quiet_hours, cool_down_minutes, created_at, updated_at)
       values ($1, $2, $3, $3, '{}', $4::jsonb, $5::jsonb, $6, $7, $7)`,
      [
        id,
        userId,
        kind,
        JSON.stringify({ ...random.pick(RULES), unanswered: index > 0 ? 'at-once' : alone }),
        random.chance(0.3) ? JSON.stringify(quietHours) : null,
        random.pick([0, 2, LIMITS.coolDownMinutesDefault]),
        toInstant(now),
      ],
    );
    ids.push(id);
  }
  return ids;
}

/** What one task is told otherwise. */
export const TASK_RULES: readonly TaskRules[] = [
  { 'needs-me': 'never' },
  { failed: 'never' },
  { unanswered: 'never' },
  { 'good-to-know': 'at-once', change: 'at-once' },
];

/**
 * What people change later. Nothing that was never sent becomes so, nor the other way round, so that every
 * row can be compared with the rules at any time.
 */
export const CHANNEL_EDITS: readonly { isEnabled?: boolean; coolDownMinutes?: number; rules?: TaskRules }[] =
  [
    { isEnabled: false },
    { isEnabled: true },
    { isEnabled: true },
    { coolDownMinutes: 5 },
    { rules: { change: 'digest' } },
    { rules: { change: 'at-once' } },
  ];
