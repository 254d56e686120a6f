import { CODING_PROGRAMS, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentRun } from '../../agentKindSpec';
import { defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { type AnswerDefaults, readAnswer } from '../../shared/answer';
import { findingObjectIn } from '../../shared/finding';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { commandOutcome, NOT_FOUND, saidOfFailure } from './commandOutcome';
import { secretsOf } from './environment';
import { memoryFileIn, removeMemory, writeMemory } from './memoryFile';
import { adapterOf, commandLineFor, type Program, programOf } from './program';
import { type ProgramEnd, runProgram } from './programRun';
import { reportFileIn, takeReport } from './reportFile';
import type { Repository } from './repository';
import { RunSessions, SESSION_RULES } from './runSessions';
import type { Confinement } from './sandbox/confinement';
import type { CommandSandbox } from './sandbox/sandbox';
import type { User } from './sandbox/user';
import { folderError, type WorkFolder, withWorkFolder } from './workFolder';

/** What the operator allows. */
interface CommandSettings {
  /** Name → command line (`AGENT_COMMANDS`). An agent names one of them and can never bring its own. */
  commands: Readonly<Record<string, string>>;
  enabled: boolean;
  /** The whole environment of a command, except the variables about its run; see `commandEnvironment`. */
  env: Readonly<Record<string, string>>;
  /** The folder that holds the folder of each task, by the task's id. */
  workspaces: string;
  /** What an agent may be given a worktree of (`AGENT_WORKSPACES`). It names one of them, never a path. */
  repositories?: readonly Repository[];
  /** The name of the one that is meant where none is named. */
  defaultRepository?: string | undefined;
  /** What keeps commands from what is not theirs. */
  sandbox: Pick<CommandSandbox, 'confinement'>;
  /** How long a command may take to end by itself once it was asked to. Default 5 s. */
  graceMs?: number;
}

interface CommandNeeds {
  command: CommandSettings;
}

const GRACE_MS = 5_000;

const repositoryName = z.string().min(1).max(LIMITS.nameCharsMax);

const configSchema = z.strictObject({
  command: z.string().min(1).max(LIMITS.nameCharsMax),
  /** Who reads what the program prints. Left out: as its command line tells. `none`: nobody, it is text. */
  adapter: z.enum([...CODING_PROGRAMS, 'none']).optional(),
  session: z.enum(SESSION_RULES).optional(),
  repository: repositoryName.optional(),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
});
/** What a task sets goes before what its agent does. */
const taskSettingsSchema = z.strictObject({
  session: z.enum(SESSION_RULES).optional(),
  repository: repositoryName.optional(),
});
type CommandAgentRun = AgentRun<z.output<typeof configSchema>, z.output<typeof taskSettingsSchema>>;

/** A program on the server, such as a command-line agent (API.md, "The command agent"). */
export const commandKind = defineAgentKind({
  kind: 'command',
  configSchema,
  taskSettingsSchema,
  reporting: 'file',
  maxConcurrency: 4,
  runMb: 4,
  errorPrefix: 'command',
  secretsOf: ({ command }: CommandNeeds) => secretsOf(command.env),
  checkConfig(config, { command }) {
    commandLineOf(config.command, command);
    repositoryOf(config.repository, command);
  },
  async checkFarSides(_check, { command }) {
    await command.sandbox.confinement();
    return [];
  },
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

/**
 * Null where none is named and none is meant.
 * @throws AgentError `command_no_repository`
 */
function repositoryOf(
  named: string | undefined,
  { repositories = [], defaultRepository }: CommandSettings,
): Repository | null {
  const name = named ?? defaultRepository;
  if (name === undefined) return null;
  const found = repositories.find((repository) => repository.name === name);
  if (found !== undefined) return found;
  const known = repositories.map((repository) => repository.name).join(', ') || 'none';
  throw new AgentError(
    'command_no_repository',
    `"${name}" is not among the repositories of this server (${known}). Its operator can add it to AGENT_WORKSPACES.`,
  );
}

async function run(agentRun: CommandAgentRun, { command }: CommandNeeds): Promise<AgentOutcome> {
  const { config, settings, taskId, taskIdentifier, isTrial = false, prompt } = agentRun;
  const program = programOf(commandLineOf(config.command, command), config.adapter);
  const input = await prompt();
  const confinement = await command.sandbox.confinement();
  const repository = repositoryOf(settings?.repository ?? config.repository, command);
  if (repository !== null && !confinement.opensRepositories) throw notOpened(repository);
  // Whoever checks the work of a run does so in a context of its own.
  const keeper = agentRun.review === undefined ? agentRun.sessions : undefined;
  const sessions = new RunSessions(keeper, settings?.session ?? config.session ?? 'fresh');
  const { workspaces, graceMs = GRACE_MS } = command;
  const folderOf = { taskId, taskIdentifier, isTrial, workspaces, repository, graceMs };
  return await withWorkFolder(folderOf, async (work) => {
    const { folder } = work;
    const place = { ...work, input, confinement, user: await prepare(() => confinement.adopt(folder)) };
    const adapter = adapterOf(program);
    const resumed = adapter === null ? null : await sessions.find(adapter.name);
    const first = await runOnce(agentRun, command, { ...place, program, sessions, resumed });
    const end = isUnknownSession(first, resumed)
      ? await beginAnew(agentRun, command, { ...place, program, sessions, resumed }, first)
      : first;
    await sessions.settled();
    return await outcomeOf(agentRun, { ...place, program, end });
  });
}

const notOpened = ({ name }: Repository): AgentError =>
  new AgentError(
    'command_no_repository',
    `Commands of this server run as a user of their own, who cannot write to the repository "${name}". Its operator can install bubblewrap, start Everbeat as another user than root, or set COMMAND_SANDBOX=off.`,
  );

interface Place extends WorkFolder {
  input: string;
  confinement: Confinement;
  user: User | undefined;
}

interface Start extends Place {
  program: Program;
  sessions: RunSessions;
  resumed: Awaited<ReturnType<RunSessions['find']>>;
}

/** `isToldBudget`: the program was told what the run may spend. */
type ToldEnd = ProgramEnd & { isToldBudget: boolean };

/** Starts the program, and returns when it has ended. */
async function runOnce(agentRun: CommandAgentRun, command: CommandSettings, start: Start): Promise<ToldEnd> {
  const { operationId, signal, emit, clean } = agentRun;
  const { folder, worktree, input, confinement, user, program, sessions, resumed } = start;
  const memory = memoryFileIn(folder, operationId);
  await prepare(() => writeMemory(memory, agentRun.memory, user));
  const env = { ...command.env, ...variablesOf(agentRun, { ...start, memory }) };
  const wishes = { session: resumed, budgetUsd: agentRun.budget?.leftUsd ?? null };
  const commandLine = commandLineFor(program, wishes);
  const isToldBudget = commandLine !== commandLineFor(program, { ...wishes, budgetUsd: null });
  const launch = await confinement.launch({ commandLine, folder, worktree, env, user });
  const end = await runProgram({
    program,
    resumed,
    launch,
    input,
    signal,
    cwd: folder,
    clean,
    emit,
    onSession: (session) => sessions.keep(session, resumed),
    onStep: (step) => agentRun.tellStep?.(step),
    graceMs: command.graceMs ?? GRACE_MS,
  }).finally(() => removeMemory(memory));
  return { ...end, isToldBudget };
}

/**
 * It ended before it did anything, with a session that it was to go on with: it no longer has it, or never
 * had.
 */
const isUnknownSession = (
  { hasBegun, result: { exitCode } }: ProgramEnd,
  resumed: Start['resumed'],
): boolean =>
  resumed !== null && !hasBegun && exitCode !== null && exitCode !== 0 && !NOT_FOUND.includes(exitCode);

function beginAnew(
  agentRun: CommandAgentRun,
  command: CommandSettings,
  start: Start,
  failed: ProgramEnd,
): Promise<ToldEnd> {
  const said = saidOfFailure(failed);
  const content = `The session of #${start.resumed?.number} could not be gone on with, so a new one began. ${said}`;
  agentRun.emit({ role: 'tool', content: content.trim() });
  return runOnce(agentRun, command, { ...start, resumed: null });
}

/**
 * A reviewer is asked for nothing but its verdict, so that counts also where it is all that the program has
 * said. What it has written into its file goes before.
 */
const withVerdict = (reported: object, { content = '' }: AnswerDefaults): object =>
  'verdict' in reported ? reported : { ...findingObjectIn(content), ...reported };

/** What the run has come to: from the file of its report, and from what its program printed. */
async function outcomeOf(
  { operationId, emit, review, clean, config }: CommandAgentRun,
  { folder, user, program, end }: Place & { program: Program; end: ToldEnd },
): Promise<AgentOutcome> {
  const file = await takeReport(reportFileIn(folder, operationId));
  const { known, notes } = commandOutcome(end, { runsAs: user, program });
  const fields = review === undefined ? file.fields : withVerdict(file.fields, known);
  const farSide = adapterOf(program)?.name ?? config.command;
  const reading = readAnswer(fields, clean, { ...known, farSide });
  if (!reading.fits) throw new AgentError('agent_bad_answer', reading.problem);
  for (const content of [...file.notes, ...notes, ...reading.notes]) emit({ role: 'tool', content });
  return reading.outcome;
}

/** @throws AgentError `command_no_folder` */
const prepare = <T>(step: () => Promise<T>): Promise<T> =>
  step().catch((error: unknown) => {
    throw folderError(error);
  });

/** Tidying up is for whoever owns the repository: a command could not write what it leads to. */
const SETTINGS_OF_GIT = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_CONFIG_KEY_1: 'maintenance.auto',
  GIT_CONFIG_VALUE_1: 'false',
};

const variablesOf = (
  { operationId, taskIdentifier, occurrence, budget }: CommandAgentRun,
  { folder, worktree, memory, resumed }: Pick<Start, 'folder' | 'worktree' | 'resumed'> & { memory: string },
): Record<string, string> => ({
  EVERBEAT_OPERATION_ID: operationId,
  EVERBEAT_TASK_IDENTIFIER: taskIdentifier,
  EVERBEAT_OCCURRENCE: occurrence,
  EVERBEAT_REPORT: reportFileIn(folder, operationId),
  EVERBEAT_MEMORY: memory,
  ...(budget?.leftUsd !== undefined && { EVERBEAT_BUDGET_USD: String(budget.leftUsd) }),
  ...(budget?.leftTokens !== undefined && { EVERBEAT_BUDGET_TOKENS: String(budget.leftTokens) }),
  ...(resumed !== null && { EVERBEAT_SESSION: resumed.id }),
  ...(worktree !== null && SETTINGS_OF_GIT),
});
