import type { FailureClass } from '@everbeat/domain';
import { secondsOf } from '@everbeat/outgoing';
import { z } from 'zod';
import type { AgentUsage, TranscriptEntry } from '../../../port';
import {
  type Adapter,
  type EventReader,
  isSessionId,
  type ProgramEvent,
  type ProgramFailure,
  type ProgramReport,
} from './adapter';
import { type CommandWords, programWords } from './commandWords';
import { failureBy } from './failureWords';
import { shownArgument, shownCall, shownFailure, shownTool, shownWords } from './shown';
import { StepLog } from './stepLog';

/**
 * Claude Code as `claude -p --output-format stream-json --verbose` prints it, a JSON object on each line:
 * `system` with the session, `assistant` and `user` with the messages of the Messages API, and `result` at
 * the end (https://code.claude.com/docs/en/headless, and the types of messages in
 * /docs/en/agent-sdk/typescript).
 */
export const claude: Adapter = {
  name: 'claude',
  recognizes: (words) => programWords(words)[0] === 'claude' && isPrinting(words),
  isFirstEvent: ({ type, session_id }) =>
    ['system', 'assistant', 'result', 'rate_limit_event'].includes(type) && typeof session_id === 'string',
  extend(commandLine, words, { session, budgetUsd }) {
    const format = words.has('--output-format')
      ? []
      : ['--output-format', 'stream-json', ...(words.has('--verbose') ? [] : ['--verbose'])];
    // The last of two counts.
    const own = Number(words.valueOf('--max-budget-usd') ?? Number.POSITIVE_INFINITY);
    const budget = budgetUsd === null || own <= budgetUsd ? [] : ['--max-budget-usd', dollars(budgetUsd)];
    const resume = session === null || chooses(words) ? [] : ['--resume', session.id];
    return [commandLine.trimEnd(), ...format, ...budget, ...resume].join(' ');
  },
  createReader: () => new ClaudeReader(),
};

const isPrinting = (words: CommandWords): boolean =>
  words.has('-p', '--print') && words.valueOf('--output-format') !== 'text';

/** The operator's command line says itself which session it uses. */
const chooses = (words: CommandWords): boolean =>
  words.has('--resume', '-r', '--continue', '-c', '--session-id', '--no-session-persistence');

/** Rounded down, so that it is no more; but nothing is no limit. */
const dollars = (amount: number): string => (Math.max(1, Math.floor(amount * 10_000)) / 10_000).toFixed(4);

const textSchema = z.object({ type: z.literal('text'), text: z.string() });
const toolUseSchema = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()).catch({}),
});
const toolResultSchema = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  is_error: z.boolean().catch(false),
  content: z.unknown(),
});
const count = z.number().nonnegative().catch(0);
const usageSchema = z.object({
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
});
/**
 * Each block of an answer is an event of its own, with the id of the answer and what that has used so far.
 */
const answerSchema = z.object({ message: z.object({ id: z.string(), usage: usageSchema }) });
const messageSchema = z.object({
  message: z.object({ content: z.array(z.unknown()) }),
  parent_tool_use_id: z.string().nullish().catch(null),
  error: z.string().optional().catch(undefined),
});
const retrySchema = z.object({
  subtype: z.literal('api_retry'),
  error: z.string().catch('an error'),
  retry_delay_ms: z.number().catch(0),
});
const limitSchema = z.object({
  rate_limit_info: z.object({ status: z.literal('rejected'), resetsAt: z.number().optional() }),
});

const resultSchema = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean(),
  num_turns: count,
  result: z.string().optional().catch(undefined),
  errors: z.array(z.string()).optional().catch(undefined),
  total_cost_usd: z.number().nonnegative().optional().catch(undefined),
  usage: usageSchema.optional().catch(undefined),
  /** What this run alone has cost. Older versions do not say it, and count total_cost_usd so. */
  model_usage_since_last_result: z
    .record(z.string(), z.object({ costUSD: z.number().nonnegative() }))
    .optional()
    .catch(undefined),
});
type Result = z.output<typeof resultSchema>;

type Usage = z.output<typeof usageSchema>;

const inputTokensOf = (usage: Usage): number =>
  usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;

/** What the run alone has used, in its main conversation. */
const usageOf = ({ usage }: Result) => ({
  inputTokens: usage && inputTokensOf(usage),
  outputTokens: usage?.output_tokens,
});

/**
 * In newer versions `total_cost_usd` is that of the session. `before`: of the results before it in this run.
 */
function costAfter(
  before: number | undefined,
  { model_usage_since_last_result: own, total_cost_usd }: Result,
): number | undefined {
  if (own === undefined) return total_cost_usd;
  return Object.values(own).reduce((sum, { costUSD }) => sum + costUSD, before ?? 0);
}

/** What it says of an answer of the API that was none. */
const CLASS_OF_ERROR: Readonly<Record<string, FailureClass>> = {
  authentication_failed: 'needs-person',
  billing_error: 'needs-person',
  rate_limit: 'rate-limit',
  server_error: 'transient',
};

class ClaudeReader implements EventReader {
  sessionId: string | null = null;
  readonly sessionUsage = undefined;
  hasBegun = false;
  stuckOn: ProgramFailure | null = null;
  readonly steps = new StepLog();
  private apiError: string | undefined;
  private resetsAt: number | undefined;
  private result: Result | null = null;
  private costUsd: number | undefined;
  /** By the ids of the answers. */
  private readonly answers = new Map<string, Usage>();

  read(event: ProgramEvent): TranscriptEntry[] {
    const { type, session_id } = event;
    if (typeof session_id === 'string' && isSessionId(session_id)) this.sessionId = session_id;
    if (type === 'assistant' || type === 'user') return this.readMessage(event);
    if (type === 'system') return this.readSystem(event);
    if (type === 'rate_limit_event') {
      this.resetsAt = limitSchema.safeParse(event).data?.rate_limit_info.resetsAt ?? this.resetsAt;
      return [];
    }
    const result = resultSchema.safeParse(event).data;
    if (result === undefined) return [];
    this.result = result;
    this.costUsd = costAfter(this.costUsd, result);
    if (result.num_turns > 0) this.hasBegun = true;
    return [];
  }

  /** Before its end it tells the tokens of each answer, and no cost. */
  get usage(): AgentUsage | undefined {
    if (this.result !== null) return { ...usageOf(this.result), costUsd: this.costUsd };
    const answers = [...this.answers.values()];
    if (answers.length === 0) return undefined;
    const sum = (tokens: (usage: Usage) => number): number =>
      answers.reduce((total, usage) => total + tokens(usage), 0);
    return { inputTokens: sum(inputTokensOf), outputTokens: sum((usage) => usage.output_tokens) };
  }

  /** Null also when it was cut off before it could say how it ended. */
  report(): ProgramReport | null {
    if (this.result === null) return null;
    const { subtype, is_error, result, errors } = this.result;
    const report: ProgramReport = { content: result, usage: this.usage };
    if (!is_error && subtype === 'success') return report;
    const said = result || errors?.join('\n') || `Claude Code ended with ${subtype}.`;
    return { ...report, failure: failureBy(said, this.known(subtype)) };
  }

  private known(subtype: string): Partial<ProgramFailure> {
    if (subtype === 'error_max_budget_usd') return { failureClass: 'agent', isOverBudget: true };
    const failureClass = CLASS_OF_ERROR[this.apiError ?? ''];
    const reset = failureClass === 'rate-limit' ? this.resetsAt : undefined;
    return {
      ...(failureClass !== undefined && { failureClass }),
      ...(reset !== undefined && { retryAfterSeconds: secondsOf(String(reset), new Date()) }),
    };
  }

  private readMessage(event: ProgramEvent): TranscriptEntry[] {
    this.hasBegun = true;
    this.stuckOn = null;
    const answer = answerSchema.safeParse(event).data?.message;
    if (event.type === 'assistant' && answer !== undefined) this.answers.set(answer.id, answer.usage);
    const parsed = messageSchema.safeParse(event);
    if (!parsed.success) return [];
    const { message, parent_tool_use_id, error } = parsed.data;
    if (event.type === 'assistant') this.apiError = error;
    // Of an agent that it has called, its words are a draft for the caller.
    const isOfSubagent = typeof parent_tool_use_id === 'string';
    return message.content.flatMap((block) => this.readBlock(event.type, block, isOfSubagent));
  }

  private readBlock(from: string, block: unknown, isOfSubagent: boolean): TranscriptEntry[] {
    const text = textSchema.safeParse(block).data;
    // What the user says is the prompt, which the transcript has already.
    if (text !== undefined) return from === 'assistant' && !isOfSubagent ? shownWords(text.text) : [];
    const call = toolUseSchema.safeParse(block).data;
    if (call !== undefined) {
      this.steps.begin(call.id, call.name, shownArgument(call.input));
      return [shownCall(call.name, call.input)];
    }
    const result = toolResultSchema.safeParse(block).data;
    if (result === undefined) return [];
    const name = this.steps.nameOf(result.tool_use_id) ?? 'A tool';
    this.steps.end(result.tool_use_id, result.is_error);
    return result.is_error ? [shownFailure(name, textOf(result.content))] : [];
  }

  private readSystem(event: ProgramEvent): TranscriptEntry[] {
    const retry = retrySchema.safeParse(event).data;
    if (retry === undefined) return [];
    const failureClass = CLASS_OF_ERROR[retry.error];
    this.stuckOn = failureBy(
      `Its calls of the model fail (${retry.error}).`,
      failureClass && { failureClass },
    );
    const seconds = Math.ceil(retry.retry_delay_ms / 1_000);
    return [shownTool(`Its call of the model failed (${retry.error}). It tries again in ${seconds} s.`)];
  }
}

/** The text of a tool's result, which is a text or a list of blocks. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.flatMap((block) => textSchema.safeParse(block).data?.text ?? []).join('\n');
}
