import { type BriefActionView, defaultOptionOf, needsWords } from '@everbeat/domain';
import type { AnswerPage } from './AnswerLinkService';

interface Outcome {
  /** Labels are text from outside. */
  actions: readonly BriefActionView[];
  resolvedAction: string | null;
  /** What silence chooses; null: nothing. */
  defaultAction: string | null;
  /** Nobody has answered in time. */
  isUnanswered: boolean;
}

/** What became of a brief, in one line. `answered`: what stands before the answer of a person. */
export function outcomeText(
  { actions, resolvedAction, defaultAction, isUnanswered }: Outcome,
  answered = 'Answered',
): string {
  if (isUnanswered) {
    const chosen = defaultOptionOf({ actions, defaultAction });
    return `Nobody answered in time. ${chosen === null ? 'Nothing was chosen.' : `Chosen: ${chosen.label}`}`;
  }
  const label = actions.find(({ key }) => key === resolvedAction)?.label;
  if (label === undefined) return 'This is over: it needs no answer any more.';
  return `${answered}: ${label}`;
}

/** What whoever pressed a button is told. Null: the button is not known. */
export function pressedText(page: AnswerPage | null): string {
  if (page === null) return 'This button is not known here. Answer it in Everbeat.';
  const { action, actions, resolvedAction, resolvedEffect, defaultAction } = page.link;
  switch (page.state) {
    case 'answered': {
      const isUnanswered = resolvedEffect?.isUnanswered === true;
      const answered = resolvedAction === action ? 'Answered' : 'Was answered already';
      return outcomeText({ actions, resolvedAction, defaultAction, isUnanswered }, answered);
    }
    case 'used':
      return 'The answer was taken back since. Answer it in Everbeat.';
    case 'expired':
      return 'Expired: a button answers for a week. Answer it in Everbeat.';
    case 'superseded':
      return 'This was asked anew since. Use the newer message, or Everbeat.';
    case 'open':
      return needsWords({ key: action })
        ? 'This answer is your words: write them in Everbeat, or in Telegram as a reply to the message.'
        : 'It is not answered yet. Try again.';
  }
}
