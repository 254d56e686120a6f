import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '@everbeat/domain';
import { AgentError } from '../../shared/agentError';
import { endGroup, startGroup } from './processGroup';

export interface CommandRun {
  commandLine: string;
  env: Record<string, string>;
  /** What the command reads; it need not. */
  input: string;
  signal: AbortSignal;
  graceMs: number;
}

export interface CommandResult {
  exitCode: number | null;
  exitSignal: NodeJS.Signals | null;
  stdout: string;
  /** The end of it. */
  stderr: string;
}

/** Below the message's own limit, so that its first sentence stays. */
const STDERR_CHARS_MAX = LIMITS.errorMessageCharsMax - 500;

/**
 * Runs a command line until its shell ends, then ends what that left running; the same, at once, when the signal is
 * aborted or the output grows too long. Nothing it started is alive when this returns, but for what left its group.
 * @throws AgentError `command_not_started`, `command_output_too_large`; the signal's reason
 */
export async function runCommand({
  commandLine,
  env,
  input,
  signal,
  graceMs,
}: CommandRun): Promise<CommandResult> {
  signal.throwIfAborted();
  const child = startGroup(commandLine, env);
  const pid = await started(child);
  const overflow = new AbortController();
  const stdout = collect(child.stdout, LIMITS.contentCharsMax, () => overflow.abort());
  const stderr = collectEnd(child.stderr, STDERR_CHARS_MAX);
  // A command that ends without reading its input is no fault.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const stopped = Promise.race([aborted(overflow.signal), aborted(signal)]);
  await Promise.race([exited, stopped]);
  await endGroup(pid, graceMs);
  // What left the group may hold the pipes open for ever.
  await Promise.race([closed, stopped, delay(graceMs, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  signal.throwIfAborted();
  if (overflow.signal.aborted) {
    throw new AgentError(
      'command_output_too_large',
      `The command wrote more than ${LIMITS.contentCharsMax} characters to standard output and was ended. Let it write only its report there.`,
      { content: stdout() },
    );
  }
  return { exitCode: child.exitCode, exitSignal: child.signalCode, stdout: stdout(), stderr: stderr() };
}

async function started(child: ReturnType<typeof startGroup>): Promise<number> {
  try {
    if (child.pid === undefined) await once(child, 'spawn');
  } catch {
    // The code below tells of it.
  }
  if (child.pid === undefined) {
    throw new AgentError(
      'command_not_started',
      'The shell could not be started. Look at the server: it may be out of processes or memory.',
    );
  }
  child.on('error', () => {});
  return child.pid;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The beginning of a stream; `onOverflow` is called once there is more. */
function collect(stream: Readable, charsMax: number, onOverflow: () => void): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length >= charsMax) return;
    text += chunk;
    if (text.length <= charsMax) return;
    text = text.slice(0, charsMax);
    onOverflow();
  });
  return () => text;
}

function collectEnd(stream: Readable, charsMax: number): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-charsMax);
  });
  return () => text.toWellFormed();
}
