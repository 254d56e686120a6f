import type { ReactNode } from 'react';

/** A box that may scroll in itself, and so can be reached by keyboard. */
export function ScrollRegion({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className={className}>
      {children}
    </div>
  );
}
