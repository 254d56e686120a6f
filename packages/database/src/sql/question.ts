/**
 * What a row of briefs asks, as a text that is another one once it asks something else
 * (`everbeat.question_hash`). `texts`: the row whose texts it has; left out, its own.
 */
export const questionHash = (brief: string, texts = brief): string =>
  `everbeat.question_hash(${brief}.type, ${brief}.priority, ${brief}.purpose, ${texts}.title, ${texts}.summary, ${texts}.actions)`;

/** Whether a brief asks something else than the message of a link told. */
export const asksOtherThan = (brief: string, link: string): string =>
  `case when ${link}.question_hash is null then ${brief}.title <> ${link}.title
          else ${questionHash(brief)} <> ${link}.question_hash end`;
