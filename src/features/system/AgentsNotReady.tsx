'use client';

import type { SystemOverviewView } from '@everbeat/domain';
import Link from 'next/link';
import { buttonVariants } from '@/components/ui/button';

/** The agents of running tasks that are not ready, by their last check, each with where to correct it. */
export function AgentsNotReady({ agents }: { agents: SystemOverviewView['agentsNotReady'] }) {
  if (agents.length === 0) return null;
  return (
    <section aria-labelledby="agents-not-ready" className="space-y-3">
      <h2 id="agents-not-ready" className="text-lg font-semibold tracking-tight">
        Agents that are not ready
      </h2>
      <ul className="divide-y overflow-hidden rounded-2xl border bg-surface">
        {agents.map(({ id, name, problem, cure }) => (
          <li key={id} className="flex flex-wrap items-start gap-3 px-4 py-3.5 sm:px-5">
            <div className="min-w-0 flex-1 basis-48">
              <Link href={`/agents?edit=${id}`} className="font-medium underline-offset-2 hover:underline">
                {name}
              </Link>
              <p className="text-sm wrap-anywhere text-muted">{problem}</p>
            </div>
            {cure !== null && (
              <Link href={cure.url ?? ''} className={buttonVariants({ variant: 'outline', size: 'small' })}>
                {cure.label}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
