import {
  costMicroUsd,
  countedTokens,
  errorMessage,
  LIMITS,
  MICRO_USD,
  storableText,
  type TokenUsage,
} from '@everbeat/domain';
import type { FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';
import type { AgentRequest, AgentUsage } from '../../port';
import { isObject } from '../../shared/fieldReader';
import { StreamedError } from './errors';
import { splitReasoning } from './reasoning';
import type { ResolvedModel } from './resolveModel';

const REASONING_CHARS_MAX = 20_000;

/** Reads the stream of one answer of a model: adds it to the transcript, and counts tokens. */
export class AnswerReader {
  finishReason: FinishReason = 'other';
  /** Why calls of tools cannot be made, by their ids. */
  readonly problems: Record<string, string> = {};
  /** The text that was shown last. */
  shownText = '';
  private text = '';
  private reasoning = '';
  private tokens: TokenUsage = {};
  /** What the answer says that it cost. */
  private reportedUsd: number | undefined;
  private hasText = false;

  constructor(private readonly emit: AgentRequest['emit']) {}

  /** @throws what the stream reports as its error */
  take(part: TextStreamPart<ToolSet>): void {
    switch (part.type) {
      case 'text-delta':
        this.hasText = true;
        if (this.text.length < LIMITS.contentCharsMax) this.text += part.text;
        break;
      case 'reasoning-delta':
        if (this.reasoning.length < REASONING_CHARS_MAX) this.reasoning += part.text;
        break;
      case 'tool-call':
        this.flushText();
        if ('invalid' in part && part.invalid === true)
          this.problems[part.toolCallId] = errorMessage(part.error);
        break;
      case 'finish-step':
        this.flushText();
        this.finishReason = part.finishReason;
        this.tokens = tokensIn(part.usage);
        this.reportedUsd = costIn(part.usage.raw);
        break;
      case 'raw':
        // Read here, because the libraries keep of some of these errors nothing or too little.
        if (isObject(part.rawValue) && 'error' in part.rawValue && part.rawValue.error)
          throw this.failed(new StreamedError(part.rawValue));
        break;
      case 'error':
        throw this.failed(part.error);
    }
  }

  /** Whether the model has said anything yet. */
  get hasBegun(): boolean {
    return this.hasText;
  }

  /** The tokens of the call, and what it cost where that is known. */
  usage({ priceAt, reportsCost }: Pick<ResolvedModel, 'priceAt' | 'reportsCost'>): AgentUsage {
    const { tokens, reportedUsd } = this;
    if (reportsCost && reportedUsd !== undefined) return { ...tokens, costUsd: reportedUsd };
    const price = priceAt(tokens.inputTokens ?? 0);
    return price === null ? tokens : { ...tokens, costUsd: costMicroUsd(price, tokens) / MICRO_USD };
  }

  private failed(error: unknown): unknown {
    this.flushText();
    return error;
  }

  /** Shows the text so far, also of an answer that broke off. */
  flushText(): void {
    const { reasoning, text } = splitReasoning(this.text);
    this.showReasoning(`${this.reasoning}${reasoning}`);
    if (text.trim() !== '') {
      this.shownText = storableText(text, LIMITS.contentCharsMax);
      this.emit({ role: 'assistant', content: this.shownText });
    }
    this.text = '';
    this.reasoning = '';
  }

  /** Shown to whoever looks into the run, and no part of the report. */
  private showReasoning(reasoning: string): void {
    if (reasoning.trim() === '') return;
    const content = storableText(`Reasoning: ${reasoning.trim()}`, REASONING_CHARS_MAX);
    this.emit({ role: 'tool', content });
  }
}

/** As they are counted: what a server says need not be a number of tokens. */
function tokensIn({ inputTokens, inputTokenDetails, outputTokens }: LanguageModelUsage): TokenUsage {
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = inputTokenDetails;
  return {
    inputTokens: countedTokens(inputTokens ?? 0),
    ...(cacheReadTokens > 0 && { cachedInputTokens: cacheReadTokens }),
    ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
    outputTokens: countedTokens(outputTokens ?? 0),
  };
}

/** In dollars, beside the tokens, as OpenRouter reports it. */
function costIn(raw: LanguageModelUsage['raw']): number | undefined {
  const cost = raw?.cost;
  return typeof cost === 'number' && Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}
