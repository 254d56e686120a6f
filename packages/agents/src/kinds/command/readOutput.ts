import type { AgentOutcome } from '../../port';
import { AGENT_ANSWER_KEYS, parseAnswer, toOutcome } from '../../shared/answer';

/**
 * Standard output as an outcome. A last line that is a JSON object with a field of the http answer is that answer;
 * its content is then the rest, unless it brings its own.
 * @throws AgentError `agent_bad_answer`
 */
export function readOutput(stdout: string): AgentOutcome {
  const output = stdout.trimEnd();
  const lastLineStart = output.lastIndexOf('\n') + 1;
  const fields = answerFields(output.slice(lastLineStart));
  if (fields === undefined) return toOutcome(parseAnswer({ content: output }));
  return toOutcome(parseAnswer({ content: output.slice(0, lastLineStart).trimEnd(), ...fields }));
}

/** Data that happens to be JSON, without one field of an answer, is content. */
function answerFields(line: string): object | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    return AGENT_ANSWER_KEYS.some((key) => Object.hasOwn(value, key)) ? value : undefined;
  } catch {
    return undefined;
  }
}
