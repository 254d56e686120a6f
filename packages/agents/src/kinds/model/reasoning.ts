const FINISHED = /^\s*(?:<(think|thinking|reasoning)>[\s\S]*?<\/\1>\s*)+/i;
const UNFINISHED = /^\s*<(?:think|thinking|reasoning)>/i;
const END_ALONE = /^[ \t]*<\/think>[ \t]*\r?\n?/im;

/**
 * A text without the reasoning at its start, which some servers of models leave in it between `<think>` and
 * `</think>`; with some models the first of the two is missing. Reasoning that does not end has no text after
 * it.
 */
export function withoutReasoning(text: string): string {
  const answer = text.replace(FINISHED, '');
  if (UNFINISHED.test(answer)) return '';
  const end = END_ALONE.exec(answer);
  if (end === null || /<think>/i.test(answer.slice(0, end.index))) return answer;
  return answer.slice(end.index + end[0].length).trimStart();
}
