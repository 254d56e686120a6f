import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import type { Household, Program } from './household';

const RESPAWN_MS = 400;
const LAST_WORDS_CHARS = 1_500;

/** An end that nobody asked for. */
export interface UnbiddenEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it wrote since it was started. */
  words: string;
}

/** Keeps one program running, as an operator's supervisor does, until it is taken down on purpose. */
export class Service {
  readonly unbidden: UnbiddenEnd[] = [];
  private child: ChildProcess | undefined;
  private isWanted = false;
  private isFrozen = false;
  private logStart = 0;

  constructor(
    private readonly household: Household,
    readonly program: Program,
  ) {}

  get state(): 'up' | 'down' | 'frozen' {
    if (this.child === undefined) return 'down';
    return this.isFrozen ? 'frozen' : 'up';
  }

  up(): void {
    this.isWanted = true;
    if (this.child !== undefined || this.household.isClosed) return;
    this.logStart = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    const child = this.household.spawn(this.program);
    this.child = child;
    child.once('exit', (code, signal) => {
      this.child = undefined;
      this.isFrozen = false;
      if (!this.isWanted || this.household.isClosed) return;
      this.unbidden.push({ code, signal, words: this.words() });
      setTimeout(() => {
        if (this.isWanted) this.up();
      }, RESPAWN_MS);
    });
  }

  /** Sends the signal that ends it, and waits until it has ended. */
  async down(signal: NodeJS.Signals): Promise<void> {
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
    return this.household.logOf(this.program);
  }

  private words(): string {
    const file = openSync(this.logFile, 'r');
    try {
      const { size } = fstatSync(file);
      return readFileSync(file).subarray(Math.min(this.logStart, size)).toString('utf8').trim();
    } finally {
      closeSync(file);
    }
  }
}

/** The end of what a program said, for a person to read. */
export const lastWords = ({ words }: UnbiddenEnd): string => words.slice(-LAST_WORDS_CHARS);
