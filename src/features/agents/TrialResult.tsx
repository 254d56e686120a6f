import type { FailureClass } from '@everbeat/domain';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Markdown } from '@/components/ui/markdown';
import { ScrollRegion } from '@/components/ui/scrollRegion';
import { formatDuration, formatMilliseconds } from '@/lib/format/duration';
import type { Api } from '@/lib/trpc/client';

type Trial = inferOutput<Api['agent']['test']>;

function Heading({ trial }: { trial: Trial }) {
  const failed = trial.kind === 'error' || trial.kind === 'canceled';
  const Icon = failed ? CircleAlert : CircleCheck;
  return (
    <p className={`flex items-center gap-2 font-medium ${failed ? 'text-danger' : 'text-accent'}`}>
      <Icon aria-hidden className="size-5" />
      {failed ? 'It failed' : trial.kind === 'accepted' ? 'It accepted the work' : 'It answered'} after{' '}
      {formatMilliseconds(trial.durationMs)}
    </p>
  );
}

/** What a task would do after such a failure. */
const FAILURE_TEXTS: Record<FailureClass, string> = {
  agent: 'A task would count this failure; three in a row pause it.',
  transient: 'A task would try again after a while, and again until it works.',
  'rate-limit': 'A limit is used up. A task would wait and go on by itself.',
  'needs-person': 'A task would pause until you have put this right.',
  lost: 'The run was lost. A task would repeat it.',
};

/** The result of one trial run. */
export function TrialResult({ trial }: { trial: Trial }) {
  return (
    <div role="status" className="space-y-3 rounded-2xl border bg-surface p-4">
      <Heading trial={trial} />
      {trial.errorMessage !== undefined && (
        <p className="text-sm">
          {trial.errorMessage}{' '}
          {trial.errorCode !== undefined && <code className="text-muted">{trial.errorCode}</code>}
        </p>
      )}
      {trial.failureClass !== undefined && (
        <p className="text-muted text-sm">
          {FAILURE_TEXTS[trial.failureClass]}
          {trial.retryAfterSeconds !== undefined &&
            ` It asks to be left alone for ${formatDuration(trial.retryAfterSeconds)}.`}
        </p>
      )}
      {trial.content !== undefined && trial.content !== '' && (
        <ScrollRegion className="max-h-96 overflow-auto">
          <Markdown text={trial.content} />
        </ScrollRegion>
      )}
      {trial.briefs?.map((brief) => (
        <div key={brief.title} className="border-t pt-3">
          <h3 className="font-medium">{brief.title}</h3>
          <Markdown text={brief.summary} />
        </div>
      ))}
    </div>
  );
}
