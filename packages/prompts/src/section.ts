import { truncated } from '@everbeat/domain';
import type { Block, Fence } from './fence';

/** An entry that does not fit is truncated to the remaining space, or left out if that is less than this. */
const SHORTENED_CHARS_MIN = 200;

/**
 * One entry of a section, in one or more blocks. If an entry must be truncated, it is the first block that
 * is.
 */
export type Entry = readonly [Block, ...Block[]];

/** A part of the prompt that is cut when the prompt is too long: the oldest entries are left out first. */
export interface Section {
  heading: string;
  /** The name of an entry, e.g. `older comment`. */
  noun: { one: string; many: string };
  weight: number;
  total: number;
  totalIsFloor: boolean;
  /**
   * Newest first. `blocks`: entries of several lines, each in a fence of its own, so that none can pretend to
   * be another entry. `lines`: entries of one line, all in one fence.
   */
  body:
    | { kind: 'blocks'; entries: readonly Entry[]; order: 'newest-first' | 'oldest-first' }
    | { kind: 'lines'; label: string; lines: readonly string[] };
}

export interface RenderedSection {
  text: string;
  /** The line that says what was left out, or null. */
  leftOut: string | null;
}

/** The untrusted texts of a section. */
export const textsOf = ({ body }: Section): string[] =>
  body.kind === 'lines' ? [...body.lines] : body.entries.flat().map((block) => block.text);

/** The length of the section without any of its entries, at most. */
export const stubChars = (section: Section): number =>
  assemble(section, [], leftOutLine(section, 0, 1)).text.length;

/** The section in at most `charsMax` UTF-16 units, which must be at least `stubChars`. */
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

/** The newest entries that fit into `charsMax`, including the line feed after each. */
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
  const shownChars = charsMax - renderEntry([{ ...first, text: '…' }, ...others], fence).length;
  if (shownChars < SHORTENED_CHARS_MIN) return null;
  const text = truncated(first.text, shownChars + '…'.length);
  return renderEntry([{ ...first, text }, ...others], fence);
}

function finish({ body }: Section, fence: Fence, parts: string[]): string[] {
  if (parts.length === 0) return [];
  if (body.kind === 'lines') return [fence.wrap({ label: body.label, text: parts.join('\n') })];
  return body.order === 'oldest-first' ? parts.toReversed() : parts;
}

function leftOutLine(section: Section, shown: number, shortened: number): string | null {
  const missing = section.total - shown;
  const notes: string[] = [];
  if (missing > 0) {
    const atLeast = section.totalIsFloor ? 'at least ' : '';
    notes.push(`${atLeast}${missing} ${missing === 1 ? section.noun.one : section.noun.many} left out`);
  }
  if (shortened > 0) notes.push('the oldest one shown is shortened');
  return notes.length === 0 ? null : `(${notes.join('; ')})`;
}

const assemble = (section: Section, parts: readonly string[], leftOut: string | null): RenderedSection => ({
  text: [`## ${section.heading}`, ...parts, ...(leftOut === null ? [] : [leftOut])].join('\n'),
  leftOut,
});
