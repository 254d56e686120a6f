import type {
  AgentBrief,
  AgentFailure,
  AgentOutcome,
  AgentRequest,
  AgentRuntime,
  AgentUsage,
  BudgetLeft,
  StepJournal,
  TranscriptEntry,
} from '@everbeat/agents';
import {
  type Clock,
  classifyFailure,
  describeFullCap,
  type FullCapView,
  type Ids,
  type KindSettings,
  LIMITS,
  type StoredAgent,
  storableText,
  withTimeout,
} from '@everbeat/domain';

const TRIAL_INSTRUCTION =
  'This is a trial run, to see whether you can be reached. Answer in one or two sentences; change nothing.';

/** The result of one run of an agent without a task. */
export interface AgentTrialView extends Partial<Pick<AgentFailure, 'failureClass' | 'retryAfterSeconds'>> {
  kind: AgentOutcome['kind'];
  /** Untrusted Markdown from the agent. */
  content?: string;
  errorCode?: string;
  errorMessage?: string;
  briefs?: AgentBrief[];
  transcript: TranscriptEntry[];
  durationMs: number;
}

/** What a trial reserves and spends, as the journal of its steps: `TrialMoney`. */
export interface MoneyOfTrial extends StepJournal {
  /** What is left before it begins. Null: nothing is capped. */
  room(): Promise<{ left: BudgetLeft; full: readonly FullCapView[] } | null>;
  /** Counts what it has cost, once it has ended. `usage`: what its agent reports. */
  end(usage: AgentUsage | undefined): Promise<void>;
}

export interface AgentTrial {
  /** Made up, like the ids of the task and the topic. */
  operationId: string;
  money: MoneyOfTrial;
  agent: StoredAgent;
  runtime: AgentRuntime;
  instruction?: string | undefined;
  /** What a task would set for this kind of agent. */
  settings: KindSettings | undefined;
  callbackUrl: string;
  /** Aborted when the client disconnects. */
  signal: AbortSignal | undefined;
}

/**
 * Runs the agent once under made-up ids, for at most a minute. Nothing is stored but what it has cost.
 * @throws database errors
 */
export async function tryAgent(
  trial: AgentTrial,
  userId: string,
  clock: Clock,
  ids: Ids,
): Promise<AgentTrialView> {
  const { operationId, money } = trial;
  const room = await money.room();
  if (room !== null && room.full.length > 0)
    return { ...overBudget(room.full), transcript: [], durationMs: 0 };
  if (trial.signal?.aborted) return { kind: 'canceled', transcript: [], durationMs: 0 };
  const instruction = trial.instruction || TRIAL_INSTRUCTION;
  const transcript: TranscriptEntry[] = [];
  const startedAt = clock.now();
  const request: Omit<AgentRequest, 'signal'> = {
    operationId,
    budget: room?.left,
    steps: money,
    taskId: ids.row(),
    taskIdentifier: 'T-0',
    topicId: ids.row(),
    userId,
    trigger: 'manual',
    instruction,
    isInstructionTyped: true,
    prompt: async () => instruction,
    config: trial.agent.config,
    settings: trial.settings,
    memory: null,
    occurrence: operationId,
    attempt: 1,
    isTrial: true,
    callbackUrl: trial.callbackUrl,
    emit: (message) => {
      if (transcript.length < TRANSCRIPT_ENTRIES_MAX) transcript.push(message);
    },
  };
  const run = async (signal: AbortSignal) => {
    const outcome = await trial.runtime.run({ ...request, signal });
    return { outcome, isTimeout: signal.aborted && trial.signal?.aborted !== true };
  };
  const { outcome, isTimeout } = await withTimeout(clock, TRIAL_MS_MAX, run, trial.signal);
  const durationMs = clock.now().getTime() - startedAt.getTime();
  await money.end('usage' in outcome ? outcome.usage : undefined);
  return { ...report(outcome, isTimeout), transcript, durationMs };
}

const TRANSCRIPT_ENTRIES_MAX = 100;
const TRIAL_MS_MAX = LIMITS.trialSecondsMax * 1_000;

function report(
  outcome: AgentOutcome,
  isTimeout: boolean,
): Omit<AgentTrialView, 'transcript' | 'durationMs'> {
  switch (outcome.kind) {
    case 'budget':
      return { ...overBudget(outcome.full), content: shown(outcome.content) };
    case 'done':
      return { kind: 'done', content: shown(outcome.content), briefs: outcome.briefs ?? [] };
    case 'error': {
      const { errorCode, errorMessage, failureClass, retryAfterSeconds, content } = outcome;
      return {
        kind: 'error',
        errorCode,
        errorMessage,
        retryAfterSeconds,
        failureClass: classifyFailure({ status: 'error', errorCode, failureClass }) ?? undefined,
        content: content === undefined ? content : shown(content),
      };
    }
    case 'accepted':
      return {
        kind: 'accepted',
        content: 'The agent accepted the work (202) and would answer later, through its callback.',
      };
    case 'waiting':
      return {
        kind: 'waiting',
        content: `It would wait for your answer now.\n\n${outcome.question.summary}`,
      };
    case 'yielded':
    case 'canceled':
      return isTimeout
        ? {
            kind: 'error',
            errorCode: 'agent_timeout',
            errorMessage: `The trial was stopped after ${LIMITS.trialSecondsMax} s. A task may let the agent work for longer.`,
          }
        : { kind: 'canceled' };
  }
}

/** Nothing more is called: a trial is held by the caps of its agent and of its owner as any run is. */
const overBudget = (full: readonly FullCapView[]): Omit<AgentTrialView, 'transcript' | 'durationMs'> => ({
  kind: 'error',
  errorCode: 'budget',
  errorMessage: `${full.map(describeFullCap).join(' ')} Raise the cap to try the agent.`,
});

const shown = (content: string): string => storableText(content, LIMITS.contentCharsMax);
