import type { AgentOutcome } from '../../port';
import { AGENT_ANSWER_KEYS, parseAnswer, toOutcome } from '../../shared/answer';

/**
 * Reads standard output as an outcome. If the last line is a JSON object with a field of the http answer, it
 * is read as that answer, and the lines before it are the content, unless it has its own.
 * @throws AgentError `agent_bad_answer`
 */
export function readOutput(stdout: string): AgentOutcome {
  const output = stdout.trimEnd();
  const lastLineStart = output.lastIndexOf('\n') + 1;
  const fields = answerFields(output.slice(lastLineStart));
  if (fields === undefined) return toOutcome(parseAnswer({ content: output }));
  return toOutcome(parseAnswer({ content: output.slice(0, lastLineStart).trimEnd(), ...fields }));
}

/** Undefined for any other JSON, which is part of the content. */
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
