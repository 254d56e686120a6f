/** Items in order of their arrival; tests can wait for the next ones. */
export class Arrivals<T> {
  readonly all: T[] = [];
  private waiting: { count: number; resolve: (item: T) => void }[] = [];

  record(item: T): void {
    this.all.push(item);
    const count = this.all.length;
    for (const waiter of this.waiting.filter((waiter) => waiter.count === count)) waiter.resolve(item);
    this.waiting = this.waiting.filter((waiter) => waiter.count > count);
  }

  /** Resolves with the `count`-th item (1-based) once it has arrived. */
  nth(count: number): Promise<T> {
    const item = this.all[count - 1];
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }
}
