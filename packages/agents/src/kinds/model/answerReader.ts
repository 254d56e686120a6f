import { errorMessage, LIMITS, storableText } from '@everbeat/domain';
import type { FinishReason, TextStreamPart, ToolSet } from 'ai';
import type { AgentRequest, AgentUsage } from '../../port';
import { isObject } from '../../shared/fieldReader';
import type { ModelConfig } from './config';
import { StreamedError } from './errors';
import { splitReasoning } from './reasoning';

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
  private inputTokens = 0;
  private outputTokens = 0;
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
        this.inputTokens += part.usage.inputTokens ?? 0;
        this.outputTokens += part.usage.outputTokens ?? 0;
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

  usage(pricing: ModelConfig['pricing']): AgentUsage {
    return pricedUsage(this.inputTokens, this.outputTokens, pricing);
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

/** Tokens, and what they cost where the price is known. */
export function pricedUsage(
  inputTokens: number,
  outputTokens: number,
  pricing: ModelConfig['pricing'],
): AgentUsage {
  if (pricing === undefined) return { inputTokens, outputTokens };
  const costUsd =
    (inputTokens * pricing.inputPerMillionUsd + outputTokens * pricing.outputPerMillionUsd) / 1_000_000;
  return { inputTokens, outputTokens, costUsd };
}
