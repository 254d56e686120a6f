import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '@everbeat/domain';
import { AgentError } from '../../shared/agentError';
import type { Clean } from '../../shared/clean';
import { BoundedOutput } from './boundedOutput';
import { endAllOf, endGroup, type StartedProcess, startGroup } from './processGroup';
import { signalOfStatus } from './sandbox/bubblewrapReport';
import type { Launch } from './sandbox/confinement';
import { terminalText } from './terminalText';

export interface CommandRun {
  launch: Launch;
  /** An existing folder. */
  cwd: string;
  /** Written to standard input, which the command may ignore. */
  input: string;
  signal: AbortSignal;
  graceMs: number;
  /** Leaves secrets out of what it prints. */
  clean: Clean;
  /** Called with its standard output while it runs. */
  onOutput?: (chunk: string) => void;
}

export interface CommandResult {
  exitCode: number | null;
  exitSignal: string | null;
  stdout: BoundedOutput;
  /**
   * Without secrets. Only its end, of which `STDERR_CHARS_MAX` may be shown: it may begin within a secret.
   */
  stderr: string;
}

/** Far above what a program that means well prints; there it is ended, as it may never end by itself. */
const OUTPUT_CHARS_MAX = 100_000_000;
/** Below the limit of error messages, to leave room for the sentence before it. */
export const STDERR_CHARS_MAX = LIMITS.errorMessageCharsMax - 500;

/**
 * Runs a command line until its shell ends, or stops it when the signal is aborted or its output does not
 * end. In all cases every process of its group, or in its sandbox, or of its user has ended when this
 * returns.
 * @throws AgentError `command_not_started`, `command_output_too_large`; the signal's reason
 */
export async function runCommand({
  launch,
  cwd,
  input,
  signal,
  graceMs,
  clean,
  onOutput,
}: CommandRun): Promise<CommandResult> {
  signal.throwIfAborted();
  const running = startGroup(launch, cwd);
  const { child } = running;
  await started(child);
  const overflow = new AbortController();
  const stdout = collect(child.stdout, { clean, onOutput, onOverflow: () => overflow.abort() });
  const stderr = collectEnd(child.stderr, 2 * STDERR_CHARS_MAX, clean);
  // Writing fails if the command ends without reading its input, which is allowed.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const stopped = Promise.race([aborted(overflow.signal), aborted(signal)]);
  await Promise.race([exited, stopped]);
  await endGroup(running, graceMs);
  if (launch.user !== undefined) await endAllOf(launch.user);
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
  return { ...(await endingOf(running, stderr())), stdout, stderr: stderr() };
}

/** @throws AgentError `command_not_started` where bubblewrap could not set up its sandbox */
async function endingOf(
  { child, report }: StartedProcess,
  stderr: string,
): Promise<Pick<CommandResult, 'exitCode' | 'exitSignal'>> {
  const { exitCode, signalCode } = child;
  if (report === null || exitCode === null) return { exitCode, exitSignal: signalCode };
  await report.complete;
  if (report.exitCode === null) {
    throw new AgentError('command_not_started', `The sandbox of the command could not be set up. ${stderr}`);
  }
  const exitSignal = signalOfStatus(exitCode);
  return { exitCode: exitSignal === null ? exitCode : null, exitSignal };
}

async function started(child: StartedProcess['child']): Promise<void> {
  try {
    if (child.pid === undefined) await once(child, 'spawn');
  } catch {
    // Reported below.
  }
  if (child.pid === undefined) {
    throw new AgentError(
      'command_not_started',
      'The command could not be started. Look at the server: it may be out of processes or memory.',
    );
  }
  child.on('error', () => {});
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

interface Listeners {
  clean: Clean;
  onOutput: ((chunk: string) => void) | undefined;
  /** There is more than a program that ends prints. */
  onOverflow: () => void;
}

function collect(stream: Readable, { clean, onOutput, onOverflow }: Listeners): BoundedOutput {
  const output = new BoundedOutput(clean);
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    output.add(chunk);
    onOutput?.(chunk);
    if (output.chars > OUTPUT_CHARS_MAX) onOverflow();
  });
  return output;
}

function collectEnd(stream: Readable, charsMax: number, clean: Clean): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-charsMax);
  });
  return () => clean(terminalText(text.toWellFormed()));
}
