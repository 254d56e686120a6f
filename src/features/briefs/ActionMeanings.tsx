import type { BriefActionView } from '@everbeat/domain';
import { systemMeaning } from './briefLabels';

/** What the system's own options of a brief do, folded away. */
export function ActionMeanings({ actions }: { actions: readonly BriefActionView[] }) {
  const explained = actions.flatMap((action) => {
    const meaning = systemMeaning(action);
    return meaning === null ? [] : [{ ...action, meaning }];
  });
  if (explained.length === 0) return null;
  return (
    <details className="text-[0.8125rem] text-muted">
      <summary className="w-fit cursor-pointer rounded-md">What do these do?</summary>
      <dl className="mt-1.5 grid gap-x-3 gap-y-1 sm:grid-cols-[auto_1fr]">
        {explained.map(({ key, label, meaning }) => (
          <div key={key} className="sm:contents">
            <dt className="font-medium">{label}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
