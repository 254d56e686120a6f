import { createHash } from 'node:crypto';
import type { Ids } from '@everbeat/domain';

/** Numbers that look random and follow from a label alone. */
export class Random {
  private state: number;

  constructor(private readonly label: string) {
    this.state = createHash('sha256').update(label).digest().readUInt32LE();
  }

  /** A source of its own: what is drawn from it does not shift what is drawn from this one. */
  fork(label: string): Random {
    return new Random(`${this.label}/${label}`);
  }

  /** From 0 to below 1: a Weyl sequence, its bits well mixed. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let bits = this.state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
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

  /** One of the values, each as likely as its weight says. */
  weighted<Value>(entries: readonly (readonly [weight: number, value: Value])[]): Value {
    let left = this.next() * entries.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of entries) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(entries)[1];
  }
}

/** Ids that follow from the seed; those of rows grow, as uuids of version 7 do. */
export function createSeededIds(random: Random): Ids {
  let rows = 0;
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');
  const uuid = (first12: string, version: number): string =>
    `${first12.slice(0, 8)}-${first12.slice(8)}-${version}${hex(3)}-8${hex(3)}-${hex(12)}`;
  return {
    row() {
      rows += 1;
      return uuid(`01${rows.toString(16).padStart(10, '0')}`, 7);
    },
    token: () => uuid(hex(12), 4),
    secret: () => hex(32),
  };
}
