import type { BriefActionView } from '@everbeat/domain';
import type { AnswerPage } from './AnswerLinkService';

interface Outcome {
  /** Labels are text from outside. */
  actions: readonly BriefActionView[];
  resolvedAction: string | null;
  /** Its default was chosen. */
  isUnanswered: boolean;
}

/** What became of a brief, in one line. `answered`: what stands before the answer of a person. */
export function outcomeText(
  { actions, resolvedAction, isUnanswered }: Outcome,
  answered = 'Answered',
): string {
  const label = actions.find(({ key }) => key === resolvedAction)?.label;
  if (label === undefined) return 'This is over: it needs no answer any more.';
  return isUnanswered ? `Nobody answered in time. Chosen: ${label}` : `${answered}: ${label}`;
}

/** What whoever pressed a button is told. Null: the button is not known. */
export function pressedText(page: AnswerPage | null): string {
  if (page === null) return 'This button is not known here. Answer it in Everbeat.';
  const { action, actions, resolvedAction, resolvedEffect } = page.link;
  switch (page.state) {
    case 'answered': {
      const isUnanswered = resolvedEffect?.isUnanswered === true;
      const answered = resolvedAction === action ? 'Answered' : 'Was answered already';
      return outcomeText({ actions, resolvedAction, isUnanswered }, answered);
    }
    case 'used':
      return 'The answer was taken back since. Answer it in Everbeat.';
    case 'expired':
      return 'Expired: a button answers for a week. Answer it in Everbeat.';
    case 'superseded':
      return 'This was asked anew since. Use the newer message, or Everbeat.';
    case 'open':
      return 'It is not answered yet. Try again.';
  }
}
