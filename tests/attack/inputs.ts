import { z } from 'zod';
import { appRouter } from '@/server/api/routers';

/** A procedure, described from the router itself, so that a new one is attacked from the day it is added. */
export interface Procedure {
  name: string;
  type: 'query' | 'mutation' | 'subscription';
  /** The path of every text in its input, such as `config.watch.url`. */
  textPaths: string[][];
}

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(z.instanceof(z.ZodType)),
});

const schemaNode = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
});

export const PROCEDURES: Procedure[] = Object.entries(appRouter._def.procedures).map(([name, procedure]) => {
  const { type, inputs } = definition.parse(Reflect.get(Object(procedure), '_def'));
  const textPaths = inputs.flatMap((input) =>
    textPathsOf(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })),
  );
  return { name, type, textPaths };
});

function textPathsOf(schema: unknown, path: string[] = []): string[][] {
  const { data: node } = schemaNode.safeParse(schema);
  if (node === undefined || path.length > 6) return [];
  const own = node.type === 'string' ? [path] : [];
  const below = [
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => textPathsOf(child, [...path, name])),
    ...(node.items === undefined ? [] : textPathsOf(node.items, [...path, '0'])),
    ...(typeof node.additionalProperties === 'object' ? [[...path, 'key']] : []),
    ...[...(node.anyOf ?? []), ...(node.allOf ?? [])].flatMap((child) => textPathsOf(child, path)),
  ];
  return [...new Map([...own, ...below].map((found) => [found.join('.'), found])).values()];
}

/** A copy of `input` with `value` at `path`. Missing objects on the path are created. */
export function withAt(input: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (head === '0') return [withAt(Array.isArray(input) ? input[0] : undefined, rest, value)];
  const fields: Record<string, unknown> =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {};
  return { ...fields, [head]: withAt(fields[head], rest, value) };
}
