import type { Spent } from '@everbeat/domain';
import type { ReactNode } from 'react';
import { formatTokens, formatUsd } from '@/lib/format/money';

export interface SpendRow extends Spent {
  key: string;
  name: ReactNode;
  /** In place of the cost. */
  note?: string;
}

/** What was spent on what, the dearest first. */
export function SpendRows({ title, rows }: { title: string; rows: readonly SpendRow[] }) {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ spentUsd }) => spentUsd));
  return (
    <div>
      <h3 className="text-sm text-muted">{title}</h3>
      <ul className="mt-1 divide-y">
        {rows.map(({ key, name, spentUsd, inputTokens, outputTokens, note }) => (
          <li key={key} className="space-y-1 py-1.5 text-sm">
            <p className="flex justify-between gap-4">
              <span className="min-w-0 truncate">{name}</span>
              <span className="shrink-0 tabular-nums">{note ?? formatUsd(spentUsd)}</span>
            </p>
            <p className="flex items-center gap-3 text-[0.8125rem] text-muted tabular-nums">
              <span aria-hidden className="h-1 min-w-0 flex-1 overflow-hidden rounded-full bg-sunken">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${most === 0 ? 0 : (spentUsd / most) * 100}%` }}
                />
              </span>
              {formatTokens(inputTokens + outputTokens)}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
