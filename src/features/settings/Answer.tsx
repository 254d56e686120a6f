import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a provider or a server said when it was last asked. */
export function Answer({ isReady, children }: { isReady: boolean; children: ReactNode }) {
  return (
    <p
      role="status"
      className={`mt-1 flex items-start gap-2 text-sm wrap-anywhere ${isReady ? 'text-muted' : ''}`}
    >
      {isReady ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
      ) : (
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      )}
      <span>{children}</span>
    </p>
  );
}
