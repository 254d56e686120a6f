import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { PROJECT_DIR } from '../../tests/support/app/appProcess';

/** A program to run, possibly many times. All its runs append to one log. */
export interface Program {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another account, if the program refuses to run under ours. */
  user?: { uid: number; gid: number };
}

/** The processes and folders of one run. They are removed with it, even if it is killed (see `reaper.ts`). */
export class Sandbox {
  /** Once set, no process is started any more. */
  isClosed = false;

  private constructor(
    /** Of the run, with the two below in it. */
    readonly folder: string,
    readonly logFolder: string,
    readonly dataFolder: string,
    private readonly reaper: ChildProcess,
  ) {}

  static async open(): Promise<Sandbox> {
    const folder = await createTempFolder('chaos');
    const [logs, data] = [path.join(folder, 'logs'), path.join(folder, 'data')];
    await Promise.all([mkdir(logs), mkdir(data)]);
    // When this process is root, Postgres runs as another user, who needs to enter the folder.
    await chmod(data, 0o755);
    const reaper = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(import.meta.dirname, 'reaper.ts')],
      // In its own session, so that Ctrl-C in a terminal does not reach it.
      { cwd: PROJECT_DIR, stdio: ['pipe', 'ignore', 'inherit'], detached: true },
    );
    // It may have ended before us; then there is nothing to report to it.
    reaper.stdin?.on('error', () => undefined);
    const sandbox = new Sandbox(folder, logs, data, reaper);
    sandbox.report(`folder ${folder}`);
    sandbox.report(`data-folder ${data}`);
    return sandbox;
  }

  spawn(program: Program): ChildProcess {
    const log = openSync(this.logOf(program), 'a');
    const { command, args, env, cwd = PROJECT_DIR, user } = program;
    const child = spawn(command, args, { env, cwd, ...user, stdio: ['ignore', log, log] });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${program.name} could not be started`);
    this.report(`started ${pid}`);
    child.once('exit', () => this.report(`ended ${pid}`));
    return child;
  }

  logOf(program: Pick<Program, 'name'>): string {
    return path.join(this.logFolder, `${program.name}.log`);
  }

  /** Ends the remaining processes and removes the folders, except for the logs if `keepsLogs`. */
  async close({ keepsLogs }: { keepsLogs: boolean }): Promise<void> {
    this.isClosed = true;
    if (keepsLogs) this.report(`keep-folder ${this.folder}`);
    const ended = once(this.reaper, 'exit');
    this.reaper.stdin?.end();
    await ended;
  }

  private report(line: string): void {
    this.reaper.stdin?.write(`${line}\n`);
  }
}
