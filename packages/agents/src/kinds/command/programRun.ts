import type { CodingProgram } from '@everbeat/domain';
import type { ToldStep, TranscriptEntry } from '../../port';
import { AgentError } from '../../shared/agentError';
import type { ProgramFailure, ProgramReport, ResumedSession } from './adapters/adapter';
import { LiveText } from './liveText';
import type { Program } from './program';
import { ProgramOutput } from './programOutput';
import { type CommandResult, type CommandRun, runCommand } from './runCommand';

export interface ProgramRun extends Omit<CommandRun, 'onOutput'> {
  program: Program;
  resumed: ResumedSession | null;
  emit: (entry: TranscriptEntry) => void;
  onStep: (step: ToldStep) => void;
  /** The program has named the conversation that it keeps, or says what that has used. */
  onSession: (session: NamedSession) => void;
}

export interface NamedSession extends ResumedSession {
  program: CodingProgram;
}

export interface ProgramEnd {
  result: CommandResult;
  /** Null: its output is text. */
  report: ProgramReport | null;
  /** Whether it took its prompt up. Unknown of a program whose output is text: then it counts as begun. */
  hasBegun: boolean;
}

/**
 * Runs a program once, and shows what it does while it does it: its events one by one, or the text that it prints.
 * @throws what `runCommand` throws
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const { program, resumed, clean, emit, onSession } = run;
  const text = new LiveText(emit, clean);
  let named = '';
  const output = new ProgramOutput({
    ...{ adapter: program.adapter, resumed, clean, onEntry: emit },
    onStep: (step) => run.onStep(step),
    onText: (chunk) => text.add(chunk),
    onEvent: () => {
      const { adapter, reader } = output;
      if (adapter === null || reader === null || reader.sessionId === null) return;
      const session = { program: adapter.name, id: reader.sessionId, usage: reader.sessionUsage };
      const isNews = named !== JSON.stringify(session);
      named = JSON.stringify(session);
      if (isNews) onSession(session);
    },
  });
  try {
    const result = await runCommand({ ...run, onOutput: (chunk) => output.add(chunk) });
    const report = output.end(result.stdout.lines);
    return { result, report, hasBegun: output.reader?.hasBegun ?? true };
  } catch (error) {
    throw whyTimeIsOver(error, output.reader?.stuckOn ?? null);
  } finally {
    text.end({ isStopped: run.signal.aborted });
  }
}

/** A program whose model cannot be reached tries until its time is over: that is no failure of the agent. */
function whyTimeIsOver(error: unknown, stuckOn: ProgramFailure | null): unknown {
  if (!(error instanceof AgentError) || error.code !== 'command_timeout' || stuckOn === null) return error;
  const { errorMessage, failureClass, retryAfterSeconds } = stuckOn;
  return new AgentError(error.code, `${error.message} ${errorMessage}`, { failureClass, retryAfterSeconds });
}
