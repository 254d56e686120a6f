import type { Budget } from './budget';
import { DAY_MS } from './durations';
import { type AutomationRule, nextDue } from './nextDue';

/** A month, as forecasts count it: 30 days. */
const FORECAST_DAYS = 30;
const MONTH_MS = FORECAST_DAYS * DAY_MS;

/** So many times of a schedule are counted; from there on, its beats are taken to go on as they did. */
const COUNTED_BEATS_MAX = 100;

/** What is known of the newest runs of a task. */
export interface RecentSpend {
  /** How many runs they are. */
  runs: number;
  /** What they have cost together. */
  costUsd: number;
  /** From the begin to the end of all of them, together. */
  runMs: number;
  /** From the begin of the oldest until now. */
  sinceMs: number;
}

/** How often a rule lets a task run in a month, when a run takes so long. Null: it has no rhythm. */
export function beatsPerMonth(rule: AutomationRule, runMs: number, now: Date): number | null {
  if (rule.automationMode === 'heartbeat') {
    const { dueAt } = nextDue(rule, now);
    return dueAt === null ? null : MONTH_MS / (dueAt.getTime() - now.getTime() + runMs);
  }
  if (rule.automationMode === null) return null;
  const endMs = now.getTime() + MONTH_MS;
  let beats = 0;
  for (let at = now; ; beats += 1) {
    const { dueAt } = nextDue(rule, at);
    if (dueAt === null || dueAt.getTime() > endMs) return beats;
    if (beats === COUNTED_BEATS_MAX) return (beats * MONTH_MS) / (at.getTime() - now.getTime());
    at = dueAt;
  }
}

/** The most that these caps let anything cost in a month, in dollars. Infinite: they do not say. */
export const monthCapUsd = ({ perDayUsd, perMonthUsd }: Budget): number =>
  Math.min((perDayUsd ?? Number.POSITIVE_INFINITY) * FORECAST_DAYS, perMonthUsd ?? Number.POSITIVE_INFINITY);

/**
 * What a task will cost in the next 30 days, if its beats go on to cost what the newest ones did: the cost of
 * a beat, times the beats that its rhythm gives, as far as its caps of a day and a month allow. A task
 * without a rhythm is taken to be run as often as lately. What ends a task sooner, such as `maxTopics`, is
 * left out.
 * @returns dollars
 */
export const forecastMonthUsd = (
  rule: AutomationRule,
  recent: RecentSpend,
  budget: Budget,
  now: Date,
): number => Math.min(uncappedMonthUsd(rule, recent, now), monthCapUsd(budget));

function uncappedMonthUsd(rule: AutomationRule, recent: RecentSpend, now: Date): number {
  if (recent.runs === 0 || recent.costUsd === 0) return 0;
  const beats = beatsPerMonth(rule, recent.runMs / recent.runs, now);
  if (beats !== null) return (recent.costUsd / recent.runs) * beats;
  // One run a moment ago is no sign of one every moment.
  return (recent.costUsd * MONTH_MS) / Math.max(recent.sinceMs, MONTH_MS);
}
