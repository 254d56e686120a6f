import type { Clock } from '@everbeat/domain';

/**
 * One generation of a server process. Whatever reaches the outside world from it goes through `run` or the gate, so once it is dead
 * nothing of it happens any more: its promises never continue, and its memory is gone with it.
 */
export class Life {
  private state: 'alive' | 'frozen' | 'dead' = 'alive';
  private readonly deaths: (() => void)[] = [];
  private frozenWork: (() => void)[] = [];

  constructor(readonly name: string) {}

  get isAlive(): boolean {
    return this.state !== 'dead';
  }

  get isFrozen(): boolean {
    return this.state === 'frozen';
  }

  /** Does it now, after the thaw, or never. */
  run(work: () => void): void {
    if (this.state === 'frozen') this.frozenWork.push(work);
    else if (this.state === 'alive') work();
  }

  /** Stands still, as a suspended machine does, until `thaw`. */
  freeze(): void {
    if (this.state === 'alive') this.state = 'frozen';
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'alive';
    for (const work of this.frozenWork.splice(0)) this.run(work);
  }

  die(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.frozenWork = [];
    for (const tell of this.deaths.splice(0)) tell();
  }

  /** For those outside that wait for an answer of this process. */
  onDeath(tell: () => void): void {
    this.deaths.push(tell);
  }

  /** The host's clock as this process sees it: a timer fires no sooner than the process can run. */
  clockOf(clock: Clock, beforeTimer: () => void): Clock {
    return {
      now: () => clock.now(),
      after: (delayMs, callback) => {
        let isCanceled = false;
        const cancel = clock.after(delayMs, () =>
          this.run(() => {
            if (isCanceled) return;
            beforeTimer();
            if (this.isAlive) this.run(callback);
          }),
        );
        return () => {
          isCanceled = true;
          cancel();
        };
      },
    };
  }
}
