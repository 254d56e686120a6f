import { createHash } from 'node:crypto';
import { type McpTool, storableText } from '@everbeat/domain';
import type { Tool } from '@modelcontextprotocol/client';
import { isObject } from '../shared/fieldReader';

/** How many tools of one server are taken; further ones are left out. */
export const TOOLS_OF_SERVER_MAX = 100;
const NAME = /^[\w.-]{1,128}$/;
const DESCRIPTION_CHARS_MAX = 4_000;
const SCHEMA_BYTES_MAX = 20_000;
/** As many are told at once. */
const PROBLEMS_MAX = 5;

/** The tools of a server that can be offered to a model, and what is wrong with the others. */
export function readTools(listed: readonly Tool[]): { tools: McpTool[]; problems: string[] } {
  const problems: string[] = [];
  const tools = new Map<string, McpTool>();
  for (const tool of listed.slice(0, TOOLS_OF_SERVER_MAX)) {
    const problem = problemOf(tool, tools);
    if (problem === null) tools.set(tool.name, readTool(tool));
    else problems.push(problem);
  }
  if (listed.length > TOOLS_OF_SERVER_MAX)
    problems.push(
      `It has more than ${TOOLS_OF_SERVER_MAX} tools. The first ${TOOLS_OF_SERVER_MAX} are used.`,
    );
  return { tools: [...tools.values()], problems: problems.slice(-PROBLEMS_MAX) };
}

function problemOf({ name, inputSchema }: Tool, before: ReadonlyMap<string, McpTool>): string | null {
  if (!NAME.test(name)) return 'A tool has a name that models cannot call.';
  if (before.has(name)) return `There are two tools with the name ${name}.`;
  if (lengthOf(inputSchema) > SCHEMA_BYTES_MAX)
    return `${name} is left out: the description of its input has more than ${SCHEMA_BYTES_MAX} bytes.`;
  return null;
}

/** What is nested too deeply to be written down is too long as well. */
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function readTool({ name, description = '', inputSchema, annotations = {} }: Tool): McpTool {
  const tool = {
    name,
    description: storableText(description, DESCRIPTION_CHARS_MAX),
    inputSchema,
    readOnly: annotations.readOnlyHint === true,
    idempotent: annotations.readOnlyHint === true || annotations.idempotentHint === true,
  };
  return { ...tool, digest: createHash('sha256').update(withSortedKeys(tool)).digest('base64url') };
}

/** JSON that is the same however a server orders its fields. */
const withSortedKeys = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
