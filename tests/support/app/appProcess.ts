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

/** A script of the project as a process of its own, with all that it says. */
export interface ScriptProcess {
  pid: number;
  /** Everything it has said so far, on both of its outputs. */
  output(): string;
  ended: Promise<Ending>;
  /** Resolves once the output holds `text`. Rejects with the output when the process ends before. */
  says(text: string): Promise<void>;
  /** Sends a signal to this process alone and waits for its end. */
  end(signal: NodeJS.Signals): Promise<Ending>;
}

/** Starts `scripts/<name>.ts` as npm does. Settings that are not given are empty, whatever the developer's own `.env` says. */
export function startScript(name: string, settings: Settings, args: readonly string[] = []): ScriptProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], {
    cwd: PROJECT_DIR,
    env: environmentWith(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`scripts/${name}.ts could not be started`);
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
    says: (text) =>
      Promise.race([
        output.until(text),
        ended.then(({ code }) => {
          throw new Error(`scripts/${name}.ts ended (${code}) before it said "${text}":\n${output.text()}`);
        }),
      ]),
    end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

/** Runs a script to its end. */
export async function runScript(name: string, settings: Settings): Promise<Ending & { output: string }> {
  const script = startScript(name, settings);
  return { ...(await script.ended), output: script.output() };
}

/** What a script of the project is given: `settings`, and nothing of the developer's own. */
export function environmentWith(settings: Settings): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(ENV_NAMES.map((name) => [name, '']));
  // The test runner's own mode would change how Next builds and serves.
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
