import type { CodingProgram } from '@everbeat/domain';
import type { AgentUsage, ToldStep, TranscriptEntry } from '../../port';
import { AgentError } from '../../shared/agentError';
import type { EventReader, ProgramReport, ResumedSession } from './adapters/adapter';
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
  /** What it has used: as its report says, or as its events told until it was cut off. */
  usage: AgentUsage | undefined;
  /** Whether it took its prompt up. Unknown of a program whose output is text: then it counts as begun. */
  hasBegun: boolean;
}

/**
 * Runs a program once, and shows what it does while it does it: its events one by one, or the text that it
 * prints.
 * @throws what `runCommand` throws
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const { program, resumed, clean, emit, onSession } = run;
  const text = new LiveText(emit, clean);
  let named = '';
  const output = new ProgramOutput({
    adapter: program.adapter,
    resumed,
    clean,
    onEntry: emit,
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
    const { hasBegun = true, usage } = output.reader ?? {};
    return { result, report, hasBegun, usage: report?.usage ?? usage };
  } catch (error) {
    throw cutOff(error, output.reader);
  } finally {
    text.end({ isStopped: run.signal.aborted });
  }
}

/**
 * A program that is ended says nothing more of what it has used: what its events told counts. One whose model
 * cannot be reached tries until its time is over: that is no failure of the agent.
 */
function cutOff(error: unknown, reader: EventReader | null): unknown {
  if (!(error instanceof AgentError) || reader === null) return error;
  const { usage, stuckOn } = reader;
  const details = { ...error.details, ...(usage !== undefined && { usage }) };
  if (error.code !== 'command_timeout' || stuckOn === null)
    return new AgentError(error.code, error.message, details);
  const { errorMessage, failureClass, retryAfterSeconds } = stuckOn;
  return new AgentError(error.code, `${error.message} ${errorMessage}`, {
    ...details,
    failureClass,
    retryAfterSeconds,
  });
}
