'use client';

import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface TabItem<Value extends string> {
  value: Value;
  label: string;
  /** Shown beside the label unless it is 0. */
  count?: number;
  content: ReactNode;
}

interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  items: readonly TabItem<Value>[];
}

export function Tabs<Value extends string>({ label, value, onValueChange, items }: TabsProps<Value>) {
  const choose = (chosen: unknown) => {
    const item = items.find((candidate) => candidate.value === chosen);
    if (item !== undefined) onValueChange(item.value);
  };
  return (
    <BaseTabs.Root value={value} onValueChange={choose}>
      <BaseTabs.List aria-label={label} className="flex gap-1 overflow-x-auto border-b p-0.5 pb-0">
        {items.map((item) => (
          <BaseTabs.Tab
            key={item.value}
            value={item.value}
            className="-mb-px flex items-center gap-1.5 rounded-t-md border-b-2 border-transparent px-3 py-2 text-sm font-medium whitespace-nowrap text-muted hover:text-ink data-active:border-accent data-active:text-ink"
          >
            {item.label}
            {item.count !== undefined && item.count > 0 && (
              <span className="rounded-full bg-sunken px-1.5 text-xs text-muted tabular-nums">
                {item.count}
              </span>
            )}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {items.map((item) => (
        <BaseTabs.Panel key={item.value} value={item.value} className="pt-5 outline-offset-8">
          <h2 className="sr-only">{item.label}</h2>
          {item.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
