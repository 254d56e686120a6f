import {
  type AskedExpiry,
  type AskedTime,
  BRIEF_ACTION_STYLES,
  BRIEF_PRIORITIES,
  BRIEF_TYPES,
  type BriefActionView,
  type BriefPriority,
  type BriefType,
  briefActionKeySchema,
  briefActionUrlSchema,
  documentNameSchema,
  firstLine,
  LIMITS,
  mayBeDefault,
  needsAnswer,
  offeredActions,
} from '@everbeat/domain';
import { z } from 'zod';
import type { AgentBrief } from '../port';
import type { FieldReader } from './fieldReader';
import { secondsSchema } from './looseNumbers';

/** Other words for the types and priorities of briefs. */
const TYPE_WORDS: readonly (readonly [BriefType, RegExp])[] = [
  ['decision', /^(question|ask|approv|confirm|choice|choose)/],
  ['result', /^(report|done|success|summary|outcome)/],
  ['error', /^(err|fail|exception|problem)/],
];
const PRIORITY_WORDS: readonly (readonly [BriefPriority, RegExp])[] = [
  ['urgent', /^(high|critical|blocker|emergency|immediate|asap|p0)/],
  ['info', /^(low|minor|info|notice|trivial)/],
];

const meaningIn =
  <T>(words: readonly (readonly [T, RegExp])[]) =>
  (word: string): T | undefined =>
    words.find(([, pattern]) => pattern.test(word))?.[0];

/** @throws Misfit when it says nothing */
export function readBrief(fields: FieldReader): AgentBrief {
  const summary = readSummary(fields);
  const title = fields.text('title', LIMITS.briefTitleCharsMax)?.trim();
  const shownTitle = title || firstLine(summary, LIMITS.briefTitleCharsMax);
  if (shownTitle === '') fields.refuse('it has neither a title nor a summary');
  const type = fields.word('type', BRIEF_TYPES, meaningIn(TYPE_WORDS), 'insight');
  const priority = fields.word('priority', BRIEF_PRIORITIES, meaningIn(PRIORITY_WORDS), 'normal');
  const actions = fields.objects(
    'actions',
    { countMax: LIMITS.actionsPerBriefMax, textField: 'label' },
    readAction,
  );
  const asks = needsAnswer({ type, priority, purpose: null });
  return {
    type,
    priority,
    title: shownTitle,
    summary,
    actions,
    expiry: readExpiry(fields, asks ? offeredActions(type, actions) : []),
    escalation: readEscalation(fields, asks),
    key: fields.text('key', LIMITS.briefKeyCharsMax)?.trim() || undefined,
    document: fields.optional('document', documentNameSchema),
  };
}

/** Many give the text of a brief the name that the text of the whole answer has. */
function readSummary(fields: FieldReader): string {
  const summary = fields.text('summary', LIMITS.briefSummaryCharsMax);
  if (summary !== undefined) return summary;
  const content = fields.text('content', LIMITS.briefSummaryCharsMax);
  if (content !== undefined) fields.note('content', 'was taken as its summary');
  return content ?? '';
}

function readAction(fields: FieldReader, others: readonly BriefActionView[]): BriefActionView {
  const label = fields.text('label', LIMITS.briefActionLabelCharsMax)?.trim();
  const said = fields.text('key', LIMITS.briefActionLabelCharsMax) ?? label ?? '';
  const key = keyOf(said);
  if (key === undefined) fields.refuse('it has no key of letters and digits');
  if (key !== said) fields.note('key', `was taken as "${key}"`);
  if (others.some((other) => other.key === key)) fields.refuse('its key was used before');
  return {
    key,
    label: label || key,
    style: fields.optional('style', z.enum(BRIEF_ACTION_STYLES)),
    url: fields.optional('url', briefActionUrlSchema),
  };
}

/**
 * What silence chooses of the options of a question. Without options it is none, and nothing can be chosen.
 */
function readExpiry(brief: FieldReader, offered: readonly BriefActionView[]): AskedExpiry | undefined {
  const fields = brief.object('expiry');
  if (fields === undefined) return undefined;
  const leftOut = (why: string): undefined => void brief.note('expiry', `was left out: ${why}`);
  if (offered.length === 0) return leftOut('only a decision, or what is urgent, waits for an answer');
  const action = fields.text('action', LIMITS.briefActionLabelCharsMax);
  const key = keyOf(action ?? '');
  if (!offered.some((option) => option.key === key && mayBeDefault(option)) || key === undefined)
    return leftOut(
      'its action is none of the options of the brief that can be chosen without words or a page',
    );
  const time = askedTime(fields);
  return time === undefined ? leftOut(NO_TIME) : { action: key, ...time };
}

function readEscalation(brief: FieldReader, asks: boolean): AskedTime | undefined {
  const fields = brief.object('escalation');
  if (fields === undefined) return undefined;
  const time = askedTime(fields);
  if (asks && time !== undefined) return time;
  const why = asks ? NO_TIME : 'only a decision, or what is urgent, waits for an answer';
  brief.note('escalation', `was left out: ${why}`);
  return undefined;
}

const NO_TIME = 'it has neither "afterSeconds" nor "at"';

function askedTime(fields: FieldReader): AskedTime | undefined {
  const at = fields.optional('at', z.iso.datetime({ offset: true }));
  const afterSeconds = fields.optional('afterSeconds', secondsSchema);
  return at === undefined && afterSeconds === undefined ? undefined : { at, afterSeconds };
}

/** The key that a text is, or makes. */
function keyOf(text: string): string | undefined {
  const made = text
    .trim()
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LIMITS.briefActionKeyCharsMax);
  return briefActionKeySchema.safeParse(made).data;
}
