/** The marks between which models reason, by the names that they give them. */
const NAMES = 'think|thinking|thought|reasoning|seed:think';
const FINISHED = new RegExp(
  `^\\s*(?:(?:<(${NAMES})>[\\s\\S]*?</\\1>|\\[THINK\\][\\s\\S]*?\\[/THINK\\]|◁think▷[\\s\\S]*?◁/think▷)\\s*)+`,
  'i',
);
const UNFINISHED = new RegExp(`^\\s*(?:<(?:${NAMES})>|\\[THINK\\]|◁think▷)`, 'i');
const END_ALONE = /<\/think>[ \t]*(?:\r?\n|$)/i;
/** The marks themselves, which are not shown. */
const MARKS = new RegExp(
  `</?(?:${NAMES})>|\\[/?THINK\\]|◁/?think▷|<\\|(?:channel|start)\\|>\\w*|<\\|\\w+\\|>`,
  'gi',
);
/** The format of gpt-oss, where a server does not read it: the last channel holds the answer. */
const CHANNELS = /^\s*(?:<\|start\|>[^<]*)?<\|channel\|>/;
const LAST_CHANNEL = /^[\s\S]*<\|channel\|>final[^<]*<\|message\|>/;

/** The text of a model's answer without the reasoning at its start. */
export const withoutReasoning = (text: string): string => splitReasoning(text).text;

/**
 * Parts a text from the reasoning at its start, which some servers of models leave in it, mostly between
 * `<think>` and `</think>`; with some models the first of the two is missing. Reasoning that does not end has
 * no text after it.
 */
export function splitReasoning(whole: string): { reasoning: string; text: string } {
  const text = answerIn(whole);
  const end = whole.lastIndexOf(text);
  return {
    reasoning: whole
      .slice(0, text === '' ? whole.length : end)
      .replace(MARKS, '')
      .trim(),
    text,
  };
}

function answerIn(text: string): string {
  if (CHANNELS.test(text))
    return LAST_CHANNEL.test(text) ? text.replace(LAST_CHANNEL, '').replace(/<\|\w+\|>\s*$/, '') : '';
  const answer = text.replace(FINISHED, '');
  if (UNFINISHED.test(answer)) return '';
  const end = END_ALONE.exec(answer);
  if (end === null || /<think>/i.test(answer.slice(0, end.index))) return answer;
  return answer.slice(end.index + end[0].length).trimStart();
}
