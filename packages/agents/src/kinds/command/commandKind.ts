import { type KindSettings, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { type AnswerDefaults, readAnswer } from '../../shared/answer';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { redact } from '../../shared/redact';
import { secretsOf } from './environment';
import { memoryFileIn, removeMemory, writeMemory } from './memoryFile';
import { readProgramOutput } from './programs';
import { reportFileIn, takeReport } from './reportFile';
import { type CommandResult, runCommand } from './runCommand';
import type { CommandSandbox } from './sandbox/sandbox';
import type { User } from './sandbox/user';
import { folderError, withWorkFolder } from './workFolder';

/** What the operator allows. */
interface CommandSettings {
  /** Name → command line (`AGENT_COMMANDS`). An agent names one of them and can never bring its own. */
  commands: Readonly<Record<string, string>>;
  enabled: boolean;
  /** The whole environment of a command, except the variables about its run; see `commandEnvironment`. */
  env: Readonly<Record<string, string>>;
  /** The folder that holds the folder of each task, by the task's id. */
  workspaces: string;
  /** What keeps commands from what is not theirs. */
  sandbox: Pick<CommandSandbox, 'confinement'>;
  /** How long a command may take to end by itself once it was asked to. Default 5 s. */
  graceMs?: number;
}

interface CommandNeeds {
  command: CommandSettings;
}

const GRACE_MS = 5_000;

const configSchema = z.strictObject({
  command: z.string().min(1).max(LIMITS.nameCharsMax),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
});
type CommandAgentRun = AgentRun<z.output<typeof configSchema>, KindSettings>;

/** A program on the server, such as a command-line agent (API.md, "The command agent"). */
export const commandKind = defineAgentKind({
  kind: 'command',
  configSchema,
  reporting: 'file',
  maxConcurrency: 4,
  runMb: 4,
  errorPrefix: 'command',
  checkConfig: (config, { command }: CommandNeeds) => void commandLineOf(config.command, command),
  run,
});

/**
 * The operator's command line for a name. Looked up again for each run, as the operator may change the list.
 * @throws AgentError `command_not_allowed`
 */
function commandLineOf(name: string, { commands, enabled }: CommandSettings): string {
  if (!enabled) {
    throw new AgentError(
      'command_not_allowed',
      'This server runs no commands for agents. Use another kind of agent.',
    );
  }
  const line = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (line !== undefined) return line;
  const known = Object.keys(commands).join(', ') || 'none';
  throw new AgentError(
    'command_not_allowed',
    `"${name}" is not among the commands of this server (${known}). Its operator can add it to AGENT_COMMANDS.`,
  );
}

async function run(agentRun: CommandAgentRun, { command }: CommandNeeds): Promise<AgentOutcome> {
  const { config, operationId, taskId, isTrial = false, prompt, signal, emit } = agentRun;
  const commandLine = commandLineOf(config.command, command);
  const input = await prompt();
  const confinement = await command.sandbox.confinement();
  return await withWorkFolder({ taskId, isTrial, workspaces: command.workspaces }, async (cwd) => {
    const files = { report: reportFileIn(cwd, operationId), memory: memoryFileIn(cwd, operationId) };
    const env = { ...command.env, ...variablesOf(agentRun, files) };
    const user = await prepare(() => confinement.adopt(cwd));
    await prepare(() => writeMemory(files.memory, agentRun.memory, user));
    const launch = await confinement.launch({ commandLine, folder: cwd, env, user });
    const result = await runCommand({
      ...{ launch, input, signal, cwd },
      graceMs: command.graceMs ?? GRACE_MS,
    }).finally(() => removeMemory(files.memory));
    const file = await takeReport(files.report);
    const known = knownOf(result, { secrets: secretsOf(command.env), runsAs: user });
    const reading = readAnswer(file.fields, known);
    if (!reading.fits) throw new AgentError('agent_bad_answer', reading.problem);
    for (const content of [...file.notes, ...reading.notes]) emit({ role: 'tool', content });
    return reading.outcome;
  });
}

/** @throws AgentError `command_no_folder` */
const prepare = <T>(step: () => Promise<T>): Promise<T> =>
  step().catch((error: unknown) => {
    throw folderError(error);
  });

const variablesOf = (
  { operationId, taskIdentifier, occurrence }: CommandAgentRun,
  files: { report: string; memory: string },
) => ({
  EVERBEAT_OPERATION_ID: operationId,
  EVERBEAT_TASK_IDENTIFIER: taskIdentifier,
  EVERBEAT_OCCURRENCE: occurrence,
  EVERBEAT_REPORT: files.report,
  EVERBEAT_MEMORY: files.memory,
});

/** What is known of a run beside the report in its file: its output, and how it ended. */
function knownOf(
  result: CommandResult,
  { secrets, runsAs }: { secrets: string[]; runsAs: User | undefined },
): AnswerDefaults {
  const { content = result.stdout.content, usage, failure } = readProgramOutput(result.stdout.lines) ?? {};
  if (result.exitCode === 0 && failure === undefined) return { content, usage };
  const ending = endingOf(result);
  const said = redact(failure?.errorMessage ?? result.stderr, secrets).trim();
  const errorMessage = [
    ending.sentence,
    said === '' ? 'It wrote nothing to standard error.' : said,
    ...(runsAs !== undefined && NOT_FOUND.includes(result.exitCode) ? [OTHER_USER_HINT] : []),
  ].join(' ');
  return { content, usage, failure: { ...failure, errorCode: ending.code, errorMessage } };
}

/** What a shell ends with when a program is not there, or may not be run. */
const NOT_FOUND: readonly (number | null)[] = [126, 127];
const OTHER_USER_HINT =
  "Commands of this server run as a user without root's rights: put the program where every user can run it, install bubblewrap, or set COMMAND_SANDBOX=off.";

function endingOf({ exitCode, exitSignal }: CommandResult): { code: string; sentence: string } {
  if (exitCode === null)
    return { code: 'command_killed', sentence: `The command was ended by ${exitSignal ?? 'a signal'}.` };
  if (exitCode === 0) return { code: 'command_reported_error', sentence: 'The command reported an error.' };
  return { code: `command_exit_${exitCode}`, sentence: `The command ended with status ${exitCode}.` };
}
