import { describeIssues } from '@everbeat/domain';
import type { z } from 'zod';

/** Of one answer; the rest is counted. */
const NOTES_MAX = 20;

/** What was left out of an answer and why, in words for its transcript. */
class ReadingNotes {
  private readonly shown: string[] = [];
  private count = 0;

  add(what: string, why: string): void {
    this.count += 1;
    if (this.count <= NOTES_MAX) this.shown.push(`${what} was left out of the answer: ${why}`);
  }

  get list(): string[] {
    const more = this.count - this.shown.length;
    return more > 0 ? [...this.shown, `${more} more parts were left out of the answer.`] : this.shown;
  }
}

/** Why an item of a list is left out. */
class Misfit extends Error {}

/**
 * Reads the fields of an object that others wrote. An optional field that does not fit is left out with a
 * note, so that it never costs the rest; null counts as left out.
 */
export class FieldReader {
  constructor(
    private readonly fields: object,
    private readonly path = '',
    private readonly noted = new ReadingNotes(),
  ) {}

  get notes(): string[] {
    return this.noted.list;
  }

  optional<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const value = this.valueOf(name);
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.noted.add(this.path + name, describeIssues(parsed.error));
    return undefined;
  }

  /** For the objects of a list: without this field the object is left out. @throws Misfit */
  required<T>(name: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.valueOf(name));
    if (parsed.success) return parsed.data;
    throw new Misfit(`${name} ${describeIssues(parsed.error)}`);
  }

  /** Leaves out the object of a list that is being read. */
  refuse(why: string): never {
    throw new Misfit(why);
  }

  object(name: string): FieldReader | undefined {
    const value = this.valueOf(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new FieldReader(value, `${this.path}${name}.`, this.noted);
    this.noted.add(this.path + name, 'it is not an object');
    return undefined;
  }

  /** The first `countMax` items that fit. */
  items<T>(name: string, countMax: number, schema: z.ZodType<T>): T[] | undefined {
    return this.list(name, countMax, (value) => {
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw new Misfit(describeIssues(parsed.error));
    });
  }

  /** The same for a list of objects. `taken`: the ones before. */
  objects<T>(
    name: string,
    countMax: number,
    read: (item: FieldReader, taken: readonly T[]) => T,
  ): T[] | undefined {
    return this.list(name, countMax, (value, path, taken) => {
      if (!isObject(value)) throw new Misfit('it is not an object');
      return read(new FieldReader(value, `${path}.`, this.noted), taken);
    });
  }

  private list<T>(
    name: string,
    countMax: number,
    read: (value: unknown, path: string, taken: readonly T[]) => T,
  ): T[] | undefined {
    const values = this.valueOf(name);
    if (values === undefined) return undefined;
    if (!Array.isArray(values)) {
      this.noted.add(this.path + name, 'it is not a list');
      return undefined;
    }
    const taken: T[] = [];
    for (const [index, value] of values.entries()) {
      if (taken.length === countMax) {
        this.noted.add(`${values.length - index} of ${this.path}${name}`, `there may be at most ${countMax}`);
        break;
      }
      const path = `${this.path}${name}.${index}`;
      try {
        taken.push(read(value, path, taken));
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        this.noted.add(path, error.message);
      }
    }
    return taken;
  }

  private valueOf(name: string): unknown {
    const value: unknown = Object.hasOwn(this.fields, name) ? Reflect.get(this.fields, name) : undefined;
    return value ?? undefined;
  }
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
