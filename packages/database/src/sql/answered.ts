import { RECOVERED_ACTION } from '@everbeat/domain';

/** What closes a brief without saying anything to its agent. */
const WORDLESS = [RECOVERED_ACTION, 'dismiss', 'acknowledge'];

const of = (brief: string, column: string): string => (brief === '' ? column : `${brief}.${column}`);

/**
 * Whether a brief was answered, by a person or by silence, as an SQL condition on a row of that name (`''`:
 * bare columns, for the index). What was only put aside counts if something was said about it.
 */
export const isAnswered = (brief: string): string =>
  `${of(brief, 'resolved_at')} is not null and (${of(brief, 'resolved_comment')} is not null
    or ${of(brief, 'resolved_action')} not in (${WORDLESS.map((action) => `'${action}'`).join(', ')}))`;

/** The task of such a brief, as the index has it. */
export const answeredTask = (brief: string): string => `(${of(brief, 'task_id')}::text)`;
