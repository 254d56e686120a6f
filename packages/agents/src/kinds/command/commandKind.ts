import { type KindSettings, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { redact } from '../../shared/redact';
import { secretsOf } from './environment';
import { readOutput } from './readOutput';
import { type CommandResult, runCommand } from './runCommand';

/** What the operator allows. */
interface CommandSettings {
  /** Name → command line (`AGENT_COMMANDS`). An agent names one of them and can never bring its own. */
  commands: Readonly<Record<string, string>>;
  enabled: boolean;
  /** The whole environment of a command, except two variables about the run; see `commandEnvironment`. */
  env: Readonly<Record<string, string>>;
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
type CommandConfig = z.output<typeof configSchema>;

/** A program on the server, such as a command-line agent (API.md, "The command agent"). */
export const commandKind = defineAgentKind({
  kind: 'command',
  configSchema,
  reporting: 'json',
  maxConcurrency: 4,
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

async function run(
  { config, operationId, taskIdentifier, prompt, signal }: AgentRun<CommandConfig, KindSettings>,
  { command }: CommandNeeds,
): Promise<AgentOutcome> {
  const result = await runCommand({
    commandLine: commandLineOf(config.command, command),
    env: { ...command.env, EVERBEAT_OPERATION_ID: operationId, EVERBEAT_TASK_IDENTIFIER: taskIdentifier },
    input: await prompt(),
    signal,
    graceMs: command.graceMs ?? GRACE_MS,
  });
  if (result.exitCode === 0) return readOutput(result.stdout);
  throw exitError(result, secretsOf(command.env));
}

function exitError({ exitCode, exitSignal, stdout, stderr }: CommandResult, secrets: string[]): AgentError {
  const said = redact(stderr, secrets).trim();
  const end = said === '' ? 'It wrote nothing to standard error.' : said;
  if (exitCode === null) {
    return new AgentError('command_killed', `The command was ended by ${exitSignal ?? 'a signal'}. ${end}`, {
      content: stdout,
    });
  }
  return new AgentError(`command_exit_${exitCode}`, `The command ended with status ${exitCode}. ${end}`, {
    content: stdout,
  });
}
