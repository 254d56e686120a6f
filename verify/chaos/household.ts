import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../../tests/support/app/appProcess';

/** A program to be run, possibly many times, its output appended to one log. */
export interface Program {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another account, where the program may not run under ours. */
  user?: { uid: number; gid: number };
}

/** The processes and folders of one run. All of them end with it, also when it is killed: see reaper.ts. */
export class Household {
  /** Set once it ends: nothing is started any more. */
  isClosed = false;

  private constructor(
    readonly logFolder: string,
    readonly dataFolder: string,
    private readonly reaper: ChildProcess,
  ) {}

  static async open(): Promise<Household> {
    const folder = await mkdtemp(path.join(tmpdir(), 'everbeat-chaos-'));
    const [logs, data] = [path.join(folder, 'logs'), path.join(folder, 'data')];
    await Promise.all([mkdir(logs), mkdir(data)]);
    // Started as root, the database server runs as another user, who must be able to enter.
    await Promise.all([folder, data].map((entered) => chmod(entered, 0o755)));
    const reaper = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(import.meta.dirname, 'reaper.ts')],
      // In a session of its own, so that Ctrl-C in a terminal does not reach it.
      { cwd: PROJECT_DIR, stdio: ['pipe', 'ignore', 'inherit'], detached: true },
    );
    // It ended before us: then there is nobody to tell.
    reaper.stdin?.on('error', () => undefined);
    const household = new Household(logs, data, reaper);
    household.tell(`folder ${folder}`);
    household.tell(`data ${data}`);
    return household;
  }

  spawn(program: Program): ChildProcess {
    const log = openSync(this.logOf(program), 'a');
    const { command, args, env, cwd = PROJECT_DIR, user } = program;
    const child = spawn(command, args, { env, cwd, ...user, stdio: ['ignore', log, log] });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${program.name} could not be started`);
    this.tell(`born ${pid}`);
    child.once('exit', () => this.tell(`dead ${pid}`));
    return child;
  }

  logOf(program: Pick<Program, 'name'>): string {
    return path.join(this.logFolder, `${program.name}.log`);
  }

  /** Ends what is left, and removes the folders, unless the logs are still wanted. */
  async close({ keepsLogs }: { keepsLogs: boolean }): Promise<void> {
    this.isClosed = true;
    if (keepsLogs) this.tell(`keep ${path.dirname(this.logFolder)}`);
    const ended = once(this.reaper, 'exit');
    this.reaper.stdin?.end();
    await ended;
  }

  private tell(order: string): void {
    this.reaper.stdin?.write(`${order}\n`);
  }
}
