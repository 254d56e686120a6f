import { describeIssues, storableText } from '@everbeat/domain';
import { z } from 'zod';

/** How many notes are kept of one answer; the rest is counted. */
const NOTES_MAX = 20;

/** What was left out of an answer, or taken for something else, and why, in words for its transcript. */
class ReadingNotes {
  private readonly shown: string[] = [];
  private count = 0;

  add(note: string): void {
    this.count += 1;
    if (this.count <= NOTES_MAX) this.shown.push(note);
  }

  leftOut(what: string, why: string): void {
    this.add(`${what} was left out of the answer: ${why}`);
  }

  get list(): string[] {
    const more = this.count - this.shown.length;
    return more > 0 ? [...this.shown, `${more} more parts of the answer did not fit.`] : this.shown;
  }
}

/** Why an item of a list is left out. */
class Misfit extends Error {}

/** Many writers of JSON, such as workflow tools and models, do not tell texts from numbers. */
const looseTextSchema = z.union(
  [z.string(), z.number().transform(String), z.boolean().transform(String)],
  'it is not a text',
);

/**
 * Reads the fields of an object that others wrote. What does not fit is taken for what it is likely to mean,
 * or left out, with a note, so that it never costs the rest; null counts as left out.
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
    this.noted.leftOut(this.path + name, describeIssues(parsed.error));
    return undefined;
  }

  /** Notes that a field which fits does not count. */
  leaveOut(name: string, why: string): void {
    this.noted.leftOut(this.path + name, why);
  }

  /** A text, truncated to `charsMax`. */
  text(name: string, charsMax: number): string | undefined {
    const text = this.optional(name, looseTextSchema);
    if (text !== undefined && text.length > charsMax)
      this.note(name, `was cut to its first ${charsMax} characters`);
    return text === undefined ? undefined : storableText(text, charsMax);
  }

  /**
   * One of a few words. Another is taken for what `meaningOf` says, with a note; `fallback` stands for a
   * field that is missing, or has no meaning.
   */
  word<T extends string>(
    name: string,
    words: readonly T[],
    meaningOf: (word: string) => T | undefined,
    fallback: T,
  ): T {
    const said = this.optional(name, looseTextSchema)?.trim().toLowerCase();
    if (said === undefined) return fallback;
    const word = words.find((known) => known === said);
    if (word !== undefined) return word;
    const meaning = meaningOf(said) ?? fallback;
    this.note(name, `was taken as "${meaning}"`);
    return meaning;
  }

  /** Says in the transcript what was done with a field. */
  note(name: string, what: string): void {
    this.noted.add(`${this.path}${name} ${what}.`);
  }

  /** Leaves out the object of a list that is being read. */
  refuse(why: string): never {
    throw new Misfit(why);
  }

  object(name: string): FieldReader | undefined {
    const value = this.valueOf(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new FieldReader(value, `${this.path}${name}.`, this.noted);
    this.noted.leftOut(this.path + name, 'it is not an object');
    return undefined;
  }

  /**
   * The first `countMax` objects of a list that fit. A text in the list stands for an object with this
   * `textField`, and an object instead of the list for a list of one. `taken`: the ones before.
   */
  objects<T>(
    name: string,
    { countMax, textField }: { countMax: number; textField: string },
    read: (item: FieldReader, taken: readonly T[]) => T,
  ): T[] | undefined {
    const values = this.listOf(name);
    const taken: T[] = [];
    for (const [index, value] of values?.entries() ?? []) {
      if (taken.length === countMax) {
        const rest = (values?.length ?? 0) - index;
        this.noted.leftOut(`${rest} of ${this.path}${name}`, `there may be at most ${countMax}`);
        break;
      }
      const path = `${this.path}${name}.${index}`;
      try {
        const item = isObject(value) ? value : { [textField]: looseText(value) };
        taken.push(read(new FieldReader(item, `${path}.`, this.noted), taken));
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        this.noted.leftOut(path, error.message);
      }
    }
    return values && taken;
  }

  private listOf(name: string): unknown[] | undefined {
    const value = this.valueOf(name);
    if (value === undefined || Array.isArray(value)) return value;
    if (isObject(value)) return [value];
    this.noted.leftOut(this.path + name, 'it is not a list');
    return undefined;
  }

  private valueOf(name: string): unknown {
    const value: unknown = Object.hasOwn(this.fields, name) ? Reflect.get(this.fields, name) : undefined;
    return value ?? undefined;
  }
}

/** @throws Misfit */
function looseText(value: unknown): string {
  const parsed = looseTextSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Misfit('it is neither an object nor a text');
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
