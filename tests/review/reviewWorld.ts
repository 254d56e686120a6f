import type { AgentOutcome, AgentRequest, ReviewFinding } from '@everbeat/agents';
import { type TaskCreateInput, wakesAt } from '@everbeat/domain';
import { createWorld, type World, type WorldOptions } from '../support/world';

export const REQUIREMENT = 'The report names its sources';

/** A failed check, with a reason. */
export const failed = (reason: string): ReviewFinding => ({ verdict: 'failed', reasons: [reason] });
export const PASSED: ReviewFinding = { verdict: 'passed', reasons: ['It names them'] };

/** What the reviewer does: it gives a verdict, or breaks in some way. */
type ReviewerStep = ReviewFinding | AgentOutcome | (() => Promise<AgentOutcome>);

/** The services with one scripted agent that does the work and checks it, told apart by the request. */
export interface ReviewWorld extends World {
  /** Queues what the reviewer does next; else it passes everything. */
  reviewerDoes(...steps: ReviewerStep[]): void;
  /** Queues the reports of the next runs; else they say `ok`. */
  workerReports(...outcomes: AgentOutcome[]): void;
  work(): AgentRequest[];
  checks(): AgentRequest[];
  /** A one-off whose work is checked. */
  createOneOff(input?: Partial<TaskCreateInput>): Promise<string>;
  /** Delivers ticks that are due now until nothing is. */
  settleAll(taskId: string): Promise<void>;
  operations(taskId: string): Promise<OperationRow[]>;
  openBrief(taskId: string): Promise<OpenBrief>;
}

export interface OperationRow {
  id: string;
  trigger: string;
  status: string;
  topic_id: string;
  failure_class: string | null;
  error_code: string | null;
  attempt: number;
  review: { iteration: number; verdict: string | null; reasons: string[] } | null;
}

interface OpenBrief {
  id: string;
  type: string;
  priority: string;
  purpose: string | null;
  title: string;
  summary: string;
  actions: { key: string }[];
}

export async function createReviewWorld(options: WorldOptions = {}): Promise<ReviewWorld> {
  const world = await createWorld(options);
  const reviewer: ReviewerStep[] = [];
  const worker: AgentOutcome[] = [];
  world.agent.default(async (request) => {
    if (request.review === undefined) {
      await request.prompt();
      return worker.shift() ?? { kind: 'done', content: 'ok' };
    }
    await request.prompt();
    const step = reviewer.shift() ?? PASSED;
    if (typeof step === 'function') return step();
    return 'kind' in step ? step : { kind: 'done', content: 'checked', verdict: step };
  });
  const isDue = async (taskId: string): Promise<boolean> => {
    const { status, scheduler } = await world.task(taskId);
    return status === 'scheduled' && scheduler.dueAt !== null && scheduler.tickToken !== null
      ? Date.parse(scheduler.dueAt) <= wakesAt(world.clock.now()).getTime()
      : false;
  };
  return {
    ...world,
    reviewerDoes: (...steps) => void reviewer.push(...steps),
    workerReports: (...outcomes) => void worker.push(...outcomes),
    work: () => world.agent.calls.filter(({ review }) => review === undefined),
    checks: () => world.agent.calls.filter(({ review }) => review !== undefined),
    async createOneOff(input = {}) {
      const { id } = await world.createTask({
        automationMode: null,
        heartbeatInterval: null,
        config: { review: { requirement: REQUIREMENT } },
        ...input,
      });
      return id;
    },
    async settleAll(taskId) {
      while (await isDue(taskId)) await world.beat(taskId);
    },
    operations: (taskId) =>
      world.query<OperationRow>(
        `select id, trigger, status, topic_id, failure_class, error_code, attempt, review
         from everbeat.operations where task_id = $1 order by id`,
        [taskId],
      ),
    async openBrief(taskId) {
      const [brief, ...others] = await world.query<OpenBrief>(
        `select id, type, priority, purpose, title, summary, actions from everbeat.briefs
         where task_id = $1 and resolved_at is null`,
        [taskId],
      );
      if (brief === undefined || others.length > 0) throw new Error(`${others.length + 1} briefs are open`);
      return brief;
    },
  };
}
