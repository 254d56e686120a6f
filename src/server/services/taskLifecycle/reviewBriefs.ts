import { findingText } from '@everbeat/agents';
import {
  actionsOf,
  type BriefActionView,
  LIMITS,
  type ReviewResult,
  type ReviewVerdict,
  storableText,
  type TaskState,
} from '@everbeat/domain';
import type { NewBrief } from './briefWrites';
import type { SettledReview } from './settledReview';

/**
 * What the person reads about work that was checked (PROTOCOL §4.4). All but the requirement is untrusted
 * Markdown.
 */

const TRY_AGAIN: BriefActionView = { key: 'retry', label: 'Try again' };
/** As much of the report as the question shows. The transcript has all of it. */
const REPORT_CHARS_MAX = 6_000;

/** Asks what to do with work that did not pass. */
export function reviewBrief(
  state: TaskState,
  { result, work }: Pick<SettledReview, 'result' | 'work'>,
): NewBrief {
  const { identifier } = state;
  const tries = [...(work?.earlier ?? []), ...(result === null ? [] : [result])];
  const isUncertain = result?.verdict === 'uncertain';
  const times = result === null || result.iteration < 2 ? '' : ` after ${result.iteration} tries`;
  return {
    type: 'result',
    priority: 'urgent',
    purpose: 'review',
    title: isUncertain
      ? `${identifier}: its reviewer is uncertain${times}. What should happen?`
      : `${identifier} did not pass its check${times}. What should happen?`,
    summary: [
      result === null ? '' : boundedFinding(result),
      result === null ? '' : `**It had to fulfil:** ${result.requirement}`,
      tries.length > 1
        ? `**Tries:** ${tries
            .slice(-(result?.iteration ?? 1))
            .map(tryText)
            .join(', ')}`
        : '',
      acceptText(state),
      work === null ? '' : `**Its last report**\n\n${storableText(work.report, REPORT_CHARS_MAX)}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    actions: [TRY_AGAIN, ...actionsOf('accept', 'feedback')],
  };
}

const VERDICTS: Record<ReviewVerdict, string> = {
  passed: 'passed',
  failed: 'did not pass',
  uncertain: 'uncertain',
};

const tryText = ({ iteration, verdict }: ReviewResult): string =>
  `${iteration} ${verdict === null ? 'not checked' : VERDICTS[verdict]}`;

/** So that the rest of the brief has room beside it. The page of the task shows all of it. */
const boundedFinding = (result: ReviewResult): string =>
  storableText(findingText(result), LIMITS.errorMessageCharsMax);

function acceptText({ automationMode, scheduler, identifier }: TaskState): string {
  if (automationMode === null) return `If you accept it as it is, ${identifier} is completed.`;
  return scheduler.review?.goalMet === true
    ? `Its agent says that the goal is met. If you accept that, ${identifier} is completed and does not run again.`
    : `If you accept it as it is, ${identifier} goes on with its next regular run.`;
}

/** What a brief about work that counts says of its check. */
export function checkedText({ result }: Pick<SettledReview, 'result'>): string {
  return result === null ? '' : `\n\n---\n\n${boundedFinding(result)}`;
}
