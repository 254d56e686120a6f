import {
  type BriefActionView,
  budgetRenewal,
  describeFullCap,
  type FullCapView,
  formatRenewal,
  inPeriod,
  LIMITS,
  raiseLabel,
  raiseOf,
  storableText,
  type TaskState,
  toInstant,
} from '@everbeat/domain';
import type { NewBrief } from './briefWrites';

/**
 * The one brief that asks what to do when caps leave no room (PROTOCOL §10). Its options say what they do in
 * amounts and dates, and do exactly that.
 */
export function budgetBrief(
  state: TaskState,
  full: readonly FullCapView[],
  report: string,
  now: Date,
): NewBrief {
  const [first] = full;
  const caps = full.map((cap) => `- ${describeFullCap(cap)}`).join('\n');
  const when = first === undefined ? '' : ` ${inPeriod(first.cap)}`;
  const whose = first === undefined ? 'its budget' : whoseBudget(state, first);
  return {
    type: 'decision',
    priority: 'urgent',
    title: `${state.identifier} has stopped: ${whose} leaves no room${when}`,
    summary: [caps, WHAT_NOW, report].filter((text) => text !== '').join('\n\n'),
    actions: optionsOf(state, full, now),
    purpose: 'budget',
  };
}

function whoseBudget(state: TaskState, { scope, scopeId, name }: FullCapView): string {
  if (scope === 'agent') return `the budget of the agent "${name}"`;
  if (scope === 'owner') return 'your budget for everything';
  return scopeId === state.id ? 'its budget' : `the budget of ${name}`;
}

const WHAT_NOW =
  'What the run had found until then is kept. Nothing more is spent before you answer: raise the cap, wait, or stop the task.';

function optionsOf(
  { automationMode }: TaskState,
  full: readonly FullCapView[],
  now: Date,
): BriefActionView[] {
  const renewal = budgetRenewal(full, now);
  const label = (text: string): string => storableText(text, LIMITS.briefActionLabelCharsMax);
  const raise = { key: 'raise', label: label(raiseLabel(full)), raises: full.map(raiseOf) };
  const stop = { key: 'stop', label: 'Stop the task' };
  if (renewal instanceof Date) {
    const timezone = full[0]?.timezone ?? 'UTC';
    const wait = {
      key: 'wait',
      label: `Wait until ${formatRenewal(renewal, timezone)}`,
      until: toInstant(renewal),
    };
    return [raise, wait, stop];
  }
  // One run is not enough for it, but the next one has a cap of its own.
  if (renewal === 'next-run' && automationMode !== null)
    return [raise, { key: 'wait', label: 'Go on with the next run' }, stop];
  return [raise, stop];
}
