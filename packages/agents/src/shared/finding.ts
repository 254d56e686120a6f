import { LIMITS, REVIEW_VERDICTS, type ReviewVerdict } from '@everbeat/domain';
import { z } from 'zod';
import type { ReviewFinding } from '../port';
import type { FieldReader } from './fieldReader';
import { isObject } from './fieldReader';

/** Other words for the three. */
const WORDS: readonly (readonly [ReviewVerdict, RegExp])[] = [
  ['passed', /^pass/],
  ['failed', /^fail/],
  ['uncertain', /^(uncertain|unsure|unclear|unknown)/],
];

const verdictSchema = z
  .string()
  .transform((word) => WORDS.find(([, words]) => words.test(word.trim().toLowerCase()))?.[0])
  .pipe(z.enum(REVIEW_VERDICTS));

const reasonSchema = z.string().trim().min(1);
const reasonsSchema = z.union([
  z.array(z.string()).transform((texts) => texts.map((text) => text.trim()).filter((text) => text !== '')),
  reasonSchema.transform((text) => [text]),
]);

/**
 * What a reviewer has found, from its answer (API.md, "The review"). A verdict other than `passed` without a
 * reason contradicts itself: nobody could do anything about it. So it counts as no verdict, with a note.
 */
export function findingOf(fields: FieldReader): ReviewFinding | undefined {
  const verdict = fields.optional('verdict', verdictSchema);
  if (verdict === undefined) return undefined;
  const reasons = fields.optional('reasons', reasonsSchema) ?? [];
  if (verdict !== 'passed' && reasons.length === 0) {
    fields.note('verdict', `was left out of the answer: it is "${verdict}", and no reason says why`);
    return undefined;
  }
  const kept = reasons.slice(0, LIMITS.reviewReasonsMax);
  return {
    verdict,
    reasons: kept.map((reason) => reason.slice(0, LIMITS.reviewReasonCharsMax).toWellFormed()),
  };
}

/** A finding as a person reads it, in Markdown. The reasons are the reviewer's own Markdown. */
export const findingText = ({ verdict, reasons }: ReviewFinding): string =>
  [
    `**${VERDICT_TEXTS[verdict ?? 'dropped']}**`,
    reasons.map((reason) => `- ${reason.replaceAll('\n', '\n  ')}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const VERDICT_TEXTS: Record<ReviewVerdict | 'dropped', string> = {
  passed: 'The work passed its check.',
  failed: 'The work did not pass its check.',
  uncertain: 'The reviewer is uncertain whether the work passes.',
  dropped: 'The work was not checked.',
};

/**
 * The object that a reviewer's text is, or holds in a code block that is all of it. A text which only quotes
 * such an object, as the work may have told it to, is none.
 */
export function findingObjectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(insideBlock(text.trim()));
    return isObject(value) && 'verdict' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Without a pattern over all of the text: one can take a time that grows with the cube of its blank lines.
 */
function insideBlock(text: string): string {
  const opening = /^```(?:json)?[ \t\r]*\n/i.exec(text)?.[0];
  return opening !== undefined && text.endsWith('\n```') ? text.slice(opening.length, -'```'.length) : text;
}
