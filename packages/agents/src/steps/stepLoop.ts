import {
  type ApprovalAnswer,
  type DocumentVersion,
  decideTakenOverStep,
  type FullCapView,
  isApproved,
  LIMITS,
  stepOccurrence,
  storableText,
} from '@everbeat/domain';
import type { AgentUsage, CallCost, RecordedStep, RunStep, StepJournal } from '../port';
import { AgentError } from '../shared/agentError';
import { type AgentTool, type AskedPerson, ToolError } from '../tools/port';
import {
  CROWDED_DOCUMENT,
  callTool,
  DENIED_CALL,
  declinedCall,
  doneCall,
  failedCall,
  outputOf,
  UNKNOWN_OUTCOME,
} from './toolSteps';

/** A call of a tool in an answer of the model. */
export interface RequestedCall {
  name: string;
  input: unknown;
  /** Why it cannot be made, such as arguments that are no JSON; null: it can. */
  problem: string | null;
}

/** The model of a run, as the loop knows it. */
export interface StepModel {
  /** The name of the model that answers at present, or has answered last. */
  readonly name: string;
  /** A process before this one had its last answer from this model: it is asked first. */
  goOnWith(name: string): void;
  /**
   * What `call` may cost at most, with the same steps.
   * @throws whatever ends the run
   */
  costOf(steps: readonly RunStep[], isLast: boolean): CallCost;
  /**
   * Calls the model once, with the steps so far. The result is JSON. Before it asks another model instead, it
   * calls `reserve`, with whether nobody can have been paid for the try before.
   * @throws whatever ends the run, and what `reserve` throws
   */
  call(
    steps: readonly RunStep[],
    isLast: boolean,
    reserve: (before: Pick<RunStep, 'charge'>) => Promise<void>,
  ): Promise<{ result: unknown; usage: AgentUsage }>;
  /** The calls of tools in the result of such a call. */
  callsOf(result: unknown): RequestedCall[];
}

export interface StepLoopParts {
  journal: StepJournal;
  model: StepModel;
  tools: readonly AgentTool[];
  /** The occurrence of the run: each step has a key of its own under it. */
  occurrence: string;
  modelCallsMax: number;
  signal: AbortSignal;
  /** How long one call of a tool may take. Left out: `toolCallSecondsMax`. */
  toolMsMax?: number | undefined;
  /** What the first call of the model is made with, such as its prompt, and stored with it. */
  firstInput(): Promise<unknown>;
  /** A call of a tool has ended in this process. */
  onToolEnd(step: RunStep, output: string): void;
  /** Why the call of the model failed, without secrets. */
  describeFailure(error: unknown): string;
  /** Whether nobody can have been paid for a call of the model that failed. */
  isFree(error: unknown): boolean;
}

/**
 * How the loop ended, with all steps of the run. `waiting`: before a step that a person must approve.
 * `budget`: before a call of the model for which these caps leave no room.
 */
export type LoopEnd =
  | { kind: 'ended' | 'yielded'; steps: readonly RunStep[] }
  | { kind: 'budget'; steps: readonly RunStep[]; full: readonly FullCapView[] }
  | { kind: 'waiting'; step: RunStep };

/**
 * Runs a model with tools, step by step (PROTOCOL §9): each step is committed before it is executed, and
 * again with its result, and goes on from what is recorded. Of a step whose process is gone,
 * `decideTakenOverStep` says what becomes of it. What has to be committed before the next step is committed
 * together with its start: a round trip a step.
 * @throws what the model or the journal throws
 */
export async function runSteps(parts: StepLoopParts): Promise<LoopEnd> {
  return new StepLoop(parts, await parts.journal.recorded()).run();
}

/** How often a text is written anew because somebody else has saved its document meanwhile. */
const DOCUMENT_ATTEMPTS_MAX = 5;
/** Thrown through the call of a model for whose next try there is no room. */
class NoRoom extends Error {
  constructor(readonly full: readonly FullCapView[]) {
    super('A cap leaves no room for the call');
  }
}

class StepLoop {
  private readonly steps: RunStep[] = [];
  /** Not committed yet. */
  private pending: RunStep[] = [];
  private modelCalls = 0;

  constructor(
    private readonly parts: StepLoopParts,
    private readonly recorded: readonly RecordedStep[],
  ) {}

  async run(): Promise<LoopEnd> {
    const { model, modelCallsMax } = this.parts;
    while (this.modelCalls < modelCallsMax) {
      const answer = await this.askModel();
      if (answer === null) return this.end('yielded');
      if (answer.kind === 'budget') return answer;
      const calls = model.callsOf(answer.result);
      if (calls.length === 0) break;
      for (const call of calls) {
        const end = await this.take(call);
        if (end !== null) return end;
      }
    }
    return this.end('ended');
  }

  private async end(kind: 'ended' | 'yielded'): Promise<LoopEnd> {
    await this.commit();
    return { kind, steps: this.steps };
  }

  /** The model's answer to all steps so far. Null: the run should stop here. */
  private async askModel(): Promise<RunStep | Extract<LoopEnd, { kind: 'budget' }> | null> {
    const { model, modelCallsMax } = this.parts;
    const found = this.recorded[this.steps.length];
    const isFirst = this.steps.length === 0;
    if (found !== undefined && takenOver(found, null) === 'keep') {
      this.modelCalls += 1;
      this.parts.model.goOnWith(found.name);
      // A conversation without its prompt is worse than one with the prompt as it would be now.
      return this.keep(
        isFirst && found.input === null ? { ...found, input: await this.parts.firstInput() } : found,
      );
    }
    if (this.parts.journal.shouldYield()) return null;
    const input = isFirst ? (firstInputIn(found) ?? (await this.parts.firstInput())) : null;
    const step = this.newStep({ kind: 'model', name: model.name, input });
    const steps = [...this.steps, step];
    const isLast = this.modelCalls === modelCallsMax - 1;
    const full = await this.commit(step, model.costOf(steps, isLast));
    if (full !== null) return { kind: 'budget', steps: this.steps, full };
    try {
      const { result, usage } = await model.call(steps, isLast, async (before) => {
        const refused = await this.commit(
          { ...step, name: model.name, ...before },
          model.costOf(steps, isLast),
        );
        if (refused !== null) throw new NoRoom(refused);
      });
      this.modelCalls += 1;
      // Another one, if the first did not answer.
      return this.add({ ...step, name: model.name, status: 'done', result, usage });
    } catch (error) {
      if (this.parts.signal.aborted) throw error;
      await this.commit(this.failed({ ...step, name: model.name }, error));
      if (error instanceof NoRoom) return { kind: 'budget', steps: this.steps, full: error.full };
      throw error;
    }
  }

  private failed(step: RunStep, error: unknown): RunStep {
    const { describeFailure, isFree } = this.parts;
    const text = error instanceof NoRoom ? error.message : describeFailure(error);
    const result = { error: storableText(text, LIMITS.errorMessageCharsMax) };
    const usage = error instanceof AgentError ? (error.details.usage ?? null) : null;
    return { ...step, status: 'failed', result, usage, ...(isFree(error) && { charge: 'none' }) };
  }

  /** One call of a tool. Null: the run goes on after it. */
  private async take(call: RequestedCall): Promise<LoopEnd | null> {
    const tool = this.parts.tools.find(({ name }) => name === call.name) ?? null;
    const found = this.recorded[this.steps.length];
    const name = storableText(call.name, LIMITS.toolNameCharsMax);
    const step = this.newStep({ kind: 'tool', name, input: call.input, policy: tool?.policy ?? null });
    const what = found === undefined ? 'execute' : takenOver(found, tool);
    if (found !== undefined && what === 'keep') {
      if (found.status === 'done') tool?.restore?.(found.input);
      this.keep(found);
      return null;
    }
    if (what === 'unknown') return this.ended({ ...step, ...UNKNOWN_OUTCOME });
    if (call.problem !== null) return this.ended({ ...step, ...failedCall(call.problem) });
    if (tool === null) return this.ended({ ...step, ...failedCall(`There is no tool "${name}".`) });
    if (tool.policy === 'deny') return this.ended({ ...step, ...DENIED_CALL });
    const answer = found?.answer ?? null;
    if (tool.asks !== undefined) return this.askPerson(tool.asks, step, answer);
    if (answer !== null && !isApproved(answer)) return this.ended({ ...step, ...declinedCall(answer) });
    const isAllowed = tool.policy === 'allow' || answer !== null || found?.status === 'started';
    if (!isAllowed) return this.ask(step);
    return this.make(tool, step);
  }

  /** A question of the model's own: its result is what the person says. */
  private async askPerson(
    asks: AskedPerson,
    step: RunStep,
    answer: ApprovalAnswer | null,
  ): Promise<LoopEnd | null> {
    try {
      if (answer !== null) return this.ended({ ...step, ...doneCall(asks.answer(step.input, answer)) });
      asks.question(step.input, '');
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return this.ended({ ...step, ...failedCall(error.message) });
    }
    return this.ask(step);
  }

  private async ask(step: RunStep): Promise<LoopEnd> {
    const waiting: RunStep = { ...step, status: 'waiting' };
    await this.commit(waiting);
    return { kind: 'waiting', step: waiting };
  }

  private async make(tool: AgentTool, step: RunStep): Promise<LoopEnd | null> {
    if (tool.restore === undefined) {
      if (this.parts.journal.shouldYield()) return this.end('yielded');
      await this.commit(step);
    }
    const { occurrence, signal, toolMsMax } = this.parts;
    const call = { occurrence: stepOccurrence(occurrence, step.index), signal };
    for (let attempt = 1; attempt <= DOCUMENT_ATTEMPTS_MAX; attempt += 1) {
      const { end, document } = await callTool(tool, step.input, call, toolMsMax);
      const made = { ...step, ...end };
      if (document === undefined) return this.ended(made);
      if (await this.commitDocument(made, document)) {
        tool.restore?.(step.input);
        return null;
      }
    }
    return this.ended({ ...step, ...CROWDED_DOCUMENT });
  }

  /**
   * Commits a call with the version of a document that it makes. False: somebody else has made that version.
   */
  private async commitDocument(step: RunStep, document: DocumentVersion): Promise<boolean> {
    const isWritten = await this.parts.journal.writeDocument([...this.pending, step], document);
    if (!isWritten) return false;
    this.pending = [];
    this.steps.push(step);
    this.parts.onToolEnd(step, outputOf(step));
    return true;
  }

  private ended(step: RunStep): null {
    this.add(step);
    this.parts.onToolEnd(step, outputOf(step));
    return null;
  }

  private newStep(of: Pick<RunStep, 'kind' | 'name' | 'input'> & Partial<RunStep>): RunStep {
    const { length: index } = this.steps;
    return { index, status: 'started', policy: null, result: null, usage: null, ...of };
  }

  private keep({ answer: _, ...step }: RecordedStep): RunStep {
    this.steps.push(step);
    return step;
  }

  private add(step: RunStep): RunStep {
    this.steps.push(step);
    this.pending.push(step);
    return step;
  }

  /**
   * Commits what is not committed yet, and the step that is to be executed next. Returns the caps that leave
   * no room for it: then it is not committed.
   */
  private async commit(next?: RunStep, cost?: CallCost): Promise<readonly FullCapView[] | null> {
    const steps = next === undefined ? this.pending : [...this.pending, next];
    if (steps.length === 0) return null;
    const full = await this.parts.journal.write(steps, cost);
    this.pending = [];
    return full;
  }
}

const takenOver = ({ kind, status }: RecordedStep, tool: AgentTool | null) =>
  decideTakenOverStep({ kind, status, tool });

/**
 * What the first call was stored with, where its process is gone. One that failed is made again by a further
 * attempt, perhaps a day later: its prompt is built anew, so that it has what was edited and answered
 * meanwhile.
 */
const firstInputIn = (found: RecordedStep | undefined): unknown =>
  found?.status === 'failed' ? undefined : found?.input;
