import { LIMITS, toolPolicySchema } from '@everbeat/domain';
import { z } from 'zod';

const SERVERS_MAX = LIMITS.mcpServersMax;
/** Models are offered no more at once; providers refuse longer lists. */
export const OFFERED_TOOLS_MAX = 100;
const HOSTS_MAX = 50;
const SECRETS_MAX = 20;

/** `api.example.com`, `*.example.com`, `localhost:8080`, `[::1]:99`. */
const hostSchema = z
  .string()
  .max(300)
  .regex(/^(\*\.)?([\w-]+(\.[\w-]+)*|\[[\da-f:.]+\]|\d+(\.\d+){3})(:\d{1,5})?$/i, {
    message: 'is no host such as api.example.com, *.example.com or localhost:8080',
  });

/** What the model of an agent may call (API.md, "Tools of a model"). */
export const toolsSchema = z.strictObject({
  read_page: toolPolicySchema.optional(),
  http_request: z
    .strictObject({
      policy: toolPolicySchema.default('ask'),
      hosts: z.array(hostSchema).max(HOSTS_MAX).default([]),
    })
    .optional(),
  search_web: toolPolicySchema.optional(),
  documents: toolPolicySchema.optional(),
  tasks: toolPolicySchema.optional(),
  mcp: z
    .array(
      z.strictObject({
        serverId: z.uuid(),
        /** Left out: tools that change nothing are called, all others ask. */
        default: toolPolicySchema.optional(),
        tools: z.record(z.string().max(LIMITS.toolNameCharsMax), toolPolicySchema).optional(),
      }),
    )
    .max(SERVERS_MAX)
    .optional(),
});
export type ToolsConfig = z.output<typeof toolsSchema>;
export type ServerTools = NonNullable<ToolsConfig['mcp']>[number];

/**
 * Secrets that requests of the model may carry, by `NAME@host`: the model writes `{{NAME}}`, and the value is
 * sent to that host alone. Under another host it is another secret, so that a stored one cannot be led
 * elsewhere.
 */
export const secretsSchema = z
  .record(z.string().max(300), z.string().min(1).max(8_000))
  .refine((secrets) => Object.keys(secrets).length <= SECRETS_MAX, {
    message: `at most ${SECRETS_MAX} secrets`,
  })
  .refine((secrets) => Object.keys(secrets).every((key) => readSecretKey(key) !== null), {
    message: 'each is named NAME@host, such as GITHUB@api.github.com',
  });

export function readSecretKey(key: string): { name: string; host: string } | null {
  const at = key.indexOf('@');
  const [name, host] = [key.slice(0, at), key.slice(at + 1)];
  return at > 0 && /^\w{1,50}$/.test(name) && hostSchema.safeParse(host).success ? { name, host } : null;
}
