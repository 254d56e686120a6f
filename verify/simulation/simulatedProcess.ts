import type { Clock } from '@everbeat/domain';

/**
 * One run of a server process, from its start to its end. Everything that leaves the process goes through
 * `run` or the interleaver, so that once it has been killed nothing of it has an effect any more: its
 * promises never continue.
 */
export class SimulatedProcess {
  private state: 'alive' | 'frozen' | 'dead' = 'alive';
  private readonly onEndCallbacks: (() => void)[] = [];
  private frozenWork: (() => void)[] = [];

  constructor(readonly name: string) {}

  get isAlive(): boolean {
    return this.state !== 'dead';
  }

  get isFrozen(): boolean {
    return this.state === 'frozen';
  }

  /** Does the work now, after the thaw if the process is frozen, or never if it is dead. */
  run(work: () => void): void {
    if (this.state === 'frozen') this.frozenWork.push(work);
    else if (this.state === 'alive') work();
  }

  /** Suspends the process, as SIGSTOP or a suspended machine does, until `thaw`. */
  freeze(): void {
    if (this.state === 'alive') this.state = 'frozen';
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'alive';
    for (const work of this.frozenWork.splice(0)) this.run(work);
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.frozenWork = [];
    for (const callback of this.onEndCallbacks.splice(0)) callback();
  }

  /** Calls back when the process is killed, for clients that wait for its response. */
  onEnd(callback: () => void): void {
    this.onEndCallbacks.push(callback);
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
