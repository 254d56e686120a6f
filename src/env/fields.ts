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
