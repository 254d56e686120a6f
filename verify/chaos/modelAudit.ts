import type { Facts, StepRow } from './databaseMonitor';
import type { Finding } from './finding';
import { lineOf, MCP_NAME, type ModelAnswer, type ToolCallRecord, UNSAFE_TOOLS } from './modelServer';

/** What the provider of the models and their tools recorded. */
export interface ModelRecords {
  answers: readonly ModelAnswer[];
  toolCalls: readonly ToolCallRecord[];
}

const MARK = /[\da-f]{8}-[\da-f-]{27}/;

/** The mark of the provider's answer that is the result of a step. */
export const markIn = ({ result }: StepRow): string | null => MARK.exec(result ?? '')?.[0] ?? null;

const isOfModel = ({ kind, status }: StepRow): boolean => kind === 'model' && status === 'done';

/**
 * Compares what the provider and the tools recorded with the steps of the runs, after all of them have ended.
 */
export function auditModels(facts: Facts, { answers, toolCalls }: ModelRecords): Finding[] {
  const byKey = new Map(facts.steps.map((step) => [step.occurrence, step]));
  const called = new Set(toolCalls.map(({ occurrence }) => occurrence));
  const external = facts.steps.filter(({ name }) => isExternal(name));
  return [
    {
      what: 'calls of models made again after their answer was recorded',
      cases: repeatedAnswers(facts.steps, answers),
    },
    { what: 'unsafe calls of tools that were made twice', cases: doubled(toolCalls) },
    {
      what: 'calls of tools that were not recorded before',
      cases: toolCalls.filter(({ occurrence }) => !byKey.has(occurrence)).map(describeCall),
    },
    {
      what: 'calls of tools that are recorded and were never made',
      cases: external
        .filter(({ status, occurrence }) => status === 'done' && !called.has(occurrence))
        .map(describe),
    },
    {
      what: 'calls of tools that nobody approved',
      cases: external
        .filter(
          ({ name, occurrence, approval }) =>
            name === `${MCP_NAME}__pay` && called.has(occurrence) && approval !== 'approve',
        )
        .map(describe),
    },
    { what: 'reports of models lost or duplicated', cases: lostReports(facts, answers) },
    { what: 'lines of models lost or duplicated', cases: wrongLines(facts) },
    {
      what: 'runs of models that were given up because their server was gone',
      cases: modelRuns(facts)
        .filter(({ errorCode }) => errorCode === 'lease_lost' || errorCode === 'server_stopped')
        .map(({ id, errorCode }) => `${id} ${errorCode}`),
    },
  ];
}

/** One line for the figures. */
export function describeModels(facts: Facts, { answers, toolCalls }: ModelRecords): string {
  const runs = modelRuns(facts);
  const done = runs.filter(({ status }) => status === 'done').length;
  const takenOver = runs.filter(({ leaseEpoch }) => leaseEpoch > 0).length;
  const lost = runs.filter(({ losses }) => losses > 0).length;
  const unknown = facts.steps.filter(({ status }) => status === 'unknown').length;
  const approved = facts.steps.filter(({ approval }) => approval === 'approve').length;
  const again = answers.length - new Set(answers.map(({ position }) => position)).size;
  return `${runs.length} (${done} done) with ${facts.steps.length} steps; ${takenOver} gone on with in another process, ${lost} of them after a loss; ${answers.length} calls of the provider, ${again} of them again; ${toolCalls.length} calls of tools, ${unknown} with an unknown outcome, ${approved} approved`;
}

const modelRuns = ({ operations }: Facts) => operations.filter(({ agentKind }) => agentKind === 'model');

const isExternal = (name: string): boolean => name === 'http_request' || name.startsWith(`${MCP_NAME}__`);

const describe = ({ occurrence, name, status }: StepRow): string => `${occurrence} ${name} ${status}`;
const describeCall = ({ tool, occurrence }: ToolCallRecord): string => `${tool} ${occurrence}`;

/**
 * Whoever goes on with a run has read what was recorded, so it calls the model for nothing that stands there.
 */
function repeatedAnswers(steps: readonly StepRow[], answers: readonly ModelAnswer[]): string[] {
  const recordedMs = new Map(steps.filter(isOfModel).map((step) => [markIn(step), step.endedMs ?? 0]));
  const recordedAt = new Map<string, number>();
  for (const { position, mark } of answers) {
    const endedMs = recordedMs.get(mark);
    if (endedMs !== undefined) recordedAt.set(position, endedMs);
  }
  return answers
    .filter(({ position, startedMs }) => startedMs > (recordedAt.get(position) ?? Number.POSITIVE_INFINITY))
    .map(({ position, mark }) => `after ${position}: ${mark}`);
}

function doubled(calls: readonly ToolCallRecord[]): string[] {
  const seen = new Set<string>();
  return calls
    .filter(({ tool, occurrence }) => {
      if (!UNSAFE_TOOLS.has(tool)) return false;
      const isSecond = seen.has(occurrence);
      seen.add(occurrence);
      return isSecond;
    })
    .map(describeCall);
}

/** The report of a run that is done is one of the provider's answers, and stands in its transcript once. */
function lostReports(facts: Facts, answers: readonly ModelAnswer[]): string[] {
  const given = new Set(answers.map(({ mark }) => `Report ${mark}`));
  const handoffs = new Map(facts.handoffs.map(({ operationId, handoff }) => [operationId, handoff ?? '']));
  const stored = new Map<string, number>();
  for (const { operationId, content } of facts.reports)
    if (content === handoffs.get(operationId)) stored.set(operationId, (stored.get(operationId) ?? 0) + 1);
  return modelRuns(facts)
    .filter(
      ({ id, status }) => status === 'done' && !(stored.get(id) === 1 && given.has(handoffs.get(id) ?? '')),
    )
    .map(({ id }) => `${id}: ${stored.get(id) ?? 0} times`);
}

/** What a step wrote into the document of its task is there once. */
function wrongLines({ steps, logs }: Facts): string[] {
  const written = new Set(
    steps
      .filter(({ name, status }) => name === 'write_document' && status === 'done')
      .map(({ input }) => lineIn(input)),
  );
  const found = logs
    .flatMap(({ content }) => content.split('\n'))
    .filter((line) => line.startsWith(lineOf('')));
  const counts = new Map<string, number>();
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...written]
    .filter((line) => counts.get(line) !== 1)
    .map((line) => `${line}: ${counts.get(line) ?? 0} times`);
}

const lineIn = (input: string | null): string => /Line of [\da-f-]+/.exec(input ?? '')?.[0] ?? '';
