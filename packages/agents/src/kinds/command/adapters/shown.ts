import { truncated } from '@everbeat/domain';
import type { TranscriptEntry } from '../../../port';
import { shownJson } from '../../../shared/shownJson';
import { terminalText } from '../terminalText';

const ARGUMENT_CHARS_MAX = 300;
const RESULT_CHARS_MAX = 1_000;

/** The arguments that say most of a call of a tool, in this order. */
const TELLING = [
  'command',
  'file_path',
  'path',
  'notebook_path',
  'pattern',
  'url',
  'query',
  'description',
  'prompt',
  'skill',
];

/** `Bash: npm test`: a call of a tool in one line. */
export const shownCall = (name: string, input: Readonly<Record<string, unknown>>): TranscriptEntry => {
  const argument = shownArgument(input);
  return shownTool(argument === '' ? name : `${name}: ${argument}`);
};

/** What says most of a call, in one line. */
export function shownArgument(input: Readonly<Record<string, unknown>>): string {
  const told = TELLING.map((key) => input[key]).find((value) => typeof value === 'string' && value !== '');
  const argument = typeof told === 'string' ? told : Object.keys(input).length > 0 ? shownJson(input) : '';
  return truncated(argument.replace(/\s+/g, ' ').trim(), ARGUMENT_CHARS_MAX);
}

/** The end of what a tool said, where the reason of its failure usually is. */
export const shownFailure = (name: string, said: string): TranscriptEntry =>
  shownTool(`${name} failed${said.trim() === '' ? '.' : `: ${endOf(terminalText(said).trim())}`}`);

export const shownTool = (content: string): TranscriptEntry => ({ role: 'tool', content });

export const shownWords = (content: string): TranscriptEntry[] =>
  content.trim() === '' ? [] : [{ role: 'assistant', content }];

const endOf = (text: string): string =>
  text.length > RESULT_CHARS_MAX ? `…${text.slice(-RESULT_CHARS_MAX)}` : text;
