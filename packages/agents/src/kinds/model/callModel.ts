import { classifyFailure, errorMessage, LIMITS } from '@everbeat/domain';
import { jsonSchema, type ModelMessage, streamText, type ToolSet, tool } from 'ai';
import type { AgentRequest, AgentUsage, CallCost, RunStep } from '../../port';
import { AgentError } from '../../shared/agentError';
import type { Clean } from '../../shared/clean';
import { cleanTexts } from '../../shared/cleanTexts';
import type { AgentTool } from '../../tools/port';
import { storableAnswer } from './answer';
import { AnsweringModel, type Candidate } from './answeringModel';
import { AnswerReader } from './answerReader';
import { markedMessages, markedSystem } from './cacheMarks';
import type { ModelConfig } from './config';
import { isRefusalOfTools, isUnbilled, modelError } from './errors';
import { messagesOf } from './messages';
import type { ResolvedModel } from './resolveModel';
import { systemText } from './system';
import { outputTokensMax, worstCase } from './worstCase';

const RETRIES_MAX = 2;

export interface ModelCaller {
  model: ResolvedModel;
  /** Asked in this order while the first does not answer. */
  fallbacks: readonly Candidate[];
  config: ModelConfig;
  tools: readonly AgentTool[];
  signal: AbortSignal;
  emit: AgentRequest['emit'];
  /** Leaves secrets out of answers before they are stored: a provider may quote the key that it was sent. */
  clean: Clean;
  /** Whether any amount is capped for the run. */
  isCapped: boolean;
  /** In place of what the model of a run is told. */
  system?: string | undefined;
}

/** Calls the model of a run, one answer at a time. */
export class ModelCalls {
  /** Shown in the transcript last, also if the answer then failed. */
  shownText = '';
  private readonly answering: AnsweringModel;
  /** Failures of calls for which nobody can have been paid. */
  private readonly free = new WeakSet<object>();
  private hasSaidUnpriced = false;

  constructor(private readonly caller: ModelCaller) {
    this.answering = new AnsweringModel(caller.model, caller.fallbacks, caller.emit);
  }

  /** The model that answers at present. */
  get modelName(): string {
    return this.answering.current.name;
  }

  goOnWith(name: string): void {
    this.answering.goOnWith(name);
  }

  /**
   * Asks the next of the fallback models while one cannot be reached, has reached a limit, or takes no tools.
   * Nothing else is a reason: what a person has to correct would stay hidden.
   * @throws AgentError; the signal's reason; what `reserve` throws
   */
  async call(
    steps: readonly RunStep[],
    isLast: boolean,
    reserve: (before: Pick<RunStep, 'charge'>) => Promise<void>,
  ): Promise<{ result: unknown; usage: AgentUsage }> {
    const { signal, emit } = this.caller;
    const { answering } = this;
    for (;;) {
      const reader = new AnswerReader(emit);
      try {
        return await this.answer(reader, steps, isLast);
      } catch (error) {
        const fault = modelError(signal.aborted ? signal.reason : error, answering.current.provider);
        if (isUnbilled(error)) this.free.add(fault);
        if (signal.aborted) throw fault;
        const isRefused = !reader.hasBegun && isRefusalOfTools(error) && this.mayTakeNoTools(steps);
        if (isRefused) answering.refuseTools(steps.length === 1);
        else if (!mayPass(fault) || !answering.passOver(fault)) throw fault;
        await reserve(isRefused || this.isFree(fault) ? { charge: 'none' } : {});
      }
    }
  }

  /** Whether the model has answered without its tools. */
  get isWithoutTools(): boolean {
    return !this.answering.hasTools;
  }

  /** One that has answered with tools before is refused for something else, which a person has to correct. */
  private mayTakeNoTools(steps: readonly RunStep[]): boolean {
    const { current, hasTools } = this.answering;
    const hasAnswered = ({ kind, name, status }: RunStep): boolean =>
      kind === 'model' && name === current.name && status === 'done';
    return hasTools && !steps.some(hasAnswered);
  }

  /** Whether nobody can have been paid for a call that failed with this. */
  isFree(fault: unknown): boolean {
    return typeof fault === 'object' && fault !== null && this.free.has(fault);
  }

  /** What the next call may cost at most. Of a model without a known price the transcript says so, once. */
  costOf(steps: readonly RunStep[], isLast: boolean): CallCost {
    const { config, emit, isCapped } = this.caller;
    const { name, priceAt, reportsCost } = this.answering.current;
    if (priceAt(0) === null && isCapped && !this.hasSaidUnpriced) {
      this.hasSaidUnpriced = true;
      emit({ role: 'tool', content: unpriced(name, reportsCost) });
    }
    const sent = [this.system(), this.messages(steps, isLast), this.tools()];
    const cost = worstCase({ name, sent, outputTokens: outputTokensMax(name, config) }, priceAt);
    return reportsCost ? { ...cost, isReported: true } : cost;
  }

  private system(): string {
    const { config, system: instead } = this.caller;
    return systemText(config.system, { hasTools: this.answering.hasTools, instead });
  }

  private tools(): ToolSet {
    return this.answering.hasTools ? describedTools(this.caller.tools) : {};
  }

  private messages(steps: readonly RunStep[], isLast: boolean): ModelMessage[] {
    return messagesOf(steps, { isLast, hasTools: this.answering.hasTools });
  }

  private async answer(reader: AnswerReader, steps: readonly RunStep[], isLast: boolean) {
    try {
      return await this.read(reader, steps, isLast);
    } finally {
      reader.flushText();
      if (reader.shownText !== '') this.shownText = reader.shownText;
    }
  }

  private async read(reader: AnswerReader, steps: readonly RunStep[], isLast: boolean) {
    const { config, signal } = this.caller;
    const { current } = this.answering;
    const stream = streamText({
      model: current.model,
      system: markedSystem(this.system()),
      messages: markedMessages(this.messages(steps, isLast)),
      tools: this.tools(),
      maxRetries: RETRIES_MAX,
      abortSignal: signal,
      temperature: config.temperature,
      maxOutputTokens: outputTokensMax(current.name, config),
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
    cleanTexts({ content, problems }, this.caller.clean);
    const result = storableAnswer({ content, finishReason, problems });
    if (Buffer.byteLength(JSON.stringify(result)) > LIMITS.stepBytesMax) {
      throw new AgentError(
        'model_too_large',
        `The model's answer is longer than ${LIMITS.stepBytesMax} bytes, which is the limit. Lower maxOutputTokens.`,
      );
    }
    return { result, usage: reader.usage(current) };
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

const unpriced = (name: string, reportsCost: boolean): string =>
  reportsCost
    ? `The price of ${name} is not known, so that nothing is reserved for its calls. They count with what its provider reports afterwards, and the last one may exceed a cap. Set its price to change that.`
    : `The price of ${name} is not known, so that its calls count against caps of tokens alone, and against none of money. Set its price to change that.`;
