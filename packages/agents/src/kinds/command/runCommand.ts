import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '@everbeat/domain';
import { AgentError } from '../../shared/agentError';
import { BoundedOutput } from './boundedOutput';
import { endGroup, startGroup } from './processGroup';
import { terminalText } from './terminalText';

export interface CommandRun {
  commandLine: string;
  env: Record<string, string>;
  /** An existing folder. */
  cwd: string;
  /** Written to standard input, which the command may ignore. */
  input: string;
  signal: AbortSignal;
  graceMs: number;
}

export interface CommandResult {
  exitCode: number | null;
  exitSignal: NodeJS.Signals | null;
  stdout: BoundedOutput;
  /** Only its end. */
  stderr: string;
}

/** Far above what a program that means well prints; there it is ended, as it may never end by itself. */
const OUTPUT_CHARS_MAX = 100_000_000;
/** Below the limit of error messages, to leave room for the sentence before it. */
const STDERR_CHARS_MAX = LIMITS.errorMessageCharsMax - 500;

/**
 * Runs a command line until its shell ends, or stops it when the signal is aborted or its output does not
 * end. In all cases every process of its group has ended when this returns.
 * @throws AgentError `command_not_started`, `command_output_too_large`; the signal's reason
 */
export async function runCommand({
  commandLine,
  env,
  cwd,
  input,
  signal,
  graceMs,
}: CommandRun): Promise<CommandResult> {
  signal.throwIfAborted();
  const child = startGroup(commandLine, { env, cwd });
  const pid = await started(child);
  const overflow = new AbortController();
  const stdout = collect(child.stdout, () => overflow.abort());
  const stderr = collectEnd(child.stderr, STDERR_CHARS_MAX);
  // Writing fails if the command ends without reading its input, which is allowed.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const stopped = Promise.race([aborted(overflow.signal), aborted(signal)]);
  await Promise.race([exited, stopped]);
  await endGroup(pid, graceMs);
  // A process that left the group may keep the pipes open forever.
  await Promise.race([closed, stopped, delay(graceMs, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  signal.throwIfAborted();
  if (overflow.signal.aborted) {
    throw new AgentError(
      'command_output_too_large',
      `The command wrote more than ${OUTPUT_CHARS_MAX} characters to standard output and was ended. Let it write only its report there.`,
      { content: stdout.content },
    );
  }
  return { exitCode: child.exitCode, exitSignal: child.signalCode, stdout, stderr: stderr() };
}

async function started(child: ReturnType<typeof startGroup>): Promise<number> {
  try {
    if (child.pid === undefined) await once(child, 'spawn');
  } catch {
    // Reported below.
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

/** `onOverflow` is called when there is more than a program that ends prints. */
function collect(stream: Readable, onOverflow: () => void): BoundedOutput {
  const output = new BoundedOutput();
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    output.add(chunk);
    if (output.chars > OUTPUT_CHARS_MAX) onOverflow();
  });
  return output;
}

function collectEnd(stream: Readable, charsMax: number): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-charsMax);
  });
  return () => terminalText(text.toWellFormed());
}
