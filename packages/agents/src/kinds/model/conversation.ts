import { errorMessage, LIMITS, storableText } from '@everbeat/domain';
import type { FinishReason, TextStreamPart } from 'ai';
import type { AgentRequest, AgentUsage } from '../../port';
import { isObject } from '../../shared/fieldReader';
import type { ModelConfig } from './config';
import { StreamedError } from './errors';
import { splitReasoning, withoutReasoning } from './reasoning';
import type { createTools } from './tools';

export type ConversationPart = TextStreamPart<ReturnType<typeof createTools>>;

const TOOL_ENTRY_CHARS_MAX = 5_000;
const REASONING_CHARS_MAX = 20_000;

/**
 * Reads a model's stream: adds its steps to the transcript, remembers the last text as the answer, counts
 * tokens.
 */
export class Conversation {
  finishReason: FinishReason | undefined;
  /** How often the model was called. */
  steps = 0;
  private stepText = '';
  private stepReasoning = '';
  private lastText = '';
  private inputTokens = 0;
  private outputTokens = 0;

  constructor(private readonly emit: AgentRequest['emit']) {}

  /** @throws what the stream reports as its error */
  take(part: ConversationPart): void {
    switch (part.type) {
      case 'text-delta':
        if (this.stepText.length < LIMITS.contentCharsMax) this.stepText += part.text;
        break;
      case 'reasoning-delta':
        if (this.stepReasoning.length < REASONING_CHARS_MAX) this.stepReasoning += part.text;
        break;
      case 'tool-call':
        this.flushText();
        break;
      case 'tool-result':
        this.showTool(part.toolName, part.input, String(part.output));
        break;
      case 'tool-error':
        this.showTool(part.toolName, part.input, `refused: ${errorMessage(part.error)}`);
        break;
      case 'finish-step':
        this.flushText();
        this.steps += 1;
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

  /** Whether the model has said or done anything yet. */
  get hasBegun(): boolean {
    return this.steps > 0 || this.stepText !== '';
  }

  /** The text of the last step that had any, without its reasoning. */
  get text(): string {
    return withoutReasoning(this.stepText).trim() === '' ? this.lastText : withoutReasoning(this.stepText);
  }

  usage(pricing: ModelConfig['pricing']): AgentUsage {
    const { inputTokens, outputTokens } = this;
    if (pricing === undefined) return { inputTokens, outputTokens };
    const costUsd =
      (inputTokens * pricing.inputPerMillionUsd + outputTokens * pricing.outputPerMillionUsd) / 1_000_000;
    return { inputTokens, outputTokens, costUsd };
  }

  private failed(error: unknown): unknown {
    this.flushText();
    return error;
  }

  private flushText(): void {
    const { reasoning, text } = splitReasoning(this.stepText);
    this.showReasoning(`${this.stepReasoning}${reasoning}`);
    if (text.trim() !== '') {
      this.lastText = storableText(text, LIMITS.contentCharsMax);
      this.emit({ role: 'assistant', content: this.lastText });
    }
    this.stepText = '';
    this.stepReasoning = '';
  }

  /** Shown to whoever looks into the run, and no part of the report. */
  private showReasoning(reasoning: string): void {
    if (reasoning.trim() === '') return;
    const content = storableText(`Reasoning: ${reasoning.trim()}`, REASONING_CHARS_MAX);
    this.emit({ role: 'tool', content });
  }

  private showTool(name: string, input: unknown, output: string): void {
    const content = `${name}(${JSON.stringify(input) ?? ''}) → ${output}`;
    this.emit({ role: 'tool', content: storableText(content, TOOL_ENTRY_CHARS_MAX) });
  }
}
