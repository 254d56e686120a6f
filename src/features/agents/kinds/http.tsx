import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import type { KindForm } from '../kindForm';
import { HEADERS_FIELD } from '../requestFields';

export const http: KindForm = {
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
    headers: HEADERS_FIELD,
    signingSecret: {
      label: 'Signing secret (optional)',
      hint: 'With it each call is signed (Standard Webhooks). A stored one is shown as dots; leave the dots to keep it.',
      isCode: true,
      isSecret: true,
      placeholder: 'whsec_…',
    },
  },
  timeoutSecondsDefault: 600,
};
