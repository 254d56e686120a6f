import { MINUTE_MS, type SystemStatusView } from '@everbeat/domain';

/** One guard per process. It is global because Next's bundles load the server's modules more than once. */
declare global {
  var everbeatPasswordGuard: PasswordGuard | undefined;
}

/** The wrong passwords that were given to this process, as the System page shows them. */
export const wrongPasswords = (): SystemStatusView['wrongPasswords'] =>
  globalThis.everbeatPasswordGuard?.wrong ?? null;

/**
 * A person mistypes a few times. After those, each wrong password waits twice as long as the last, up to a
 * maximum.
 */
const FREE_ATTEMPTS = 5;
const FIRST_DELAY_MS = 125;
const DELAY_MS_MAX = 1_000;
/** How long after the last wrong password the delays start anew. */
const MEMORY_MS = 10 * MINUTE_MS;
/**
 * Requests of one client that may wait for their refusal at the same time. Its further passwords are not
 * looked at.
 */
const WAITING_MAX = 32;
/** The same for all clients together. */
const WAITING_OF_ALL_MAX = 1_024;
const KNOWN_CLIENTS_MAX = 1_000;

/**
 * Slows down the guessing of passwords: each refusal waits, longer with every wrong password, and only a few
 * of a client may wait at the same time. So the number of guesses in an hour is bounded, however many
 * connections are used. The right password never waits. Strangers cannot keep it out by guessing: a client is
 * refused for its own wrong passwords, and one that has given the right password before is not refused for
 * those of all.
 */
export class PasswordGuard {
  /** The number of refusals that wait, by client. */
  private readonly waitingOf = new Map<string, number>();
  private readonly known = new Set<string>();
  private recent = 0;
  private total = 0;
  private lastAt: Date | null = null;
  private waiting = 0;

  constructor(
    private readonly now: () => Date,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** False: too many wrong passwords are waiting, so this one must not be compared. */
  mayCompare(client: string): boolean {
    if ((this.waitingOf.get(client) ?? 0) >= WAITING_MAX) return false;
    return this.waiting < WAITING_OF_ALL_MAX || this.known.has(client);
  }

  /** Remembers that the client has given the right password. */
  accept(client: string): void {
    if (this.known.has(client)) return;
    const [oldest] = this.known;
    if (oldest !== undefined && this.known.size >= KNOWN_CLIENTS_MAX) this.known.delete(oldest);
    this.known.add(client);
  }

  get wrong(): SystemStatusView['wrongPasswords'] {
    return this.lastAt === null ? null : { count: this.total, lastAt: this.lastAt };
  }

  /**
   * Counts a wrong password, and resolves when its refusal may be sent. `onCounted` is told the count at
   * once.
   */
  async refuse(client: string, onCounted: (count: number) => void): Promise<void> {
    const now = this.now();
    const isRemembered = this.lastAt !== null && now.getTime() - this.lastAt.getTime() < MEMORY_MS;
    this.recent = isRemembered ? this.recent + 1 : 1;
    this.total += 1;
    this.lastAt = now;
    onCounted(this.total);
    this.countWaiting(client, 1);
    await this.sleep(delayMs(this.recent));
    this.countWaiting(client, -1);
  }

  private countWaiting(client: string, change: 1 | -1): void {
    this.waiting += change;
    const waiting = (this.waitingOf.get(client) ?? 0) + change;
    if (waiting === 0) this.waitingOf.delete(client);
    else this.waitingOf.set(client, waiting);
  }
}

const delayMs = (recent: number): number =>
  recent <= FREE_ATTEMPTS ? 0 : Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (recent - FREE_ATTEMPTS - 1));
