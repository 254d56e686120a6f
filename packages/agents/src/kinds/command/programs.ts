import type { FailureClass } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentUsage } from '../../port';
import { secondsOf } from '../../shared/retryAfter';

/** What a known program says of its run in its own format. */
export interface ProgramReport {
  content?: string;
  usage?: AgentUsage;
  failure?: { errorMessage: string; failureClass: FailureClass; retryAfterSeconds?: number };
}

/**
 * Reads the output of a program whose format is known: `claude -p` with `--output-format json` or
 * `stream-json`, and `codex exec --json`. Recognised by its shape: every line must be one of the format's, so
 * that a report which quotes such a line stays as it is. Null for any other output.
 */
export function readProgramOutput(lines: readonly string[]): ProgramReport | null {
  const events = eventsIn(lines);
  if (events === null) return null;
  return readClaude(events) ?? readCodex(events);
}

const eventSchema = z.looseObject({ type: z.string() });
type Event = z.output<typeof eventSchema>;

function eventsIn(lines: readonly string[]): Event[] | null {
  const texts = lines.map((line) => line.trim()).filter((line) => line !== '');
  // One JSON text may also be spread over many lines, and `claude --verbose` makes a list of it.
  return parsedEvents(texts) ?? parsedEvents([texts.join('\n')]);
}

function parsedEvents(texts: readonly string[]): Event[] | null {
  const events: Event[] = [];
  for (const text of texts) {
    if (!/^[{[]/.test(text)) return null;
    const parsed = z.array(eventSchema).or(eventSchema).safeParse(parsedJson(text));
    if (!parsed.success) return null;
    events.push(...(Array.isArray(parsed.data) ? parsed.data : [parsed.data]));
  }
  return events.length > 0 ? events : null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const count = z.number().nonnegative().catch(0);

const claudeResultSchema = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean(),
  result: z.string().optional(),
  errors: z.array(z.string()).optional().catch(undefined),
  total_cost_usd: z.number().nonnegative().optional().catch(undefined),
  usage: z
    .object({
      input_tokens: count,
      cache_creation_input_tokens: count,
      cache_read_input_tokens: count,
      output_tokens: count,
    })
    .optional()
    .catch(undefined),
});

function readClaude(events: readonly Event[]): ProgramReport | null {
  const parsed = claudeResultSchema.safeParse(events.at(-1));
  if (!parsed.success) return null;
  const { subtype, is_error, result, errors, total_cost_usd, usage } = parsed.data;
  const report: ProgramReport = {
    content: result,
    usage: {
      inputTokens:
        usage && usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens,
      outputTokens: usage?.output_tokens,
      costUsd: total_cost_usd,
    },
  };
  if (!is_error && subtype === 'success') return report;
  return {
    ...report,
    failure: failureBy(result || errors?.join('\n') || `Claude Code ended with ${subtype}.`),
  };
}

const codexTurnSchema = z.object({ usage: z.object({ input_tokens: count, output_tokens: count }) });
const codexMessageSchema = z.object({
  item: z.object({ type: z.literal('agent_message'), text: z.string() }),
});
const codexErrorSchema = z
  .object({ error: z.object({ message: z.string() }) })
  .transform(({ error }) => error.message)
  .or(z.object({ message: z.string() }).transform(({ message }) => message));

function readCodex(events: readonly Event[]): ProgramReport | null {
  const isCodex = events.every(({ type }) => /^(thread|turn|item)\.|^error$/.test(type));
  const last = events.findLast(({ type }) => type !== 'error' && type.startsWith('turn.'));
  if (!isCodex || last === undefined) return null;
  const messages = events.flatMap((event) => codexMessageSchema.safeParse(event).data?.item.text ?? []);
  const usages = events.flatMap((event) => codexTurnSchema.safeParse(event).data?.usage ?? []);
  const report: ProgramReport = {
    content: messages.at(-1),
    usage: {
      inputTokens: usages.reduce((sum, { input_tokens }) => sum + input_tokens, 0),
      outputTokens: usages.reduce((sum, { output_tokens }) => sum + output_tokens, 0),
    },
  };
  if (last.type === 'turn.completed') return report;
  const errors = events.flatMap((event) => codexErrorSchema.safeParse(event).data ?? []);
  return { ...report, failure: failureBy(errors.at(-1) ?? 'Codex ended before its turn was complete.') };
}

/** Why a program's call of its model failed, which it says in words alone. */
const WORDS: readonly (readonly [FailureClass, RegExp])[] = [
  ['rate-limit', /\b429\b|rate.?limit|usage limit|quota|too many requests|hit your .{0,40}limit/i],
  [
    'needs-person',
    /\b40[13]\b|\blog ?in\b|api key|not authenticated|unauthori[sz]ed|credit balance|expired/i,
  ],
  [
    'transient',
    /\b5\d\d\b|overloaded|timed? ?out|connection|unavailable|\bE(CONN|NOTFOUND|AI_AGAIN|TIMEDOUT)/i,
  ],
];

function failureBy(errorMessage: string): ProgramReport['failure'] {
  const failureClass = WORDS.find(([, words]) => words.test(errorMessage))?.[0] ?? 'agent';
  // `claude` appends the time of the reset in seconds since 1970: `… usage limit reached|1795867290`.
  const reset = /\|(\d{10})\b/.exec(errorMessage)?.[1];
  return { errorMessage, failureClass, retryAfterSeconds: secondsOf(reset, new Date()) };
}
