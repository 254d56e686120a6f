import type { BriefActionView } from '@everbeat/domain';
import type { AnswerPage } from './AnswerLinkService';

/** What became of a brief, in one line. Labels are text from outside. */
export function outcomeText(actions: readonly BriefActionView[], resolvedAction: string | null): string {
  const label = actions.find(({ key }) => key === resolvedAction)?.label;
  return label === undefined ? 'This is over: it needs no answer any more.' : `Answered: ${label}`;
}

/** What whoever pressed a button is told. Null: the button is not known. */
export function pressedText(page: AnswerPage | null): string {
  if (page === null) return 'This button is not known here. Answer it in Everbeat.';
  const { action, actions, resolvedAction } = page.link;
  switch (page.state) {
    case 'answered': {
      const outcome = outcomeText(actions, resolvedAction);
      return resolvedAction === action ? outcome : outcome.replace(/^Answered: /, 'Was answered already: ');
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
