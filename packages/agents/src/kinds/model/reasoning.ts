/** The marks between which models reason, by the names that they give them. */
const NAMES = 'think|thinking|thought|reasoning|seed:think';
const FINISHED = new RegExp(
  `^\\s*(?:(?:<(${NAMES})>[\\s\\S]*?</\\1>|\\[THINK\\][\\s\\S]*?\\[/THINK\\]|◁think▷[\\s\\S]*?◁/think▷)\\s*)+`,
  'i',
);
const UNFINISHED = new RegExp(`^\\s*(?:<(?:${NAMES})>|\\[THINK\\]|◁think▷)`, 'i');
const END_ALONE = /<\/think>[ \t]*(?:\r?\n|$)/i;
/** The format of gpt-oss, where a server does not read it: the last channel holds the answer. */
const CHANNELS = /^\s*(?:<\|start\|>[^<]*)?<\|channel\|>/;
const LAST_CHANNEL = /^[\s\S]*<\|channel\|>final[^<]*<\|message\|>/;

/**
 * A text without the reasoning at its start, which some servers of models leave in it, mostly between
 * `<think>` and `</think>`; with some models the first of the two is missing. Reasoning that does not end has
 * no text after it.
 */
export function withoutReasoning(text: string): string {
  if (CHANNELS.test(text))
    return LAST_CHANNEL.test(text) ? text.replace(LAST_CHANNEL, '').replace(/<\|\w+\|>\s*$/, '') : '';
  const answer = text.replace(FINISHED, '');
  if (UNFINISHED.test(answer)) return '';
  const end = END_ALONE.exec(answer);
  if (end === null || /<think>/i.test(answer.slice(0, end.index))) return answer;
  return answer.slice(end.index + end[0].length).trimStart();
}
