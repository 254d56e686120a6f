import { z } from 'zod';
import { pageAddressSchema, withScheme } from '@/lib/webAddress';
import type { KindForm } from '../kindForm';
import { WatchSettings } from '../preview/WatchSettings';
import { WATCH_REQUEST_FIELDS } from '../requestFields';
import { WATCH_RULE_FIELDS } from '../watchRuleFields';

const PAGE_EXAMPLE = 'https://example.com/news';

export const watch = {
  lead: 'Fetches a web page and reports what changed. Needs no key.',
  fields: {
    url: {
      label: 'Page address (optional)',
      hint: 'Used for tasks that do not name a page of their own.',
      inputMode: 'url',
      placeholder: PAGE_EXAMPLE,
      schema: pageAddressSchema,
    },
    selector: {
      label: 'Part of the page: CSS, XPath or JSONPath (optional)',
      isCode: true,
      placeholder: 'main',
    },
    ...WATCH_RULE_FIELDS,
    ...WATCH_REQUEST_FIELDS,
  },
  timeoutSecondsDefault: 30,
  taskSettings: {
    label: 'Watched page',
    mainField: 'url',
    mainMissing: 'Enter the address of the page to watch: the agent has none of its own',
    trialLabel: 'Page to look at',
    Fields: WatchSettings,
    isToldOfDoubles: true,
    instructionOf: ({ url = '' }: Readonly<Record<string, string>>) =>
      `Tell me when ${url.trim() === '' ? 'the page' : withScheme(url)} changes, and what changed.`,
    nameHint: 'If empty, the title of the page.',
    fields: {
      url: {
        label: 'Page address',
        inputMode: 'url',
        placeholder: PAGE_EXAMPLE,
        schema: pageAddressSchema,
      },
      selector: {
        label: 'Part of the page (CSS, XPath or JSONPath)',
        hint: 'If empty, the whole page.',
        isCode: true,
        placeholder: 'main h2',
        schema: z.string().max(500),
      },
      ...WATCH_RULE_FIELDS,
      ...WATCH_REQUEST_FIELDS,
    },
  },
} as const satisfies KindForm;
