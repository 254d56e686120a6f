import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { z } from 'zod';

const lineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('log'), message: z.string() }),
  z.object({ event: z.literal('ready'), url: z.string(), adopted: z.boolean() }),
  z.object({ event: z.literal('stored'), row: z.string() }),
  z.object({ event: z.literal('failed'), message: z.string() }),
  z.object({ event: z.literal('stopped') }),
]);
type Line = z.infer<typeof lineSchema>;

const HOLDER_COMMAND = [
  process.execPath,
  '--import',
  'tsx',
  path.join(import.meta.dirname, 'holderProcess.ts'),
];
const RUNNING_AGAIN = 'The database is running again';

export interface HolderOptions {
  /** `writes`: it stores rows all the time. `port`: its server listens on a port instead of a socket. */
  mode?: 'writes' | 'port';
  /** A command that runs the holder's command, which is appended to it, in namespaces of its own. */
  within?: string[];
  user?: { uid: number; gid: number };
  /** The folders in which it finds commands such as `flock`. */
  commandPath?: string;
}

/** A process that runs the database of `dataDir`, with all lines that it has printed. */
export class Holder {
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly lines: Line[] = [];
  private readonly waiting = new Set<() => void>();
  private errorOutput = '';

  constructor(
    dataDir: string,
    private readonly options: HolderOptions = {},
  ) {
    const { within = [], mode = '', user, commandPath } = options;
    const env = { ...process.env, ...(commandPath === undefined ? {} : { PATH: commandPath }) };
    const [program = '', ...args] = [...within, ...HOLDER_COMMAND, dataDir, mode];
    this.child = spawn(program, args, { ...user, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.child, 'exit').then(() => this.look());
    this.child.stderr?.on('data', (chunk) => {
      this.errorOutput += String(chunk);
    });
    if (this.child.stdout) {
      createInterface(this.child.stdout).on('line', (text) => {
        this.lines.push(lineSchema.parse(JSON.parse(text)));
        this.look();
      });
    }
  }

  get log(): string[] {
    return this.lines.flatMap((line) => (line.event === 'log' ? [line.message] : []));
  }

  /** The rows that were acknowledged to it. */
  get stored(): string[] {
    return this.lines.flatMap((line) => (line.event === 'stored' ? [line.row] : []));
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async ready(): Promise<{ url: string; adopted: boolean }> {
    const line = await this.line(({ event }) => event === 'ready');
    if (line.event !== 'ready') throw new Error('unreachable');
    return line;
  }

  /** The sentence with which it could not start. */
  async failure(): Promise<string> {
    const line = await this.line(({ event }) => event === 'failed' || event === 'ready');
    if (line.event !== 'failed') throw new Error('The database has started');
    return line.message;
  }

  logged(message: string | RegExp): Promise<Line> {
    return this.line(
      (line) =>
        line.event === 'log' &&
        (typeof message === 'string' ? line.message === message : message.test(line.message)),
    );
  }

  runningAgain(): Promise<Line> {
    return this.logged(RUNNING_AGAIN);
  }

  /** Waits until it has stored `count` rows more than now. */
  async storesMore(count: number): Promise<void> {
    const enough = this.stored.length + count;
    await this.line((line) => line.event === 'stored' && this.stored.length >= enough);
  }

  async stop(): Promise<void> {
    const isReady = await this.ready().then(
      () => true,
      () => false,
    );
    if (isReady && !this.hasEnded) process.kill(await this.pid(), 'SIGTERM');
    await this.exited;
  }

  /** Kills it, and with it everything in its pid namespace if it has one of its own. */
  async kill(): Promise<void> {
    process.kill(await this.pid(), 'SIGKILL');
    await this.exited;
  }

  /** The first line that fits, printed already or later. Rejects when the process ends without it. */
  private async line(fits: (line: Line) => boolean): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.find(fits);
        if (found) resolve(found);
        else if (this.hasEnded) {
          reject(new Error(`The process ended: ${this.log.join('\n')}\n${this.errorOutput}`));
        } else return;
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** `unshare` passes no signals on: they are sent to its child, the first process of the namespace. */
  async pid(): Promise<number> {
    const { pid = 0 } = this.child;
    if (!this.options.within) return pid;
    return Number.parseInt(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
  }

  private look(): void {
    for (const look of [...this.waiting]) look();
  }
}

export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The pid in Postgres's lock file: that of the server, as it is numbered where it runs. */
export async function postmasterPid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
  return Number.parseInt(text, 10);
}
