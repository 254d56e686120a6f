import { AppError, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentOutcome, AgentRequest, AgentRuntime } from '../../port';
import { AgentError, failureOf } from '../../shared/agentError';
import { parseConfig } from '../../shared/config';
import { guardRun, promptOf, timeoutSecondsSchema } from '../../shared/guardRun';
import { redact } from '../../shared/redact';
import { secretsOf } from './environment';
import { readOutput } from './readOutput';
import { type CommandResult, runCommand } from './runCommand';

export interface CommandRuntimeOptions {
  /** Name → command line, from the operator (`AGENT_COMMANDS`). An agent names one, and never brings its own. */
  commands: Readonly<Record<string, string>>;
  enabled: boolean;
  /** All of the environment that a command sees, but for two variables of the run; see `commandEnvironment`. */
  env: Readonly<Record<string, string>>;
  /** How long a command may take to end itself once it was asked to. */
  graceMs?: number;
}

const GRACE_MS = 5_000;

const configSchema = z.strictObject({
  command: z.string().min(1).max(LIMITS.nameCharsMax),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
});

/** A program on the server, such as a command-line agent (API.md, "The command agent"). */
export function createCommandRuntime(options: CommandRuntimeOptions): AgentRuntime {
  const parse = (config: unknown) => parseConfig(configSchema, 'command', config);
  return {
    kind: 'command',
    checkConfig(config) {
      const checked = parse(config);
      const line = commandLineOf(checked.command, options);
      if (line instanceof AgentError) throw new AppError('agent-misconfigured', line.message);
      return checked;
    },
    async run(request) {
      try {
        const config = parse(request.config);
        const line = commandLineOf(config.command, options);
        if (line instanceof AgentError) return failureOf(line);
        const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: 'command' };
        return await guardRun(request, limit, (signal) => runOnce(request, line, options, signal));
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

/** The operator's line for a name, or why there is none; asked again on each run, as the operator may change the list. */
function commandLineOf(name: string, { commands, enabled }: CommandRuntimeOptions): string | AgentError {
  if (!enabled) {
    return new AgentError(
      'command_not_allowed',
      'This server runs no commands for agents. Use another kind of agent.',
    );
  }
  const line = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (line !== undefined) return line;
  const known = Object.keys(commands).join(', ') || 'none';
  return new AgentError(
    'command_not_allowed',
    `"${name}" is not among the commands of this server (${known}). Its operator can add it to AGENT_COMMANDS.`,
  );
}

async function runOnce(
  request: AgentRequest,
  commandLine: string,
  options: CommandRuntimeOptions,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const result = await runCommand({
    commandLine,
    env: {
      ...options.env,
      EVERBEAT_OPERATION_ID: request.operationId,
      EVERBEAT_TASK_IDENTIFIER: request.taskIdentifier,
    },
    input: await promptOf(request, signal),
    signal,
    graceMs: options.graceMs ?? GRACE_MS,
  });
  if (result.exitCode === 0) return readOutput(result.stdout);
  throw exitError(result, secretsOf(options.env));
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
