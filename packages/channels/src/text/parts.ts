import { truncated } from '@everbeat/domain';
import type { ChannelMessage } from '../port';
import { plainOfMarkdown } from './plain';
import { cleanLine } from './text';

/** The words that every channel shows of a message, each as plain text. */

const KIND_LABELS: Readonly<Record<ChannelMessage['kind'], string>> = {
  'needs-me': 'Waiting for you',
  unanswered: 'Still waiting for you',
  change: 'Changed',
  'good-to-know': 'Good to know',
  failed: 'Failed',
  recovered: 'Works again',
  digest: 'Digest',
};

const TITLE_CHARS_MAX = 200;
const NAME_CHARS_MAX = 120;
const LABEL_CHARS_MAX = 60;
/** Each channel shows at most as many lines of a digest. What is left out is told. */
const LINES_MAX = 50;

/** In which state a message is shown. */
export interface Telling {
  /** Whether this server hears of buttons that are pressed. */
  takesPresses?: boolean;
  /** What became of what it asks: it offers nothing any more. */
  outcome?: string;
}

/** Below a question that is not shown whole. */
export const CUT_NOTE =
  'Not all of it is shown here. Each link opens a page with all of it before you answer.';

/** How much a channel shows, in characters. */
interface Room {
  title: number;
  text: number;
  label: number;
}

/**
 * Whether a message asks more than it shows in that room. It has no buttons then that answer at once: nobody
 * is to agree to what they could not read. `written`: the text as the channel would show it.
 */
export function asksMoreThanShown(message: ChannelMessage, written: string, room: Room): boolean {
  if (message.kind !== 'needs-me' && message.kind !== 'unanswered') return false;
  return (
    message.isCut === true ||
    cleanLine(message.title).length > Math.min(room.title, TITLE_CHARS_MAX) ||
    written.length > room.text ||
    message.actions.some(({ label }) => cleanLine(label).length > Math.min(room.label, LABEL_CHARS_MAX))
  );
}

export const OPEN_LABEL = 'Open in Everbeat';

export const titleOf = ({ title }: ChannelMessage): string =>
  truncated(cleanLine(title), TITLE_CHARS_MAX) || 'Untitled';

/** What kind of news it is, and of which task: `Failed · T-12 Acme News`. */
export function aboutOf({ kind, task }: ChannelMessage): string {
  const name = task === null ? '' : ` · ${cleanLine(`${task.identifier} ${task.title}`)}`;
  return truncated(KIND_LABELS[kind] + name, NAME_CHARS_MAX);
}

export const labelOf = (label: string, charsMax = LABEL_CHARS_MAX): string =>
  truncated(cleanLine(label), charsMax) || 'Answer';

/** The lines of a digest that are shown, with their counts, and how many are not. */
export function linesOf({ lines = [] }: ChannelMessage): {
  shown: { title: string; url: string }[];
  left: number;
} {
  const shown = lines.slice(0, LINES_MAX).map(({ title, url, count }) => ({
    title: `${truncated(cleanLine(title), TITLE_CHARS_MAX)}${count > 1 ? ` (${count})` : ''}`,
    url,
  }));
  return { shown, left: lines.length - shown.length };
}

export const leftText = (left: number): string => (left === 0 ? '' : `and ${left} more`);

/** The text, and the lines of a digest without their links. */
export function bodyOf(message: ChannelMessage): string {
  const { shown, left } = linesOf(message);
  const lines = [...shown.map(({ title }) => `- ${title}`), leftText(left)].filter((line) => line !== '');
  return [plainOfMarkdown(message.text), lines.join('\n')].filter((part) => part !== '').join('\n\n');
}
