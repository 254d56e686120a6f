'use client';

import { type RefObject, useRef } from 'react';
import { useShortcuts } from '@/lib/shortcuts/useShortcuts';

interface OptionKeys {
  /** Null: the agent reads no words. */
  onReply: (() => void) | null;
}

/**
 * Lets keys choose the options within an element: each is found by its `data-option`, and clicked, so that a
 * key does what its button does. What is not on the screen is not chosen. Null: keys choose nothing.
 */
export function useOptionKeys(keys: OptionKeys | null): RefObject<HTMLDivElement | null> {
  const options = useRef<HTMLDivElement>(null);
  const all = (): HTMLElement[] =>
    [...(options.current?.querySelectorAll<HTMLElement>('[data-option]') ?? [])].filter((option) =>
      option.checkVisibility(),
    );
  useShortcuts(
    keys === null
      ? {}
      : {
          option: ({ key }) => all()[Number(key) - 1]?.click(),
          approve: () =>
            all()
              .find(({ dataset }) => dataset.option === 'approve')
              ?.click(),
          reply: () => keys.onReply?.(),
        },
  );
  return options;
}
