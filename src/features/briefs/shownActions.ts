import { type BriefActionView, type BriefView, needsAnswer } from '@everbeat/domain';

const CLOSING: readonly string[] = ['acknowledge', 'dismiss'];

/**
 * The options that a page shows. To acknowledge and to dismiss what asks nothing is the same, so only the
 * first of them is shown; `hasDone`: the page has a button of its own for that.
 */
export function shownActions(
  brief: Pick<BriefView, 'actions' | 'type' | 'priority' | 'purpose'>,
  { hasDone }: { hasDone: boolean },
): BriefActionView[] {
  if (needsAnswer(brief)) return brief.actions;
  const [first] = brief.actions.filter(({ key }) => CLOSING.includes(key));
  return brief.actions.filter((action) => {
    if (!CLOSING.includes(action.key)) return true;
    return !hasDone && action === first;
  });
}
