import { classifyFailure, errorMessage, LIMITS } from '@everbeat/domain';
import { jsonSchema, streamText, type ToolSet, tool } from 'ai';
import type { AgentRequest, AgentUsage, CallCost, RunStep } from '../../port';
import { AgentError } from '../../shared/agentError';
import type { AgentTool } from '../../tools/port';
import { storableAnswer } from './answer';
import { AnswerReader } from './answerReader';
import { markedMessages, markedSystem } from './cacheMarks';
import type { ModelConfig } from './config';
import { isRefusalOfTools, isUnbilled, modelError } from './errors';
import { messagesOf } from './messages';
import type { ResolvedModel } from './resolveModel';
import { systemText } from './system';
import { outputTokensMax, worstCase } from './worstCase';

const RETRIES_MAX = 2;

/** A model that may be asked. `resolve` throws an AgentError if it cannot be called. */
interface Candidate {
  name: string;
  resolve(): ResolvedModel;
}

export interface ModelCaller {
  model: ResolvedModel;
  /** Asked in this order while the first does not answer. */
  fallbacks: readonly Candidate[];
  config: ModelConfig;
  tools: readonly AgentTool[];
  signal: AbortSignal;
  emit: AgentRequest['emit'];
  /** Whether any amount is capped for the run. */
  isCapped: boolean;
  /** In place of what the model of a run is told. */
  system?: string | undefined;
}

/** Calls the model of a run, one answer at a time, and remembers whether it takes tools. */
export class ModelCalls {
  /** Shown in the transcript last, also if the answer then failed. */
  shownText = '';
  private hasTools = true;
  private current: ResolvedModel;
  private readonly candidates: readonly Candidate[];
  /** Those that did not answer this process, by their names. */
  private readonly asked = new Set<string>();
  /** Failures of calls for which nobody can have been paid. */
  private readonly free = new WeakSet<object>();
  private hasSaidUnpriced = false;

  constructor(private readonly caller: ModelCaller) {
    const { model, fallbacks } = caller;
    this.current = model;
    this.candidates = [{ name: model.name, resolve: () => model }, ...fallbacks];
  }

  /** The model that answers at present. */
  get modelName(): string {
    return this.current.name;
  }

  /** Another process had its last answer from this model. One that cannot be called any more is passed over. */
  goOnWith(name: string): void {
    const candidate = this.candidates.find((each) => each.name === name);
    if (candidate === undefined || name === this.current.name) return;
    try {
      this.current = candidate.resolve();
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
    }
  }

  /**
   * Asks the next of the fallback models while one cannot be reached or has reached a limit. Nothing else is a
   * reason: what a person has to correct would stay hidden.
   * @throws AgentError; the signal's reason; what `reserve` throws
   */
  async call(
    steps: readonly RunStep[],
    isLast: boolean,
    reserve: (before: Pick<RunStep, 'charge'>) => Promise<void>,
  ): Promise<{ result: unknown; usage: AgentUsage }> {
    const { signal } = this.caller;
    for (;;) {
      try {
        return await this.answer(steps, isLast);
      } catch (error) {
        const fault = modelError(signal.aborted ? signal.reason : error, this.current.provider);
        if (isUnbilled(error)) this.free.add(fault);
        if (signal.aborted || !mayPass(fault) || !this.fallBack(fault)) throw fault;
        await reserve(this.isFree(fault) ? { charge: 'none' } : {});
      }
    }
  }

  /** Whether nobody can have been paid for a call that failed with this. */
  isFree(fault: unknown): boolean {
    return typeof fault === 'object' && fault !== null && this.free.has(fault);
  }

  /** What the next call may cost at most. Of a model without a known price the transcript says so, once. */
  costOf(steps: readonly RunStep[], isLast: boolean): CallCost {
    const { config, emit, isCapped } = this.caller;
    const { name, priceAt } = this.current;
    if (priceAt(0) === null && isCapped && !this.hasSaidUnpriced) {
      this.hasSaidUnpriced = true;
      emit({ role: 'tool', content: unpriced(name) });
    }
    const sent = [this.system(), messagesOf(steps, { isLast }), this.tools()];
    return worstCase({ name, sent, outputTokens: outputTokensMax(name, config) }, priceAt);
  }

  private system(): string {
    const { config, system: instead } = this.caller;
    return systemText(config.system, { hasTools: this.hasTools, instead });
  }

  private tools(): ToolSet {
    return this.hasTools ? describedTools(this.caller.tools) : {};
  }

  /** Turns to the next model that can be called, and says so in the transcript. False: there is none. */
  private fallBack(fault: AgentError): boolean {
    const { emit } = this.caller;
    this.asked.add(this.current.name);
    for (const { name, resolve } of this.candidates) {
      if (this.asked.has(name)) continue;
      this.asked.add(name);
      try {
        const from = this.current.name;
        this.current = resolve();
        this.hasTools = true;
        emit({
          role: 'tool',
          content: `${from} did not answer (${fault.code}), so ${name} is asked instead.`,
        });
        return true;
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        emit({ role: 'tool', content: `${name} cannot be asked instead. ${error.message}` });
      }
    }
    return false;
  }

  private async answer(steps: readonly RunStep[], isLast: boolean) {
    const reader = new AnswerReader(this.caller.emit);
    const isFirst = steps.length === 1;
    try {
      return await this.read(reader, steps, isLast);
    } catch (error) {
      const isRefused = isFirst && this.hasTools && !reader.hasBegun && isRefusalOfTools(error);
      if (!isRefused || this.caller.signal.aborted) throw error;
      this.hasTools = false;
      this.caller.emit({ role: 'tool', content: NO_TOOLS });
      return await this.read(reader, steps, isLast);
    } finally {
      reader.flushText();
      if (reader.shownText !== '') this.shownText = reader.shownText;
    }
  }

  private async read(reader: AnswerReader, steps: readonly RunStep[], isLast: boolean) {
    const { config, signal } = this.caller;
    const { model } = this.current;
    const stream = streamText({
      model,
      system: markedSystem(this.system()),
      messages: markedMessages(messagesOf(steps, { isLast })),
      tools: this.tools(),
      maxRetries: RETRIES_MAX,
      abortSignal: signal,
      temperature: config.temperature,
      maxOutputTokens: outputTokensMax(this.current.name, config),
      includeRawChunks: true,
      // The stream reports the error too; without this the library also writes it to the console.
      onError: () => {},
    });
    for await (const part of stream.fullStream) reader.take(part);
    signal.throwIfAborted();
    const { messages } = await stream.response;
    const content = messages.flatMap((message) =>
      message.role === 'assistant' && typeof message.content !== 'string' ? message.content : [],
    );
    const { finishReason, problems } = reader;
    const result = storableAnswer({ content, finishReason, problems });
    if (Buffer.byteLength(JSON.stringify(result)) > LIMITS.stepBytesMax) {
      throw new AgentError(
        'model_too_large',
        `The model's answer is longer than ${LIMITS.stepBytesMax} bytes, which is the limit. Lower maxOutputTokens.`,
      );
    }
    return { result, usage: reader.usage(this.current) };
  }
}

/** Whether a failure is the far side's, and passes without a person. */
function mayPass({ code, details }: AgentError): boolean {
  const { failureClass } = details;
  const why = classifyFailure({ status: 'error', errorCode: code, failureClass });
  return why === 'transient' || why === 'rate-limit';
}

/** What the library needs to tell the model of tools. It executes none: the loop does, step by step. */
const describedTools = (tools: readonly AgentTool[]): ToolSet =>
  Object.fromEntries(
    tools
      .filter(({ policy }) => policy !== 'deny')
      .map(({ name, description, inputSchema }) => [
        name,
        tool({ description, inputSchema: jsonSchema<unknown>(inputSchema) }),
      ]),
  );

/** Without what may be secret: a `modelError` has been redacted. */
export const describeFailure = (error: unknown): string =>
  error instanceof AgentError ? errorMessage(error) : 'The model could not be called.';

const NO_TOOLS =
  'This model takes no tools, so it was asked without them. It can write a report, but leave no briefs, comments or subtasks.';

const unpriced = (name: string): string =>
  `The price of ${name} is not known, so that its calls count against caps of tokens alone, and against none of money. Set its price to change that.`;
