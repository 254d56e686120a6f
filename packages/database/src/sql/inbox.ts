/**
 * Where the inbox shows a brief, as SQL conditions on a row of that name (`''`: bare columns, for indexes).
 * The partial indexes in `schema/briefs.ts` are made of the same texts. `isBlocking`, `waitsForPerson`,
 * `needsAnswer` and `inboxKindOf` of the domain say the same.
 */

const of = (brief: string, column: string): string => (brief === '' ? column : `${brief}.${column}`);

export const isOpen = (brief: string): string => `${of(brief, 'resolved_at')} is null`;

/**
 * Whether the loop waits for its answer, as long as it is open. It stands without parentheses, because the
 * text of an index must not change; so join it with `and` only.
 */
export const blocks = (brief: string): string =>
  `${of(brief, 'priority')} = 'urgent' and ${of(brief, 'type')} <> 'error'`;

export const waits = (brief: string): string =>
  `(${of(brief, 'priority')} = 'urgent' or ${of(brief, 'type')} = 'decision' or coalesce(${of(brief, 'purpose')}, '') = 'approval')`;

export const needsAnswer = (brief: string): string => `(${of(brief, 'type')} <> 'error' and ${waits(brief)})`;

export const kindOf = (brief: string): string =>
  `case when ${of(brief, 'type')} = 'error' then 'failed' when ${waits(brief)} then 'needs-me'
    when ${of(brief, 'priority')} = 'info' then 'good-to-know' else 'change' end`;

export const isUnread = (brief: string): string => `${of(brief, 'read_at')} is null`;

/**
 * Whether something that the task has told lies unread (PROTOCOL §4.5). Of a muted task nothing does: its
 * news are read as they come in, and its person does not want to be told that it was slowed down. What was
 * put off once was seen.
 */
export const hasUnread = (task: string): string =>
  `(${task}.muted_at is null and exists (select 1 from everbeat.briefs b
     where b.task_id = ${task}.id and ${isOpen('b')} and ${isUnread('b')} and not ${wasSnoozed('b')}
       and b.purpose is distinct from 'absence'))`;

/** Snoozed once: whether it still is depends on the time. Without an end it is snoozed until it changes. */
export const wasSnoozed = (brief: string): string => `${of(brief, 'snoozed_at')} is not null`;
export const isSnoozed = (brief: string, now: string): string =>
  `(${of(brief, 'snoozed_until')} is null or ${of(brief, 'snoozed_until')} > ${now})`;
export const isAwake = (brief: string, now: string): string =>
  `(${of(brief, 'snoozed_at')} is null or coalesce(${of(brief, 'snoozed_until')}, 'infinity') <= ${now})`;

/** Read news, and what is resolved. */
export const isDone = (brief: string): string =>
  `(${of(brief, 'resolved_at')} is not null or (${of(brief, 'read_at')} is not null and not ${waits(brief)}))`;

/** What comes back after it was snoozed is as new as what has just come in. */
export const openOrder = (brief: string): string =>
  `greatest(${of(brief, 'updated_at')}, ${of(brief, 'snoozed_until')})`;
export const doneOrder = (brief: string): string =>
  `coalesce(${of(brief, 'resolved_at')}, ${of(brief, 'read_at')})`;

/** For the search. The configuration `simple` suits every language alike. */
export const searchedText = (brief: string): string =>
  `to_tsvector('simple'::regconfig, ${of(brief, 'title')} || ' ' || ${of(brief, 'summary')})`;
