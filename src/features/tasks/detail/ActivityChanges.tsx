'use client';

import type { FieldChange } from '@everbeat/domain';
import { useAgents } from '@/features/agents/useAgents';
import { useIsHydrated } from '@/lib/useIsHydrated';
import { changeText } from './changeTexts';

/** Longer values, and those of several lines, stand below each other. */
const SHORT_CHARS = 40;

const isShort = (text: string | null): boolean =>
  text === null || (text.length <= SHORT_CHARS && !text.includes('\n'));

function Before({ text }: { text: string | null }) {
  return text === null ? (
    <span className="text-muted">not set</span>
  ) : (
    <del className="text-muted">{text}</del>
  );
}

function After({ text }: { text: string | null }) {
  return text === null ? (
    <span className="text-muted">not set</span>
  ) : (
    <ins className="no-underline">{text}</ins>
  );
}

/** What an edit changed: each setting with its value before and after. */
export function ActivityChanges({ changes }: { changes: readonly FieldChange[] }) {
  const agents = useAgents();
  // Some values are times in the zone of the browser, which the server does not know.
  if (!useIsHydrated() || agents.isPending) return null;
  const names = new Map(agents.data?.map(({ id, name }) => [id, name]));
  return (
    <dl className="mt-1 space-y-1 text-[0.8125rem]">
      {changes.map((change) => {
        const { label, from, to, isHidden } = changeText(change, names);
        return (
          <div key={change.field} className="wrap-anywhere">
            <dt className="inline font-medium">{label}: </dt>
            {isHidden ? (
              <dd className="inline text-muted">changed</dd>
            ) : isShort(from) && isShort(to) ? (
              <dd className="inline">
                <Before text={from} /> <span aria-hidden>→</span>
                <span className="sr-only"> is now </span> <After text={to} />
              </dd>
            ) : (
              <dd className="mt-0.5 space-y-1 border-l-2 pl-2.5 whitespace-pre-line">
                <p>
                  <Before text={from} />
                </p>
                <p>
                  <span className="sr-only">is now </span>
                  <After text={to} />
                </p>
              </dd>
            )}
          </div>
        );
      })}
    </dl>
  );
}
