import {
  type AgentOutcome,
  type AgentRequest,
  type AgentRuntime,
  type AgentTool,
  type AgentUsage,
  askPersonTool,
  questionOf,
  type RequestedCall,
  type RunStep,
  runSteps,
  type StepJournal,
  ToolError,
} from '@everbeat/agents';
import { type Clock, decideDocuments, stepOccurrence } from '@everbeat/domain';
import { z } from 'zod';
import { Random } from '../support/random';
import type { Coverage } from './coverage';
import type { Interleaver } from './interleaver';
import type { SimulatedProcess } from './simulatedProcess';

export interface ModelsParts {
  seed: string;
  coverage: Coverage;
  reportViolation(what: string): void;
  /** A step has written a version of a document, so it must stay. */
  written(document: { taskId: string; name: string; version: number; content: string }): void;
}

/** What a run keeps of an answer of the model. */
const answerSchema = z.object({ calls: z.array(z.object({ name: z.string(), input: z.unknown() })) });

const TOOLS = {
  look: { readOnly: true, idempotent: false, policy: 'allow' },
  put: { readOnly: false, idempotent: true, policy: 'allow' },
  send: { readOnly: false, idempotent: false, policy: 'allow' },
  pay: { readOnly: false, idempotent: false, policy: 'ask' },
  write_document: { readOnly: true, idempotent: true, policy: 'allow' },
  add_comment: { readOnly: true, idempotent: true, policy: 'allow' },
} as const;
const NAMES = ['look', 'put', 'send', 'pay', 'write_document', 'add_comment'] as const;
const ASK = askPersonTool.name;
/** What its runs keep. */
const DOCUMENT = 'Log of the model';

const ANSWERS_MAX = 5;

/**
 * The models behind all servers, and the tools that they call, with the product's own loop. What a model
 * answers at a step is determined by the seed and the occurrence, so that a run which is gone on with asks
 * for the same.
 */
export class SimulatedModels {
  /** Once set, models ask for nothing that a person must approve, and everything takes a second. */
  isCalm = false;
  /** How often each call was made, by its key. */
  private readonly made = new Map<string, number>();
  /** The keys of steps that are recorded with a result. */
  private readonly completed = new Set<string>();

  constructor(private readonly parts: ModelsParts) {}

  runtimeOf(process: SimulatedProcess, interleaver: Interleaver, clock: Clock): AgentRuntime {
    return {
      kind: 'model',
      keepsSteps: true,
      checkConfig: (config) => config,
      problemOf: () => null,
      run: (request) => this.run(request, { process, interleaver, clock }),
    };
  }

  private async run(request: AgentRequest, at: Place): Promise<AgentOutcome> {
    const { steps: journal, signal, occurrence } = request;
    if (journal === undefined) throw new Error('A run of a model has no journal');
    const isReview = request.review !== undefined;
    const comments: string[] = [];
    const tools = isReview
      ? []
      : [...NAMES.map((name) => this.toolOf(name, request, at, comments)), askPersonTool];
    try {
      const end = await runSteps({
        tools,
        occurrence,
        signal,
        modelCallsMax: ANSWERS_MAX,
        journal: this.watched(journal, request),
        model: {
          name: 'a-model',
          goOnWith: () => undefined,
          costOf: () => ({ model: 'a-model', micros: 100_000, tokens: 1_000 }),
          call: async (steps) => {
            await this.call(stepOccurrence(occurrence, steps.length - 1), 'repeatable', request, at);
            return {
              result: { calls: isReview ? [] : this.drawCalls(occurrence, steps.length) },
              usage: this.drawUsage(),
            };
          },
          callsOf: (result): RequestedCall[] =>
            answerSchema.parse(result).calls.map((call) => ({ ...call, problem: null })),
        },
        firstInput: async () => ({ prompt: await request.prompt() }),
        onToolEnd: (step, output) => {
          this.parts.coverage.count('step', step.name === ASK ? answerKind(output) : step.status);
          if (step.name === ASK && step.status !== 'done')
            this.parts.reportViolation(`a question of a model ended as ${step.status}: ${output}`);
        },
        describeFailure: () => 'away',
        isFree: (error) => error instanceof AwayError,
      });
      if (end.kind === 'waiting') {
        this.parts.coverage.count('step', end.step.name === ASK ? 'asked' : 'waiting');
        return { kind: 'waiting', question: questionOf(end.step, tools, request.taskIdentifier) };
      }
      if (end.kind === 'yielded') return { kind: end.kind };
      if (end.kind === 'budget') return { ...end, content: 'Out of budget', comments };
      if (request.review !== undefined) return this.reviewOf(occurrence);
      return { kind: 'done', content: `After ${end.steps.length} steps`, comments };
    } catch (error) {
      if (signal.aborted) return { kind: 'canceled' };
      if (!(error instanceof AwayError)) throw error;
      return { ...AWAY, errorMessage: error.message };
    }
  }

  /** The same for every process that goes on with the check. */
  private reviewOf(occurrence: string): AgentOutcome {
    const random = new Random(`${this.parts.seed}/verdict/${occurrence}`);
    const verdict = this.isCalm
      ? 'passed'
      : random.pick(['passed', 'passed', 'failed', 'uncertain'] as const);
    return { kind: 'done', content: 'Checked', verdict: { verdict, reasons: ['As it is'] } };
  }

  private toolOf(
    name: (typeof NAMES)[number],
    request: AgentRequest,
    at: Place,
    comments: string[],
  ): AgentTool {
    const traits = TOOLS[name];
    const kind = traits.readOnly || traits.idempotent ? 'repeatable' : 'unsafe';
    if (name === 'write_document') return writeTool(request);
    if (name === 'add_comment') return noteTool(comments);
    return {
      name,
      description: name,
      inputSchema: {},
      ...traits,
      execute: async (_input, { occurrence }) => {
        await this.call(occurrence, kind, request, at);
        return `${name}: done`;
      },
    };
  }

  /** A call to the outside: it takes effect, then the answer takes its time. */
  private async call(
    key: string,
    kind: 'repeatable' | 'unsafe',
    { signal, taskIdentifier }: AgentRequest,
    { process, interleaver, clock }: Place,
  ): Promise<void> {
    const { reportViolation, coverage } = this.parts;
    // A process that stands still in the call itself cannot know that another has made it meanwhile.
    if (this.completed.has(key)) reportViolation('12: a step that has a result was executed again');
    await interleaver.call(process, 'agent', `step of ${taskIdentifier}`, async () => {
      const times = (this.made.get(key) ?? 0) + 1;
      this.made.set(key, times);
      if (times > 1) coverage.count('step', 'made again');
      if (kind === 'unsafe' && times > 1) reportViolation('12: an unsafe call was made twice');
    });
    const random = new Random(`${this.parts.seed}/call/${key}/${this.made.get(key)}`);
    const seconds = this.isCalm ? 1 : random.pick([0, 1, 10, 90]);
    const isAway = !this.isCalm && kind === 'repeatable' && random.chance(0.04);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      clock.after(seconds * 1_000, end);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    });
    signal.throwIfAborted();
    if (isAway) throw new AwayError('The provider is away');
  }

  private drawUsage(): AgentUsage {
    return { inputTokens: 400, outputTokens: 100, costUsd: 0.04 };
  }

  private drawCalls(occurrence: string, index: number): { name: string; input: unknown }[] {
    const random = new Random(`${this.parts.seed}/answer/${occurrence}/${index}`);
    if (this.isCalm) return [];
    const count = random.weighted([
      [3, 0],
      [4, 1],
      [3, 2],
    ]);
    return Array.from({ length: count }, (_, place) => {
      const name = random.pick([...NAMES, ASK]);
      const content = `Noted at step ${index}, call ${place} of ${occurrence}`;
      return { name, input: name === ASK ? drawQuestion(random, index) : { what: index, content } };
    });
  }

  /** The journal, of which the steps with a result are remembered once they are committed. */
  private watched(journal: StepJournal, { occurrence, taskId }: AgentRequest): StepJournal {
    const committed = (steps: readonly RunStep[]): void => {
      for (const { index, kind, status } of steps)
        if (status === 'done' || (kind === 'tool' && status === 'failed'))
          this.completed.add(stepOccurrence(occurrence, index));
    };
    return {
      recorded: () => journal.recorded(),
      shouldYield: () => journal.shouldYield(),
      write: async (steps, cost) => {
        const full = await journal.write(steps, cost);
        committed(steps);
        return full;
      },
      writeDocument: async (steps, document) => {
        const isWritten = await journal.writeDocument(steps, document);
        if (isWritten) {
          committed(steps);
          this.parts.coverage.count('step', 'document');
          this.parts.written({ taskId, ...document });
        } else this.parts.coverage.count('step', 'document overtaken');
        return isWritten;
      },
    };
  }
}

/** Writes the whole document, as the version after the newest, and does nothing before that is committed. */
const writeTool = ({ documents, operationId }: AgentRequest): AgentTool => ({
  name: 'write_document',
  description: '',
  inputSchema: {},
  ...TOOLS.write_document,
  async execute(_input, { occurrence }) {
    const write = { name: DOCUMENT, content: `By ${occurrence} of ${operationId}` };
    const [document] = decideDocuments((await documents?.list()) ?? [], [write], operationId).versions;
    if (document === undefined) throw new ToolError('A person has saved it meanwhile');
    return { output: `version ${document.version}`, document };
  },
  restore: () => undefined,
});

/** Notes something, as the tools of real models do: it takes effect when the run settles. */
function noteTool(comments: string[]): AgentTool {
  const note = (input: unknown): string => {
    comments.push(noteSchema.parse(input).content);
    return 'recorded';
  };
  const traits = { name: 'add_comment', description: '', inputSchema: {}, ...TOOLS.add_comment };
  return { ...traits, execute: note, restore: (input) => void note(input) };
}

const noteSchema = z.object({ content: z.string() });

/** Where a run is executed. */
interface Place {
  process: SimulatedProcess;
  interleaver: Interleaver;
  clock: Clock;
}

/** Half of the questions say what is taken if nobody answers in time. */
const drawQuestion = (random: Random, index: number) => ({
  question: `Which one, at step ${index}?`,
  actions: [
    { key: 'a', label: 'A' },
    { key: 'b', label: 'B' },
  ],
  recommended: 'a',
  ...(random.chance(0.5) && { ifNobodyAnswers: { key: 'b', hours: random.pick([1, 4]) } }),
});

/** What has become of a question, as the model reads it. */
const answerKind = (output: string): string =>
  /^Nobody answered in time/.test(output) ? 'default taken' : 'answered';

class AwayError extends Error {}

const AWAY = { kind: 'error', errorCode: 'model_unavailable', farSide: 'the-models' } as const;
