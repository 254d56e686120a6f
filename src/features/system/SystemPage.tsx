'use client';

import { describeCommandSandbox, type SystemStatusView } from '@everbeat/domain';
import Link from 'next/link';
import { type ReactNode, useEffect, useRef } from 'react';
import { PageHeader } from '@/components/ui/pageHeader';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { formatDuration } from '@/lib/format/duration';
import { AgentsNotReady } from './AgentsNotReady';
import { Attention } from './Attention';
import { formatBytes, formatCount } from './formatCount';
import { LastDay } from './LastDay';
import { LastDays } from './LastDays';
import { Spend } from './Spend';
import { useSystemOverview, useSystemStatus } from './useSystemStatus';

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

const SECRETS_LABELS: Record<SystemStatusView['secrets']['key'], string> = {
  environment: 'Encrypted with the key in SECRETS_KEY',
  file: 'Encrypted with the key in the data folder',
  none: 'None can be stored: SECRETS_KEY is not set',
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

/** What the watchdog repairs (PROTOCOL §5). */
const REPAIRS = [
  ['stuck', 'runs without a sign of life'],
  ['unpublished', 'runs that the scheduler had not been told of'],
  ['lost', 'runs that did not start in time'],
  ['orphans', 'tasks that nothing would have started'],
  ['impossible', 'runs and questions due too far ahead'],
] as const;

function Watchdog({ pass }: { pass: SystemStatusView['lastWatchdogRun'] }) {
  if (pass === null) return 'not yet';
  const parts = REPAIRS.flatMap(([kind, text]) =>
    pass[kind] === 0 ? [] : [`${formatCount(pass[kind])} ${text}`],
  );
  return (
    <>
      <RelativeTime at={pass.at} />,{' '}
      {parts.length === 0 ? 'nothing to repair' : `repaired: ${parts.join(', ')}`}
    </>
  );
}

function Folders({ folders }: { folders: { bytes: number; isPartial: boolean } }) {
  return `${folders.isPartial ? 'more than ' : ''}${formatBytes(folders.bytes)}`;
}

function Storage({ storage }: { storage: SystemStatusView['storage'] }) {
  if (storage === null) return 'not measured yet';
  const growth = storage.bytesPerDay;
  return growth === null || growth <= 0
    ? formatBytes(storage.bytes)
    : `${formatBytes(storage.bytes)}, growing by ${formatBytes(growth)} a day`;
}

function Status({ status }: { status: SystemStatusView }) {
  const overview = useSystemOverview();
  const settings = useRef<HTMLDListElement>(null);
  // Where briefs lead that tell of a setting. The browser itself looked for it before the page had loaded.
  useEffect(() => {
    if (!overview.isPending && window.location.hash === '#settings') settings.current?.scrollIntoView();
  }, [overview.isPending]);
  return (
    <div className="space-y-6">
      {overview.isPending && <ListSkeleton rows={2} rowClass="h-28" />}
      {overview.isLoadingError && (
        <ErrorState
          title="What needs you could not be loaded"
          error={overview.error}
          onRetry={() => overview.refetch()}
        />
      )}
      {overview.data !== undefined && (
        <>
          <Attention attention={overview.data.attention} overdue={status.overdue} />
          <AgentsNotReady agents={overview.data.agentsNotReady} />
        </>
      )}
      <dl className="grid gap-3 sm:grid-cols-3">
        <Figure name="Scheduled" value={formatCount(status.armed)} note="waiting for their next run" />
        <Figure name="Running" value={formatCount(status.running)} note="at this moment" />
        <Figure name="Overdue" value={formatCount(status.overdue)} note="should have started by now" />
      </dl>
      {overview.data !== undefined && <LastDay runs={overview.data.lastDay} />}
      <LastDays />
      <Spend />
      <dl ref={settings} id="settings" className="divide-y border-y">
        <Fact name="Mode">{MODE_LABELS[status.mode]}</Fact>
        <Fact name="Scheduler">{SCHEDULER_LABELS[status.scheduler]}</Fact>
        <Fact name="Database">{DATABASE_LABELS[status.database]}</Fact>
        <Fact name="Last check by the watchdog">
          <Watchdog pass={status.lastWatchdogRun} />
        </Fact>
        <Fact name="Stored">
          <Storage storage={status.storage} />
        </Fact>
        {status.storage?.folders != null && status.storage.folders.bytes > 0 && (
          <Fact name="Folders in which commands work">
            <Folders folders={status.storage.folders} />
          </Fact>
        )}
        <Fact name="Live pages">
          {status.liveStreams === 1 ? '1 browser' : `${formatCount(status.liveStreams)} browsers`}
        </Fact>
        <Fact name="Stored secrets">{status.secrets.problem ?? SECRETS_LABELS[status.secrets.key]}</Fact>
        <Fact name="Model provider">
          <Link href="/settings/models" className="text-accent underline underline-offset-2">
            {status.modelConfigured ? 'Configured' : 'None: model agents cannot run'}
          </Link>
        </Fact>
        <Fact name="Allowed commands">
          {status.commands.length === 0 ? 'None' : status.commands.join(', ')}
        </Fact>
        {status.repositories.length > 0 && (
          <Fact name="Repositories of commands">{status.repositories.join(', ')}</Fact>
        )}
        {status.commandSandbox !== null && (
          <Fact name="Commands">They are {describeCommandSandbox(status.commandSandbox)}</Fact>
        )}
        <Fact name="Shortest interval of a task">{formatDuration(status.heartbeatMinSeconds)}</Fact>
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
      <PageHeader title="System" lead="What needs you, how the last days went, and how the system runs." />
      {isPending && <ListSkeleton rows={3} rowClass="h-28" />}
      {data === undefined && error !== null && (
        <ErrorState title="The status could not be loaded" error={error} onRetry={() => refetch()} />
      )}
      {data !== undefined && <Status status={data} />}
    </div>
  );
}
