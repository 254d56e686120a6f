import { errorMessage, LIMITS, storableText } from '@everbeat/domain';
import type { FinishReason, TextStreamPart } from 'ai';
import type { AgentRequest, AgentUsage } from '../../port';
import type { ModelConfig } from './config';
import type { createTools } from './tools';

export type ConversationPart = TextStreamPart<ReturnType<typeof createTools>>;

const TOOL_ENTRY_CHARS_MAX = 5_000;

/**
 * Reads a model's stream: adds its steps to the transcript, remembers the last text as the answer, counts
 * tokens.
 */
export class Conversation {
  finishReason: FinishReason | undefined;
  private stepText = '';
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
        this.finishReason = part.finishReason;
        this.inputTokens += part.usage.inputTokens ?? 0;
        this.outputTokens += part.usage.outputTokens ?? 0;
        break;
      case 'error':
        this.flushText();
        throw part.error;
    }
  }

  /** The text of the last step that had any. */
  get text(): string {
    return this.stepText.trim() === '' ? this.lastText : this.stepText;
  }

  usage(pricing: ModelConfig['pricing']): AgentUsage {
    const { inputTokens, outputTokens } = this;
    if (pricing === undefined) return { inputTokens, outputTokens };
    const costUsd =
      (inputTokens * pricing.inputPerMillionUsd + outputTokens * pricing.outputPerMillionUsd) / 1_000_000;
    return { inputTokens, outputTokens, costUsd };
  }

  private flushText(): void {
    if (this.stepText.trim() !== '') {
      this.lastText = storableText(this.stepText, LIMITS.contentCharsMax);
      this.emit({ role: 'assistant', content: this.lastText });
    }
    this.stepText = '';
  }

  private showTool(name: string, input: unknown, output: string): void {
    const content = `${name}(${JSON.stringify(input) ?? ''}) → ${output}`;
    this.emit({ role: 'tool', content: storableText(content, TOOL_ENTRY_CHARS_MAX) });
  }
}
