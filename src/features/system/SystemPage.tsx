'use client';

import type { SystemStatusView } from '@everbeat/domain';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { PageHeader } from '@/components/ui/pageHeader';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { formatDuration } from '@/lib/format/duration';
import { formatCount } from './formatCount';
import { useSystemStatus } from './useSystemStatus';

const MODE_LABELS: Record<SystemStatusView['mode'], string> = {
  local: 'Local: this server runs the agents by itself',
  queue: 'Queue: signed calls from a message queue run the agents',
};
const SCHEDULER_LABELS: Record<SystemStatusView['scheduler'], string> = {
  local: 'Timers in this server',
  qstash: 'QStash',
};
const DATABASE_LABELS: Record<SystemStatusView['database'], string> = {
  embedded: 'Embedded Postgres',
  external: 'External Postgres',
};

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="rounded-2xl border bg-surface p-5">
      <dt className="text-sm text-muted">{name}</dt>
      <dd>
        <span className="block text-3xl font-semibold tracking-tight tabular-nums">{value}</span>
        <span className="text-[0.8125rem] text-muted">{note}</span>
      </dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 py-3">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 text-right tabular-nums">{children}</dd>
    </div>
  );
}

function Health({ status }: { status: SystemStatusView }) {
  const well = status.overdue === 0;
  const Icon = well ? CircleCheck : CircleAlert;
  return (
    <p className={`flex items-center gap-2 font-medium ${well ? 'text-accent' : 'text-warn'}`}>
      <Icon aria-hidden className="size-5 shrink-0" />
      {well
        ? 'No task is overdue'
        : `${formatCount(status.overdue)} overdue: the watchdog starts them at its next check`}
    </p>
  );
}

function Watchdog({ pass }: { pass: SystemStatusView['lastWatchdogRun'] }) {
  if (pass === null) return 'not yet';
  const found = pass.stuck + pass.unpublished + pass.lost + pass.orphans + pass.impossible;
  const parts = `${pass.stuck} stuck, ${pass.unpublished} unpublished, ${pass.lost} lost, ${pass.orphans} orphaned, ${pass.impossible} due too far ahead`;
  return (
    <>
      <RelativeTime at={pass.at} />, {found === 0 ? 'nothing to repair' : `repaired: ${parts}`}
    </>
  );
}

function Status({ status }: { status: SystemStatusView }) {
  return (
    <div className="space-y-6">
      <Health status={status} />
      <dl className="grid gap-3 sm:grid-cols-3">
        <Figure name="Scheduled" value={formatCount(status.armed)} note="waiting for their next run" />
        <Figure name="Running" value={formatCount(status.running)} note="at this moment" />
        <Figure name="Overdue" value={formatCount(status.overdue)} note="should have started by now" />
      </dl>
      <dl className="divide-y border-y">
        <Fact name="Mode">{MODE_LABELS[status.mode]}</Fact>
        <Fact name="Scheduler">{SCHEDULER_LABELS[status.scheduler]}</Fact>
        <Fact name="Database">{DATABASE_LABELS[status.database]}</Fact>
        <Fact name="Last check by the watchdog">
          <Watchdog pass={status.lastWatchdogRun} />
        </Fact>
        <Fact name="Model provider">
          {status.modelConfigured ? 'Configured' : 'None: model agents cannot run'}
        </Fact>
        <Fact name="Allowed commands">
          {status.commands.length === 0 ? 'None' : status.commands.join(', ')}
        </Fact>
        <Fact name="Shortest heartbeat interval">{formatDuration(status.heartbeatMinSeconds)}</Fact>
        {status.wrongPasswords !== null && (
          <Fact name="Wrong passwords">
            {formatCount(status.wrongPasswords.count)} since the server started, the last{' '}
            <RelativeTime at={status.wrongPasswords.lastAt} />
          </Fact>
        )}
        <Fact name="Version">{status.version}</Fact>
      </dl>
    </div>
  );
}

export function SystemPage() {
  const { data, error, isPending, refetch } = useSystemStatus();
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="System" lead="How your tasks are scheduled, and whether they run on time." />
      {isPending && <ListSkeleton rows={3} rowClass="h-28" />}
      {data === undefined && error !== null && (
        <ErrorState title="The status could not be loaded" error={error} onRetry={() => refetch()} />
      )}
      {data !== undefined && <Status status={data} />}
    </div>
  );
}
