import { z } from 'zod';
import type { AgentUsage, TranscriptEntry } from '../../../port';
import {
  type Adapter,
  type EventReader,
  isSessionId,
  type ProgramEvent,
  type ProgramFailure,
  type ProgramReport,
  type ResumedSession,
} from './adapter';
import { programWords } from './commandWords';
import { failureBy } from './failureWords';
import { shownArgument, shownCall, shownFailure, shownTool, shownWords } from './shown';
import { StepLog } from './stepLog';

/**
 * Codex as `codex exec --json` prints it, a JSON object on each line: `thread.started`, then turns with their
 * items (docs/exec.md and codex-rs/exec/src/exec_events.rs of https://github.com/openai/codex).
 */
export const codex: Adapter = {
  name: 'codex',
  recognizes: (words) =>
    programWords(words)[0] === 'codex' && words.all.some((word) => /^e(xec)?$/.test(word)),
  isFirstEvent: ({ type }) => type === 'thread.started',
  extend(commandLine, words, { session }) {
    const added = [
      ...(words.has('--json', '--experimental-json') ? [] : ['--json']),
      // The folder is the task's own, whether it is a repository or not.
      ...(words.has('--skip-git-repo-check') ? [] : ['--skip-git-repo-check']),
    ];
    if (session === null || words.has('resume', 'fork', 'review', '--ephemeral')) {
      return [commandLine.trimEnd(), ...added].join(' ');
    }
    // A prompt on standard input is named after the session.
    const withoutDash = commandLine.trimEnd().replace(/\s-$/, '');
    return [withoutDash, ...added, 'resume', session.id, '-'].join(' ');
  },
  createReader: (resumed) => new CodexReader(resumed),
};

const usageSchema = z.object({
  usage: z.object({
    input_tokens: z.number().nonnegative().catch(0),
    output_tokens: z.number().nonnegative().catch(0),
  }),
});
const errorSchema = z
  .object({ error: z.object({ message: z.string() }) })
  .transform(({ error }) => error.message)
  .or(z.object({ message: z.string() }).transform(({ message }) => message));

const itemSchema = z.object({
  item: z.discriminatedUnion('type', [
    z.object({ type: z.literal('agent_message'), text: z.string() }),
    z.object({
      type: z.literal('command_execution'),
      command: z.string(),
      aggregated_output: z.string().catch(''),
      status: z.string().catch(''),
      exit_code: z.number().nullish().catch(null),
    }),
    z.object({
      type: z.literal('file_change'),
      changes: z.array(z.object({ path: z.string(), kind: z.string().catch('update') })),
      status: z.string().catch(''),
    }),
    z.object({
      type: z.literal('mcp_tool_call'),
      server: z.string(),
      tool: z.string(),
      arguments: z.record(z.string(), z.unknown()).catch({}),
      error: z.object({ message: z.string() }).nullish().catch(null),
      status: z.string().catch(''),
    }),
    z.object({ type: z.literal('web_search'), query: z.string().catch('') }),
    z.object({ type: z.literal('error'), message: z.string() }),
  ]),
});
const idSchema = z.object({ item: z.object({ id: z.string() }) });
type Item = z.output<typeof itemSchema>['item'];

class CodexReader implements EventReader {
  readonly steps = new StepLog();
  sessionId: string | null = null;
  /** Until this run says more, what earlier ones have used: a run that is lost must not lose it. */
  sessionUsage: AgentUsage | undefined;
  hasBegun = false;
  stuckOn: ProgramFailure | null = null;
  private hasCounted = false;
  private message: string | undefined;
  private error: string | undefined;
  private end: 'completed' | 'failed' | null = null;

  constructor(private readonly resumed: ResumedSession | null) {
    this.sessionUsage = resumed?.usage;
  }

  read(event: ProgramEvent): TranscriptEntry[] {
    const { type } = event;
    if (type === 'thread.started') {
      const { thread_id: id } = event;
      if (typeof id === 'string' && isSessionId(id)) this.sessionId = id;
      return [];
    }
    if (type === 'turn.started') this.hasBegun = true;
    if (type === 'turn.completed') this.completed(event);
    if (type === 'turn.failed') this.end = 'failed';
    if (type === 'turn.failed' || type === 'error') {
      this.error = errorSchema.safeParse(event).data ?? this.error;
      this.stuckOn = this.error === undefined ? null : failureBy(this.error);
    }
    const item = itemSchema.safeParse(event).data?.item;
    if (item === undefined) return [];
    this.logStep(type, idSchema.safeParse(event).data?.item.id, item);
    // It warns before it takes the prompt up.
    if (item.type !== 'error') {
      this.hasBegun = true;
      this.stuckOn = null;
    }
    return type === 'item.started' ? shownStart(item) : type === 'item.completed' ? this.shownEnd(item) : [];
  }

  private logStep(type: string, id: string | undefined, item: Item): void {
    const call = callIn(item);
    if (call === null || id === undefined) return;
    if (type === 'item.started') this.steps.begin(id, call.name, call.input);
    if (type === 'item.completed') this.steps.end(id, 'status' in item && isFailed(item), call);
  }

  report(): ProgramReport | null {
    if (this.end === null) return null;
    const report: ProgramReport = { content: this.message, usage: this.usage };
    if (this.end === 'completed') return report;
    return { ...report, failure: failureBy(this.error ?? 'Codex ended before its turn was complete.') };
  }

  private completed(event: ProgramEvent): void {
    this.end = 'completed';
    const usage = usageSchema.safeParse(event).data?.usage;
    if (usage === undefined) return;
    this.hasCounted = true;
    this.sessionUsage = { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens };
  }

  /** Its counts are those of the whole conversation, also of the runs before this one. */
  get usage(): AgentUsage | undefined {
    if (this.sessionUsage === undefined || !this.hasCounted) return undefined;
    const before = this.resumed?.usage ?? {};
    const since = (total = 0, earlier = 0) => (total >= earlier ? total - earlier : total);
    return {
      inputTokens: since(this.sessionUsage.inputTokens, before.inputTokens),
      outputTokens: since(this.sessionUsage.outputTokens, before.outputTokens),
    };
  }

  private shownEnd(item: Item): TranscriptEntry[] {
    switch (item.type) {
      case 'agent_message':
        this.message = item.text;
        return shownWords(item.text);
      case 'command_execution':
        return isFailed(item) ? [shownFailure(plain(item.command), item.aggregated_output)] : [];
      case 'file_change': {
        const files = filesIn(item);
        return [isFailed(item) ? shownFailure('Files', files) : shownCall('Files', { path: files })];
      }
      case 'mcp_tool_call':
        return isFailed(item) ? [shownFailure(`${item.server}.${item.tool}`, item.error?.message ?? '')] : [];
      case 'web_search':
        return [shownCall('Web search', { query: item.query })];
      case 'error':
        return [shownTool(item.message)];
    }
  }
}

/** The call of a tool that an item tells of; null: it is none. */
function callIn(item: Item): { name: string; input: string } | null {
  switch (item.type) {
    case 'command_execution':
      return { name: 'Command', input: shownArgument({ command: plain(item.command) }) };
    case 'mcp_tool_call':
      return { name: `${item.server}.${item.tool}`, input: shownArgument(item.arguments) };
    case 'file_change':
      return { name: 'Files', input: shownArgument({ path: filesIn(item) }) };
    case 'web_search':
      return { name: 'Web search', input: shownArgument({ query: item.query }) };
    case 'agent_message':
    case 'error':
      return null;
  }
}

const filesIn = ({ changes }: Extract<Item, { type: 'file_change' }>): string =>
  changes.map(({ path, kind }) => `${kind} ${path}`).join(', ');

/** What takes a while is shown when it begins. */
function shownStart(item: Item): TranscriptEntry[] {
  if (item.type === 'command_execution') return [shownCall('Command', { command: plain(item.command) })];
  if (item.type === 'mcp_tool_call') return [shownCall(`${item.server}.${item.tool}`, item.arguments)];
  return [];
}

/** What it runs in a shell, without the shell. */
const plain = (command: string): string =>
  command.replace(/^(\/\S*\/)?(ba|z|da)?sh -l?c /, '').replace(/^'([^']*)'$|^"([^"\\$]*)"$/, '$1$2');

const isFailed = ({ status }: { status: string }): boolean => status === 'failed' || status === 'declined';
