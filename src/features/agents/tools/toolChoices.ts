import { TOOL_POLICIES, type ToolPolicy, toolPolicySchema } from '@everbeat/domain';
import { z } from 'zod';

/** What the server accepts as `config.tools` (API.md, "Tools of a model"). It checks it again. */
const toolsSchema = z.object({
  read_page: toolPolicySchema.optional(),
  http_request: z.object({ policy: toolPolicySchema.default('ask'), hosts: z.array(z.string()) }).optional(),
  search_web: toolPolicySchema.optional(),
  documents: toolPolicySchema.optional(),
  tasks: toolPolicySchema.optional(),
  mcp: z
    .array(
      z.object({
        serverId: z.string(),
        default: toolPolicySchema.optional(),
        tools: z.record(z.string(), toolPolicySchema).optional(),
      }),
    )
    .optional(),
});
export type Tools = z.output<typeof toolsSchema>;
export type ServerTools = NonNullable<Tools['mcp']>[number];

export const POLICY_LABELS: Record<ToolPolicy, string> = {
  allow: 'Allowed',
  ask: 'Asks first',
  deny: 'Off',
};
export const POLICY_OPTIONS = TOOL_POLICIES.map((policy) => [policy, POLICY_LABELS[policy]] as const);

/** What a text of the form says; nothing for a text that cannot be read. */
export function readTools(text: string): Tools {
  try {
    return toolsSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The text for the form. Empty where nothing is chosen, so that the server's defaults apply. */
export function writeTools(tools: Tools): string {
  const chosen = Object.entries(tools).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return chosen.length === 0 ? '' : JSON.stringify(Object.fromEntries(chosen));
}

/** Of a list of hosts as a person types it: one per line, or with commas. An address counts as its host. */
export const readHosts = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((host) => host.replace(/^https?:\/\//i, '').replace(/\/.*$/, ''))
    .filter((host) => host !== '');

/** The tools that an agent is to call, and that their server no longer has. */
export const goneTools = (
  { tools = {} }: ServerTools,
  offered: readonly { name: string }[],
): [name: string, policy: ToolPolicy][] =>
  Object.entries(tools).filter(
    ([name, policy]) => policy !== 'deny' && offered.every((tool) => tool.name !== name),
  );
