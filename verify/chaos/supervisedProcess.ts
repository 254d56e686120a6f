import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import type { Program, Sandbox } from './sandbox';

const RESTART_DELAY_MS = 400;
const LAST_OUTPUT_CHARS = 1_500;

/** An exit that was not requested. */
export interface UnexpectedExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What the process wrote since its start. */
  output: string;
}

/** Keeps one program running, as an operator's process supervisor does, until it is stopped on purpose. */
export class SupervisedProcess {
  readonly unexpectedExits: UnexpectedExit[] = [];
  private child: ChildProcess | undefined;
  private isWanted = false;
  private isFrozen = false;
  /** The size of the log when the process was started. */
  private logStart = 0;

  constructor(
    private readonly sandbox: Sandbox,
    readonly program: Program,
  ) {}

  get state(): 'up' | 'down' | 'frozen' {
    if (this.child === undefined) return 'down';
    return this.isFrozen ? 'frozen' : 'up';
  }

  start(): void {
    this.isWanted = true;
    if (this.child !== undefined || this.sandbox.isClosed) return;
    this.logStart = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    const child = this.sandbox.spawn(this.program);
    this.child = child;
    child.once('exit', (code, signal) => {
      this.child = undefined;
      this.isFrozen = false;
      if (!this.isWanted || this.sandbox.isClosed) return;
      this.unexpectedExits.push({ code, signal, output: this.output() });
      setTimeout(() => {
        if (this.isWanted) this.start();
      }, RESTART_DELAY_MS);
    });
  }

  /** Sends the signal and waits until the process has ended. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.isWanted = false;
    const { child } = this;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (this.isFrozen) this.thaw();
    await ended;
  }

  freeze(): void {
    this.isFrozen = this.child?.kill('SIGSTOP') ?? false;
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
    this.isFrozen = false;
  }

  private get logFile(): string {
    return this.sandbox.logOf(this.program);
  }

  private output(): string {
    const file = openSync(this.logFile, 'r');
    try {
      const { size } = fstatSync(file);
      return readFileSync(file).subarray(Math.min(this.logStart, size)).toString('utf8').trim();
    } finally {
      closeSync(file);
    }
  }
}

/** The end of the output, short enough for a report. */
export const lastOutput = ({ output }: UnexpectedExit): string => output.slice(-LAST_OUTPUT_CHARS);
