import type { ReactNode } from 'react';

/** A box with its own scroll bar, focusable so that it can be scrolled by keyboard. */
export function ScrollRegion({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard
    <div tabIndex={0} className={className}>
      {children}
    </div>
  );
}
