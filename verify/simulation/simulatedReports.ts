import type { AgentBrief, AgentOutcome, AgentReport } from '@everbeat/agents';
import { type AgentDocument, NETWORK } from '@everbeat/domain';
import type { Random } from '../support/random';

/** What simulated agents report: each is drawn anew. */

export const done = (random: Random, report: Partial<AgentReport>): AgentOutcome => ({
  kind: 'done',
  content: `Report ${random.int(0, 999_999)}`,
  ...report,
});

export const failed = (errorCode: string, errorMessage: string): AgentOutcome => ({
  kind: 'error',
  errorCode,
  errorMessage,
});

export const away = (farSide: string): AgentOutcome => ({
  kind: 'error',
  errorCode: 'agent_http_503',
  errorMessage: 'The agent answered with 503',
  farSide,
});

export function drawFailure(random: Random): AgentOutcome {
  const kind = random.weighted([
    [8, 'agent'],
    [3, 'away'],
    [2, 'limit'],
    [1, 'refused'],
  ] as const);
  switch (kind) {
    case 'agent':
      return failed('agent_bad_answer', 'The answer of the agent does not fit');
    case 'away':
      return away(random.pick(['the-host', 'another-host', NETWORK]));
    case 'limit':
      return {
        kind: 'error',
        errorCode: 'agent_http_429',
        errorMessage: 'Too often',
        farSide: 'the-host',
        retryAfterSeconds: random.pick([0, 300, 2_000]),
      };
    case 'refused':
      return failed('agent_http_401', 'The key was refused');
  }
}

const BRIEFS: AgentBrief[] = [
  { type: 'decision', priority: 'urgent', title: 'Which way?', summary: 'Left or right' },
  {
    type: 'decision',
    priority: 'urgent',
    title: 'Which of these?',
    summary: 'Choose',
    actions: [
      { key: 'left', label: 'Left' },
      { key: 'right', label: 'Right', style: 'danger' },
      // These mean nothing to the system in a brief of an agent.
      { key: 'retry', label: 'Again' },
      { key: 'complete', label: 'Enough' },
    ],
  },
  {
    type: 'decision',
    priority: 'urgent',
    title: 'Buy or wait?',
    summary: 'It costs 10',
    actions: [
      { key: 'buy', label: 'Buy' },
      { key: 'wait', label: 'Wait' },
    ],
  },
  { type: 'insight', priority: 'urgent', title: 'Look at this', summary: 'It moved' },
  { type: 'result', priority: 'normal', title: 'Weekly numbers', summary: 'They rose' },
  { type: 'insight', priority: 'normal', title: 'Another page', summary: 'It is new' },
  { type: 'insight', priority: 'info', title: 'A detail', summary: 'It may be of interest' },
  { type: 'error', priority: 'urgent', title: 'A part of it failed', summary: 'One page was away' },
];

const DOCUMENT_NAMES = ['Memory', 'Report', 'report', 'Prices'];

const drawDocuments = (random: Random): AgentDocument[] =>
  Array.from({ length: random.int(1, 3) }, () => ({
    name: random.pick(DOCUMENT_NAMES),
    content: `Line ${random.int(0, 99)}`,
    append: random.chance(0.4),
    ...(random.chance(0.3) && { baseVersion: random.int(0, 3) }),
  }));

/** Whether the task waits for its answer. */
const isQuestion = ({ type, priority }: AgentBrief): boolean => priority === 'urgent' && type !== 'error';

/** A few minutes, so that many end while they are open. */
const SILENCE_SECONDS = [60, 180, 600, 1_800] as const;

/**
 * Many questions say what is chosen if nobody answers, or when they are asked again; the others are after
 * hours.
 */
function drawBrief(random: Random, from: readonly AgentBrief[]): AgentBrief {
  const brief = random.pick(from);
  const [{ key } = { key: undefined }] = brief.actions ?? [];
  return {
    ...brief,
    ...(key !== undefined &&
      random.chance(0.7) && { expiry: { action: key, afterSeconds: random.pick(SILENCE_SECONDS) } }),
    ...(isQuestion(brief) &&
      random.chance(0.4) && { escalation: { afterSeconds: random.pick(SILENCE_SECONDS) } }),
  };
}

export function drawReport(random: Random): Partial<AgentReport> {
  const report = {
    briefs: random.chance(0.3) ? [drawBrief(random, BRIEFS)] : [],
    comments: random.chance(0.1) ? ['I had a look'] : [],
    subtasks: random.chance(0.06) ? [{ instruction: 'Look closer' }] : [],
    documents: random.chance(0.25) ? drawDocuments(random) : [],
    goalMet: random.chance(0.06),
    ...(random.chance(0.2) && { nextRunInSeconds: random.pick([0, 30, 300, 100_000]) }),
    ...(random.chance(0.2) && { memory: { seen: random.int(0, 9) } }),
    ...(random.chance(0.3) && { usage: { inputTokens: 500, costUsd: random.pick([0.05, 0.2]) } }),
  };
  // Who asks often has a second question, so that one answer is not enough.
  const asksAgain = report.briefs.some(isQuestion) && random.chance(0.6);
  return asksAgain
    ? { ...report, briefs: [...report.briefs, drawBrief(random, BRIEFS.filter(isQuestion))] }
    : report;
}
