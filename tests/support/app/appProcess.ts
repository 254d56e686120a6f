import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { ENV_NAMES } from '@/env/variables';

export const PROJECT_DIR = path.resolve(import.meta.dirname, '../../..');

export type Settings = Readonly<Record<string, string>>;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A script of the project that runs in its own process. */
export interface ScriptProcess {
  pid: number;
  /** Everything it has written to stdout and stderr so far. */
  output(): string;
  ended: Promise<Ending>;
  /** Resolves once the output contains `text`. Rejects with the output if the process ends before. */
  untilOutput(text: string): Promise<void>;
  /** Sends a signal to this process only and waits for its end. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

/** Starts `scripts/<name>.ts` as npm does, with `settings` only (see `environmentWith`). */
export const startScript = (name: string, settings: Settings, args: readonly string[] = []): ScriptProcess =>
  startProgram(`scripts/${name}.ts`, settings, { args });

/** Starts a program of the project. `nodeOptions` are those of Node itself. */
export function startProgram(
  file: string,
  settings: Settings,
  { args = [], nodeOptions = [] }: { args?: readonly string[]; nodeOptions?: readonly string[] } = {},
): ScriptProcess {
  const child = spawn(process.execPath, [...nodeOptions, '--import', 'tsx', file, ...args], {
    cwd: PROJECT_DIR,
    env: environmentWith(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const output = collectOutput(child);
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  void ended.then(() => process.off('exit', killWithUs));

  return {
    pid,
    output: output.text,
    ended,
    untilOutput: (text) =>
      Promise.race([
        output.until(text),
        ended.then(({ code }) => {
          throw new Error(`${file} ended (${code}) before it printed "${text}":\n${output.text()}`);
        }),
      ]),
    end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

/** Runs a script and waits for its end. */
export async function runScript(name: string, settings: Settings): Promise<Ending & { output: string }> {
  const script = startScript(name, settings);
  return { ...(await script.ended), output: script.output() };
}

/**
 * The environment with `settings`, and with every other setting of the product empty, so that no `.env`
 * applies.
 */
export function environmentWith(settings: Settings): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(ENV_NAMES.map((name) => [name, '']));
  // With the NODE_ENV of the test runner, Next would build and serve differently.
  return { ...process.env, ...unset, ...settings, NODE_ENV: 'production' };
}

function collectOutput(child: ChildProcess): { text(): string; until(text: string): Promise<void> } {
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  }
  return {
    text: () => text,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!text.includes(wanted)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
