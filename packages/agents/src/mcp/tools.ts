import { createHash } from 'node:crypto';
import { type McpTool, storableText } from '@everbeat/domain';
import type { Tool } from '@modelcontextprotocol/client';
import { isObject } from '../shared/fieldReader';

const TOOLS_MAX = 100;
const NAME = /^[\w.-]{1,128}$/;
const DESCRIPTION_CHARS_MAX = 4_000;
const SCHEMA_BYTES_MAX = 20_000;

/** The tools of a server that can be offered to a model, and what is wrong with the others. */
export function readTools(listed: readonly Tool[]): { tools: McpTool[]; problems: string[] } {
  const problems: string[] = [];
  const tools = new Map<string, McpTool>();
  for (const tool of listed) {
    const problem = problemOf(tool, tools);
    if (problem === null) tools.set(tool.name, readTool(tool));
    else problems.push(problem);
  }
  return { tools: [...tools.values()], problems };
}

function problemOf({ name, inputSchema }: Tool, before: ReadonlyMap<string, McpTool>): string | null {
  if (!NAME.test(name)) return 'A tool has a name that models cannot call.';
  if (before.has(name)) return `There are two tools with the name ${name}.`;
  if (before.size >= TOOLS_MAX)
    return `${name} is left out: at most ${TOOLS_MAX} tools of a server are used.`;
  if (JSON.stringify(inputSchema).length > SCHEMA_BYTES_MAX)
    return `${name} is left out: the description of its input has more than ${SCHEMA_BYTES_MAX} bytes.`;
  return null;
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
