import { createHash } from 'node:crypto';

/** A deterministic pseudo-random generator: the same label always yields the same sequence. */
export class Random {
  private state: number;

  constructor(private readonly label: string) {
    this.state = createHash('sha256').update(label).digest().readUInt32LE();
  }

  /** An independent generator: drawing from it does not shift what this one yields. */
  fork(label: string): Random {
    return new Random(`${this.label}/${label}`);
  }

  /** From 0 to below 1. A Weyl sequence with a mixing function, as in splitmix32. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let bits = this.state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }

  /** One of the values, with probabilities in proportion to the weights. */
  weighted<Value>(entries: readonly (readonly [weight: number, value: Value])[]): Value {
    let left = this.next() * entries.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of entries) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(entries)[1];
  }
}
