import {
  type AgentKind,
  type BriefView,
  type DocumentHead,
  MEMORY_DOCUMENT,
  type OperationStatus,
  type RunMark,
  type TaskDetailView,
  type TaskStatus,
  type TopicView,
} from '@everbeat/domain';
import { formatMilliseconds, formatSpan } from '@/lib/format/duration';
import { formatNamedDay } from '@/lib/format/time';

/** What the first screen of a task says: how it goes, what it found, what comes next. */

const FAILED: ReadonlySet<OperationStatus> = new Set(['error', 'timeout']);

type Runs = readonly Pick<RunMark, 'status' | 'startedAt' | 'finishedAt'>[];

/**
 * "All of the last 30 runs succeeded." "The last 2 runs failed; 27 of the last 30 succeeded." `total`: of all
 * runs.
 */
export function howItGoes(recent: Runs, total: number): string {
  if (recent.length === 0) return total === 0 ? 'It has not run yet.' : 'Its runs are no longer kept.';
  // What a person stopped, and what waits for one, is neither a success nor a failure.
  const counted = recent.filter(({ status }) => status === 'done' || FAILED.has(status));
  const { length } = counted;
  const isAll = total <= recent.length;
  if (length === 0) {
    if (total === 1 && recent[0]?.finishedAt === null) return 'Its first run is not over yet.';
    return isAll
      ? 'No run has come to its end yet.'
      : `None of the last ${recent.length} runs came to its end.`;
  }
  const done = counted.filter(({ status }) => status === 'done').length;
  const first = counted.findIndex(({ status }) => status === 'done');
  const failing = first === -1 ? length : first;
  const those = isAll ? `${length} runs` : `the last ${length} runs`;
  if (length === 1) {
    const outcome = done === 1 ? 'succeeded' : 'failed';
    if (total === 1) return `Its only run ${outcome}.`;
    return `Only one of ${isAll ? `${total} runs` : `the last ${recent.length} runs`} came to its end: it ${outcome}.`;
  }
  if (done === length) return `All ${isAll ? those : `of ${those}`} succeeded.`;
  if (done === 0) return `All ${isAll ? those : `of ${those}`} failed.`;
  if (failing === 0) return `${done} of ${those} succeeded, the last one too.`;
  return `${failing === 1 ? 'The last run' : `The last ${failing} runs`} failed; ${done} of ${those} succeeded.`;
}

/** Of fewer nothing is usual. */
const USUAL_RUNS_MIN = 3;

/**
 * "A run usually takes 12 s." Half of the successful runs were as short. Null where too few have succeeded.
 */
export function usualTime(recent: Runs): string | null {
  const times = recent
    .flatMap(({ status, startedAt, finishedAt }) =>
      status === 'done' && finishedAt !== null ? [finishedAt.getTime() - startedAt.getTime()] : [],
    )
    .toSorted((a, b) => a - b);
  const middle = times[Math.floor((times.length - 1) / 2)];
  if (middle === undefined || times.length < USUAL_RUNS_MIN) return null;
  return `A run usually takes ${formatMilliseconds(middle)}.`;
}

/** What the task has brought, with where it is shown. */
export interface Finding {
  text: string;
  href: string;
  at: Date;
}

interface Found {
  briefs: readonly Pick<BriefView, 'id' | 'type' | 'title' | 'updatedAt'>[];
  documents: readonly Pick<DocumentHead, 'name' | 'version' | 'updatedAt'>[];
  topics: readonly Pick<TopicView, 'number' | 'status' | 'title' | 'createdAt' | 'endedAt'>[];
  agent: { kind: AgentKind } | null;
}

/**
 * The newest of what its runs told, and the newest of its documents. Of a quiet task, the report of its last
 * run.
 */
export function findingsOf({ briefs, documents, topics, agent }: Found): Finding[] {
  const news = briefs.find(({ type }) => type === 'insight' || type === 'result');
  const [document] = documents
    .filter(({ name }) => name !== MEMORY_DOCUMENT)
    .toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  const findings: Finding[] = [];
  if (news !== undefined) findings.push({ text: news.title, href: `/?brief=${news.id}`, at: news.updatedAt });
  if (document !== undefined) {
    findings.push({
      text: `${document.name} (version ${document.version})`,
      href: `?${new URLSearchParams({ tab: 'documents', document: document.name })}`,
      at: document.updatedAt,
    });
  }
  const last = topics.find(({ status }) => status === 'done');
  if (findings.length === 0 && last !== undefined) {
    const quiet = agent?.kind === 'watch' ? 'No change so far' : 'No news so far';
    findings.push({
      text: last.title ?? quiet,
      href: `?run=${last.number}`,
      at: last.endedAt ?? last.createdAt,
    });
  }
  return findings;
}

const RESTS: Record<Exclude<TaskStatus, 'scheduled' | 'running'>, string> = {
  backlog: 'Nothing, until you start it.',
  paused: 'Nothing, until you resume it.',
  completed: 'Nothing: it is completed.',
  failed: 'Nothing: it has failed.',
  canceled: 'Nothing: it is canceled.',
};

type Next = Pick<TaskDetailView, 'status' | 'nextRunAt' | 'context' | 'dependencies'>;

/** "Tomorrow 08:00, in 23 h 51 min". `now` in milliseconds since the epoch. */
export function whatIsNext({ status, nextRunAt, context, dependencies }: Next, now: number): string {
  if (status === 'running') return 'It is running now.';
  if (status !== 'scheduled') {
    const open = dependencies.filter((dependency) => dependency.status !== 'completed');
    return status === 'backlog' && open.length > 0
      ? `It starts when ${open.map(({ identifier }) => identifier).join(', ')} ${open.length === 1 ? 'is' : 'are'} completed.`
      : RESTS[status];
  }
  if (context.scheduler.blockedBy === 'urgent-brief') return 'It runs as soon as you have answered.';
  if (nextRunAt === null) return 'Its next run is being scheduled.';
  if (nextRunAt.getTime() <= now) return 'Its run is due now.';
  const day = capitalized(formatNamedDay(nextRunAt, new Date(now)));
  return `${day}, in ${formatSpan(nextRunAt.getTime() - now)}`;
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
