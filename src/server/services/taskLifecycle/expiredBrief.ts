import type { BriefRef, BriefWrite } from '@everbeat/database';
import {
  type Answer,
  actionsOf,
  type BriefActionView,
  defaultOptionOf,
  durationText,
  type TaskState,
} from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import type { WriteContext } from './planWrite';

/** What a brief is answered with, by whom. */
export interface Said extends Pick<Answer, 'action' | 'when' | 'isUnanswered'> {
  /** The option. */
  chosen: BriefActionView;
  comment: string | null;
  isByLink?: true;
}

/** What counts where silence chooses nothing: the agent is told that nobody answered. */
const [NOTHING = { key: 'decline', label: 'Decline' }] = actionsOf('decline');

/** What silence answers a brief with (PROTOCOL §4). Null: its time is not over. */
export function saidBySilence(brief: BriefRef, now: Date): Said | null {
  if (brief.expiresAt === null || brief.expiresAt > now) return null;
  const chosen = defaultOptionOf(brief) ?? NOTHING;
  return { chosen, action: chosen.key, comment: null, when: 'now', isUnanswered: true };
}

/** The brief that tells the person what was done without them; none where they have answered. */
export function defaultTold(
  { identifier }: TaskState,
  brief: BriefRef,
  { isUnanswered }: Said,
  { ids, now }: WriteContext,
): BriefWrite[] {
  if (!isUnanswered) return [];
  const within = `within ${durationText(now.getTime() - brief.createdAt.getTime())}`;
  const option = defaultOptionOf(brief);
  const [title, outcome] =
    option === null
      ? [`Nobody answered ${identifier}: nothing was chosen`, 'so the agent was told that nothing was chosen']
      : [
          `Nobody answered ${identifier}: “${option.label}” was chosen`,
          `so “${option.label}” was chosen, as the question had said`,
        ];
  const told = briefWrite(ids, {
    type: 'insight',
    priority: 'normal',
    purpose: null,
    actions: actionsOf('acknowledge'),
    title,
    summary: `Nobody answered ${within}, ${outcome}.\n\n> ${brief.title}`,
  });
  return [told];
}
