import type { AgentBrief, AgentFailure, AgentOutcome, AgentRuntime, TranscriptEntry } from '@everbeat/agents';
import {
  type Clock,
  classifyFailure,
  type Ids,
  type KindSettings,
  LIMITS,
  type StoredAgent,
  storableText,
} from '@everbeat/domain';

const TRIAL_SECONDS_MAX = 60;
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

export interface AgentTrial {
  agent: StoredAgent;
  runtime: AgentRuntime;
  instruction?: string | undefined;
  /** What a task would set for this kind of agent. */
  settings: KindSettings | undefined;
  callbackUrl: string;
  /** Aborted when the client disconnects. */
  signal: AbortSignal | undefined;
}

/** Runs the agent once under made-up ids, for at most a minute. Nothing is stored. */
export async function tryAgent(
  trial: AgentTrial,
  userId: string,
  clock: Clock,
  ids: Ids,
): Promise<AgentTrialView> {
  const instruction = trial.instruction || TRIAL_INSTRUCTION;
  const transcript: TranscriptEntry[] = [];
  const timeout = new AbortController();
  const stopTimer = clock.after(TRIAL_SECONDS_MAX * 1_000, () => timeout.abort());
  const startedAt = clock.now();
  const operationId = ids.row();
  const outcome = await trial.runtime.run({
    operationId,
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
    signal: trial.signal === undefined ? timeout.signal : AbortSignal.any([trial.signal, timeout.signal]),
    emit: (message) => {
      if (transcript.length < TRANSCRIPT_ENTRIES_MAX) transcript.push(message);
    },
  });
  stopTimer();
  const durationMs = clock.now().getTime() - startedAt.getTime();
  return { ...report(outcome, timeout.signal.aborted), transcript, durationMs };
}

const TRANSCRIPT_ENTRIES_MAX = 100;

function report(
  outcome: AgentOutcome,
  isTimeout: boolean,
): Omit<AgentTrialView, 'transcript' | 'durationMs'> {
  switch (outcome.kind) {
    case 'done':
    case 'budget':
      return { kind: 'done', content: shown(outcome.content), briefs: outcome.briefs ?? [] };
    case 'error': {
      const { errorCode, errorMessage, failureClass, retryAfterSeconds, content } = outcome;
      return {
        kind: 'error',
        ...{ errorCode, errorMessage, retryAfterSeconds },
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
            errorMessage: `The trial was stopped after ${TRIAL_SECONDS_MAX} s. A task may let the agent work for longer.`,
          }
        : { kind: 'canceled' };
  }
}

const shown = (content: string): string => storableText(content, LIMITS.contentCharsMax);
