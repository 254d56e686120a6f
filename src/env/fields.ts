import { isAbsolute } from 'node:path';
import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';

/** How the values of environment variables are read. All are texts at first. */

export function text() {
  return z.string().optional();
}

export function integer({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const problem = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, problem)
    .transform(Number)
    .refine((value) => value >= min && value <= max, problem)
    .default(fallback);
}

export function postgresUrl() {
  return z
    .string()
    .refine((value) => /^postgres(ql)?:$/.test(parsedUrl(value)?.protocol ?? ''), 'is not a postgres:// URL')
    .optional();
}

export function httpUrl() {
  return z
    .string()
    .refine((value) => /^https?:$/.test(parsedUrl(value)?.protocol ?? ''), 'is not an absolute http(s) URL');
}

export function jsonRecord(keyPattern: RegExp, problem: string) {
  const record = z.record(z.string().regex(keyPattern), z.string().trim().min(1));
  return z
    .string()
    .transform((value, context) => {
      const parsed = record.safeParse(parsedJson(value));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    })
    .optional();
}

/** A path, or repositories by name. */
export function workspaces() {
  const repositories = z.record(z.string().trim().min(1).max(LIMITS.nameCharsMax), absolutePath);
  return z
    .string()
    .transform((value, context): Workspaces => {
      const isPath = !value.startsWith('{');
      const parsed = isPath ? absolutePath.safeParse(value) : repositories.safeParse(parsedJson(value));
      if (parsed.success)
        return typeof parsed.data === 'string' ? { path: parsed.data } : { repositories: parsed.data };
      context.addIssue({
        code: 'custom',
        message: isPath
          ? 'is not a path that begins at the root'
          : 'is not a JSON object of names and paths that begin at the root',
      });
      return z.NEVER;
    })
    .optional();
}

/** `path` may be that of a repository as well. */
export type Workspaces = { path: string } | { repositories: Record<string, string> };

const absolutePath = z.string().trim().refine(isAbsolute);

export function isOrigin(value: string): boolean {
  const url = parsedUrl(value);
  return !!url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
}

function parsedUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
