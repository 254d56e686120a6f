'use client';

import type { AgentView, ReadinessView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';
import { PlaceLink } from '@/features/briefs/BriefActions';
import { cn } from '@/lib/cn';
import { useTRPC } from '@/lib/trpc/client';

/** What stands in the way, by its verdict. */
const LEADS: Record<NonNullable<ReadinessView['verdict']>, string> = {
  ready: 'Ready',
  'reauth-required': 'This agent cannot run: it has to sign in anew.',
  misconfigured: 'This agent cannot run yet.',
  forbidden: 'Something refuses what this agent needs.',
  unavailable: 'Something that this agent needs does not answer at present.',
};

function CheckButton({ agent }: { agent: AgentView }) {
  const trpc = useTRPC();
  const check = useMutation(
    trpc.agent.check.mutationOptions({ meta: { failed: `${agent.name} could not be checked` } }),
  );
  return (
    <Button
      size="small"
      variant="ghost"
      busy={check.isPending}
      aria-label={`Check again: ${agent.name}`}
      onClick={() => check.mutate({ id: agent.id })}
    >
      <RotateCw aria-hidden /> Check again
    </Button>
  );
}

/** Whether an agent can run, as far as that is known, and where to correct what is wrong. */
export function AgentReadiness({ agent }: { agent: AgentView }) {
  const { verdict, problem, cure, checkedAt } = agent.readiness;
  const isWrong = problem !== null && verdict !== 'ready';
  return (
    <div
      className={cn('my-1 text-[0.8125rem]', isWrong && 'rounded-lg bg-warn-soft px-3 py-2 wrap-anywhere')}
    >
      {isWrong && (
        <p>
          {LEADS[verdict ?? 'misconfigured']} {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {isWrong && cure !== null && <PlaceLink action={cure} variant="outline" />}
        {verdict === 'ready' && (
          <span className="flex items-center gap-1.5 text-muted">
            <CircleCheck aria-hidden className="size-3.5 text-accent" /> {LEADS.ready}
          </span>
        )}
        <span className="text-muted">
          {checkedAt === null ? (
            'Not checked yet'
          ) : (
            <>
              checked <RelativeTime at={checkedAt} />
            </>
          )}
        </span>
        <CheckButton agent={agent} />
      </div>
    </div>
  );
}
