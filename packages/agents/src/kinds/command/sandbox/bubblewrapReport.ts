import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { Readable } from 'node:stream';

/**
 * Reads what bubblewrap writes to descriptor 3: `{ "child-pid": 123 }` before it starts the command, and
 * `{ "exit-code": 0 }` once that has ended. The command has no access to the descriptor.
 */
export class BubblewrapReport {
  /** All is written: bubblewrap has ended. */
  readonly complete: Promise<void>;
  private text = '';

  constructor({ stdio: [, , , stream] }: ChildProcess) {
    if (!(stream instanceof Readable)) throw new Error('bubblewrap was started without a descriptor 3');
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk;
    });
    this.complete = new Promise((resolve) => stream.once('close', resolve));
  }

  /** The first process of the sandbox, which leads the group of all others. Null: there is none yet. */
  get firstPid(): number | null {
    return this.read('child-pid');
  }

  /** Null: the command has not ended, or was never started. */
  get exitCode(): number | null {
    return this.read('exit-code');
  }

  private read(name: string): number | null {
    const [, digits] = new RegExp(`"${name}": (\\d+)`).exec(this.text) ?? [];
    return digits === undefined ? null : Number(digits);
  }
}

const { SIGHUP: _, ...SIGNALS } = constants.signals;

/**
 * The name of the signal that ended a command in a sandbox. There, as in a shell, it shows as a status: 128
 * and its number. Programs choose 129 themselves (git for a wrong option), and nothing in a sandbox hangs up.
 */
export function signalOfStatus(exitCode: number): string | null {
  const found = Object.entries(SIGNALS).find(([, number]) => exitCode === 128 + number);
  return found?.[0] ?? null;
}
