/** What arrived, in order, and a signal for each that is still to come. */
export class Arrivals<T> {
  readonly all: T[] = [];
  private waiting: { count: number; resolve: (item: T) => void }[] = [];

  record(item: T): void {
    this.all.push(item);
    const count = this.all.length;
    for (const waiter of this.waiting.filter((waiter) => waiter.count === count)) waiter.resolve(item);
    this.waiting = this.waiting.filter((waiter) => waiter.count > count);
  }

  /** The `count`-th arrival (from 1), at once or when it comes. */
  nth(count: number): Promise<T> {
    const item = this.all[count - 1];
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }
}
