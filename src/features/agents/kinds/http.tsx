import { Webhook } from 'lucide-react';
import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import { type KindForm, textOf } from '../kindForm';

/** Parses one header per line, `Name: value`. Null when a line has no colon. */
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

const formatHeaders = (headers: unknown): string =>
  typeof headers === 'object' && headers !== null
    ? Object.entries(headers)
        .map(([name, value]) => `${name}: ${textOf(value)}`)
        .join('\n')
    : '';

export const http: KindForm = {
  label: 'HTTP',
  icon: Webhook,
  lead: 'Calls an agent of your own over HTTP, and waits for its answer.',
  fields: {
    url: {
      label: 'Address',
      hint: 'Each run is sent to this address as a POST request with JSON.',
      inputMode: 'url',
      placeholder: 'https://agent.example.com/run',
      required: 'Enter the address of the agent',
      schema: z.string().transform(withScheme),
    },
    headers: {
      label: 'Headers (optional)',
      hint: 'One per line, as Name: value. Stored values are shown as dots; leave the dots to keep a value.',
      control: 'lines',
      isCode: true,
      isSecret: true,
      placeholder: 'Authorization: Bearer …',
      schema: z
        .string()
        .transform(parseHeaders)
        .refine((headers) => headers !== null, 'Write one header per line, as Name: value'),
      format: formatHeaders,
    },
    signingSecret: {
      label: 'Signing secret (optional)',
      hint: 'With it each call is signed (Standard Webhooks). A stored one is shown as dots; leave the dots to keep it.',
      isCode: true,
      isSecret: true,
      placeholder: 'whsec_…',
    },
  },
  timeoutSecondsDefault: 600,
  summarize: ({ url }) => textOf(url),
};
