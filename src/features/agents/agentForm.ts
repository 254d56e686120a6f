import { type AgentKind, type AgentView, agentKindSchema } from '@everbeat/domain';
import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';

/** The fields of every kind in one form; those of the chosen kind count. The server's own schemas have the last word. */
const fieldsSchema = z.object({
  name: z.string().trim().min(1, 'Give the agent a name').max(200),
  kind: agentKindSchema,
  url: z.string().trim(),
  selector: z.string().trim(),
  headers: z.string(),
  provider: z.string(),
  model: z.string().trim(),
  baseUrl: z.string().trim(),
  system: z.string(),
  command: z.string(),
  timeoutSeconds: z
    .string()
    .trim()
    .regex(/^\d{0,6}$/, 'Enter a whole number of seconds, or leave it empty'),
});
export type AgentFields = z.infer<typeof fieldsSchema>;
type FieldProblem = [field: keyof AgentFields, message: string];

/** One header a line, `Name: value`. Null when a line has no colon. */
export function parseHeaders(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').map((candidate) => candidate.trim())) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) return null;
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function* problemsOf(fields: AgentFields): Generator<FieldProblem> {
  if (fields.kind === 'http') {
    if (fields.url === '') yield ['url', 'Enter the address of the agent'];
    if (parseHeaders(fields.headers) === null) yield ['headers', 'Write one header a line, as Name: value'];
  }
  if (fields.kind === 'command' && fields.command === '') yield ['command', 'Choose a command'];
}

export const agentFormSchema = fieldsSchema.superRefine((fields, context) => {
  for (const [field, message] of problemsOf(fields)) {
    context.addIssue({ code: 'custom', path: [field], message });
  }
});

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const headersText = (headers: unknown): string =>
  typeof headers === 'object' && headers !== null
    ? Object.entries(headers)
        .map(([name, value]) => `${name}: ${textOf(value)}`)
        .join('\n')
    : '';

export function agentFieldsOf(agent: AgentView | null, kind: AgentKind): AgentFields {
  const config = agent?.config ?? {};
  return {
    name: agent?.name ?? '',
    kind: agent?.kind ?? kind,
    url: textOf(config.url),
    selector: textOf(config.selector),
    headers: headersText(config.headers),
    provider: textOf(config.provider),
    model: textOf(config.model),
    baseUrl: textOf(config.baseUrl),
    system: textOf(config.system),
    command: textOf(config.command),
    timeoutSeconds: textOf(config.timeoutSeconds),
  };
}

/** What each kind sets; an empty text is left out, so that the server's default holds. */
function configOf(fields: AgentFields): Record<string, unknown> {
  switch (fields.kind) {
    case 'watch':
      return { url: withScheme(fields.url), selector: fields.selector };
    case 'http':
      return { url: withScheme(fields.url), headers: parseHeaders(fields.headers) ?? {} };
    case 'model': {
      const { provider, model, baseUrl, system } = fields;
      return { provider, model, baseUrl, system };
    }
    case 'command':
      return { command: fields.command };
  }
}

/** Settings that the form does not show are kept when the kind stays the same. */
export function toAgentInput(fields: AgentFields, former: AgentView | null) {
  const kept = former?.kind === fields.kind ? former.config : {};
  const timeoutSeconds = fields.timeoutSeconds === '' ? '' : Number(fields.timeoutSeconds);
  const merged = { ...kept, ...configOf(fields), timeoutSeconds };
  const config = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
  return { name: fields.name, kind: fields.kind, config };
}
