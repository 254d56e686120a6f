import type { Block, Fence } from './fence';

/** An entry that does not fit is shortened to what is left, unless that would be less than this: then it is left out. */
const SHORTENED_CHARS_MIN = 200;

/** One entry of a history, in one or more blocks. Where room is short, the first block is the one that is shortened. */
export type Entry = readonly [Block, ...Block[]];

/** A part of the prompt that gives way when there is too much of it: older entries go first. */
export interface Section {
  heading: string;
  /** What an entry is called, such as `older comment`. */
  noun: { one: string; many: string };
  weight: number;
  total: number;
  totalIsFloor: boolean;
  /**
   * Newest first. `blocks`: several lines each, so each in a fence of its own, in which it cannot pass for another
   * entry. `lines`: one line each, in one fence.
   */
  body:
    | { kind: 'blocks'; entries: readonly Entry[]; order: 'newest-first' | 'oldest-first' }
    | { kind: 'lines'; label: string; lines: readonly string[] };
}

export interface RenderedSection {
  text: string;
  /** The line that says what is missing, or null when nothing is. */
  leftOut: string | null;
}

/** The untrusted texts of a section. */
export const textsOf = ({ body }: Section): string[] =>
  body.kind === 'lines' ? [...body.lines] : body.entries.flat().map((block) => block.text);

/** What the section takes at most when none of its entries is taken in. */
export const stubChars = (section: Section): number =>
  assemble(section, [], leftOutLine(section, 0, 1)).text.length;

/** The section within `charsMax`, which must be `stubChars` at least. */
export function renderSection(section: Section, fence: Fence, charsMax: number): RenderedSection {
  const whole = renderWhole(section, fence);
  if (whole.text.length <= charsMax) return whole;
  const { parts, shown, shortened } = fill(section, fence, charsMax - stubChars(section));
  return assemble(section, finish(section, fence, parts), leftOutLine(section, shown, shortened));
}

export function renderWhole(section: Section, fence: Fence): RenderedSection {
  const { parts, shown } = fill(section, fence, Number.POSITIVE_INFINITY);
  return assemble(section, finish(section, fence, parts), leftOutLine(section, shown, 0));
}

interface Filling {
  parts: string[];
  shown: number;
  shortened: number;
}

/** The newest entries that fit into `charsMax`, each with the line feed that follows it. */
function fill(section: Section, fence: Fence, charsMax: number): Filling {
  const { body } = section;
  return body.kind === 'lines'
    ? fillLines(body.lines, charsMax - fence.wrap({ label: body.label, text: '' }).length - 1)
    : fillBlocks(body.entries, fence, charsMax);
}

function fillLines(lines: readonly string[], charsMax: number): Filling {
  const parts: string[] = [];
  let room = charsMax;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    parts.push(line);
  }
  return { parts, shown: parts.length, shortened: 0 };
}

function fillBlocks(entries: readonly Entry[], fence: Fence, charsMax: number): Filling {
  const parts: string[] = [];
  let room = charsMax;
  for (const entry of entries) {
    const text = renderEntry(entry, fence);
    if (text.length + 1 > room) {
      const shortened = shortenEntry(entry, fence, room - 1);
      if (shortened === null) break;
      return { parts: [...parts, shortened], shown: parts.length + 1, shortened: 1 };
    }
    parts.push(text);
    room -= text.length + 1;
  }
  return { parts, shown: parts.length, shortened: 0 };
}

const renderEntry = (entry: Entry, fence: Fence): string =>
  entry.map((block) => fence.wrap(block)).join('\n');

function shortenEntry([first, ...others]: Entry, fence: Fence, charsMax: number): string | null {
  const keptChars = charsMax - renderEntry([{ ...first, text: '…' }, ...others], fence).length;
  if (keptChars < SHORTENED_CHARS_MIN) return null;
  const text = `${first.text.slice(0, keptChars).toWellFormed()}…`;
  return renderEntry([{ ...first, text }, ...others], fence);
}

function finish({ body }: Section, fence: Fence, parts: string[]): string[] {
  if (parts.length === 0) return [];
  if (body.kind === 'lines') return [fence.wrap({ label: body.label, text: parts.join('\n') })];
  return body.order === 'oldest-first' ? parts.toReversed() : parts;
}

function leftOutLine(section: Section, shown: number, shortened: number): string | null {
  const missing = section.total - shown;
  const said: string[] = [];
  if (missing > 0) {
    const atLeast = section.totalIsFloor ? 'at least ' : '';
    said.push(`${atLeast}${missing} ${missing === 1 ? section.noun.one : section.noun.many} left out`);
  }
  if (shortened > 0) said.push('the oldest one shown is shortened');
  return said.length === 0 ? null : `(${said.join('; ')})`;
}

const assemble = (section: Section, parts: readonly string[], leftOut: string | null): RenderedSection => ({
  text: [`## ${section.heading}`, ...parts, ...(leftOut === null ? [] : [leftOut])].join('\n'),
  leftOut,
});
