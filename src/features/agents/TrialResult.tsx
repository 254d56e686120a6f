import { type FailureClass, LIMITS } from '@everbeat/domain';
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
  agent: `A task would count this failure; ${LIMITS.fuseFailures} in a row pause it.`,
  transient: 'A task would try again after a while, and again until it works.',
  'rate-limit': 'A limit is used up. A task would wait and go on by itself.',
  'needs-person': 'A task would pause until you have put this right.',
  lost: 'The run was lost. A task would repeat it.',
};

/** What the agent called and noted on its way, in order. */
function Calls({ transcript }: Pick<Trial, 'transcript'>) {
  const calls = transcript.filter(({ role }) => role === 'tool');
  if (calls.length === 0) return null;
  return (
    <section className="border-t pt-3">
      <h3 className="text-sm font-medium">What it did</h3>
      <ol className="mt-2 space-y-2">
        {calls.map(({ content }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change, and calls may be the same
          <li key={place}>
            <ScrollRegion className="max-h-40 overflow-auto rounded-lg bg-sunken px-3 py-2">
              <pre className="text-[0.8125rem] whitespace-pre-wrap wrap-anywhere">{content}</pre>
            </ScrollRegion>
          </li>
        ))}
      </ol>
    </section>
  );
}

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
      <Calls transcript={trial.transcript} />
      {trial.briefs?.map((brief) => (
        <div key={brief.title} className="border-t pt-3">
          <h3 className="font-medium">{brief.title}</h3>
          <Markdown text={brief.summary} />
        </div>
      ))}
    </div>
  );
}
