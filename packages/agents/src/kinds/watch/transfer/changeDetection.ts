import { z } from 'zod';
import type { DescribedWatch } from './describedWatch';
import { jsonPathOfJq } from './jqPath';
import { joinedSelector, requestSettings, wholeLine } from './selectors';

/**
 * The backup of changedetection.io: `url-watches.json`, or since its version 0.53 a `watch.json` for each
 * watch. What is there is read loosely: its versions name and fill the fields differently.
 */

const texts = z
  .union([z.array(z.string()), z.string().transform((text) => text.split('\n'))])
  .transform((lines) => lines.map((line) => line.trim()).filter((line) => line !== ''))
  .catch([]);
const count = z.coerce.number().catch(0);
const durationSchema = z
  .object({ weeks: count, days: count, hours: count, minutes: count, seconds: count })
  .partial()
  .catch({});
const flag = z.boolean().catch(false);

const watchSchema = z.looseObject({
  url: z.string().catch(''),
  title: z.string().nullish().catch(null),
  paused: flag,
  include_filters: texts,
  css_filter: texts,
  subtractive_selectors: texts,
  ignore_text: texts,
  trigger_text: texts,
  headers: z.record(z.string(), z.string()).catch({}),
  method: z.string().catch('GET'),
  fetch_backend: z.string().nullish().catch(null),
  processor: z.string().catch('text_json_diff'),
  time_between_check: durationSchema,
  time_between_check_use_default: z.boolean().catch(true),
  time_schedule_limit: z.object({ enabled: flag }).catch({ enabled: false }),
});
type Watch = z.output<typeof watchSchema>;

const documentSchema = z.looseObject({
  watching: z.record(z.string(), z.unknown()).catch({}),
  settings: z
    .object({ requests: z.object({ time_between_check: durationSchema }).catch({ time_between_check: {} }) })
    .catch({ requests: { time_between_check: {} } }),
});

const oneWatchSchema = z.looseObject({ url: z.string(), include_filters: z.array(z.unknown()) });

/** Whether parsed JSON is such a file, or one watch of it. */
export const isChangeDetection = (json: unknown): boolean =>
  z.union([z.looseObject({ watching: z.object({}) }), oneWatchSchema]).safeParse(json).success;

/** The watches of one or more files of a backup. */
export function readChangeDetection(files: readonly unknown[]): DescribedWatch[] {
  const documents = files
    .filter((file) => !oneWatchSchema.safeParse(file).success)
    .map((file) => documentSchema.parse(file));
  const usual = documents
    .map(({ settings }) => secondsOf(settings.requests.time_between_check))
    .find((seconds) => seconds > 0);
  const watches = [
    ...documents.flatMap(({ watching }) => Object.values(watching)),
    ...files.filter((file) => oneWatchSchema.safeParse(file).success),
  ];
  return watches.map((watch) => describe(watchSchema.parse(z.looseObject({}).catch({}).parse(watch)), usual));
}

const secondsOf = ({
  weeks = 0,
  days = 0,
  hours = 0,
  minutes = 0,
  seconds = 0,
}: z.output<typeof durationSchema>): number =>
  (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;

function describe(watch: Watch, usualSeconds: number | undefined): DescribedWatch {
  const leftOut = notesOn(watch);
  const own = secondsOf(watch.time_between_check);
  return {
    name: watch.title,
    url: watch.url.replace(/^source:/, ''),
    settings: {
      selector: joinedSelector(filtersOf(watch, leftOut), leftOut),
      ignoreSelectors: watch.subtractive_selectors.map(withoutPrefix),
      ...ignored(watch.ignore_text),
      onlyIfContains: trigger(watch.trigger_text, leftOut),
      ...requestSettings(watch.headers),
    },
    intervalSeconds: watch.time_between_check_use_default || own === 0 ? usualSeconds : own,
    isPaused: watch.paused,
    leftOut,
    problem: problemOf(watch),
  };
}

function problemOf({ method, processor }: Watch): string | undefined {
  if (method.toUpperCase() !== 'GET') return `It is asked for with ${method}; watches ask with GET alone.`;
  if (/image/.test(processor)) return 'It compares screenshots; watches compare text.';
  return undefined;
}

const withoutPrefix = (filter: string): string => filter.replace(/^xpath1?:/, '');

function filtersOf({ include_filters, css_filter }: Watch, leftOut: string[]): string[] {
  return (include_filters.length > 0 ? include_filters : css_filter).flatMap((filter) => {
    const jq = /^jq(?:raw)?:(.*)$/s.exec(filter)?.[1];
    if (jq === undefined) return [withoutPrefix(filter)];
    const path = jsonPathOfJq(jq);
    if (path === null) leftOut.push(`The filter “${filter}”: Everbeat has JSONPath, not jq.`);
    return path === null ? [] : [path];
  });
}

/** A line is ignored that holds a text, or matches a pattern between slashes. */
function ignored(lines: readonly string[]) {
  const patterns = lines.map((line) => /^\/(.*)\/[a-z]*$/s.exec(line)?.[1]);
  return {
    ignoreText: lines.filter((_, index) => patterns[index] === undefined),
    ignorePatterns: patterns.filter((pattern) => pattern !== undefined).map(wholeLine),
  };
}

function trigger(lines: readonly string[], leftOut: string[]): string | undefined {
  const plain = lines.filter((line) => !/^\/.*\/[a-z]*$/s.test(line));
  const [first] = plain;
  for (const line of lines.filter((each) => each !== first)) {
    leftOut.push(`The trigger “${line}”: a watch waits for one text.`);
  }
  return first;
}

/** Fields that watches have nothing for, with the value that says nothing and the note for any other. */
const NOTES: readonly [field: string, note: string][] = [
  ['tags', 'Tags: Everbeat has none.'],
  ['tag', 'Tags: Everbeat has none.'],
  ['notification_urls', 'Notifications of its own: changes are told in the inbox.'],
  ['browser_steps', 'Browser steps: a page is read as it opens.'],
  ['webdriver_js_execute_code', 'A script to run in the page.'],
  ['extract_text', 'Text to extract by patterns: choose a part with a selector.'],
  ['text_should_not_be_present', 'Text that must not be there.'],
  ['conditions', 'Conditions.'],
  ['proxy', 'The proxy.'],
  ['body', 'The body of the request.'],
  ['sort_text_alphabetically', 'Sorted lines.'],
  ['check_unique_lines', 'Only lines that were never there before.'],
  ['remove_duplicate_lines', 'Removal of repeated lines.'],
  ['ignore_status_codes', 'Error pages taken for pages: they are failures.'],
  [
    'price_change_threshold_percent',
    'The threshold of a price: set "byPercent" with the part that holds the price.',
  ],
];

function notesOn(watch: Watch): string[] {
  const notes = NOTES.filter(([field]) => isFilled(watch[field])).map(([, note]) => note);
  const isOff = (field: string): boolean => watch[field] === false;
  if (['filter_text_added', 'filter_text_removed', 'filter_text_replaced'].some(isOff))
    notes.push('Which kinds of change are told: all are.');
  if (watch.processor === 'restock_diff')
    notes.push('Restock and price detection: the text of the page is compared.');
  if (/webdriver|playwright|browser/.test(watch.fetch_backend ?? ''))
    notes.push('The browser: Everbeat opens one by itself where scripts fill a page.');
  if (watch.url.startsWith('source:')) notes.push('The source of the page: its text is compared.');
  if (watch.time_schedule_limit.enabled)
    notes.push('The times of the week: set a schedule on the task for them.');
  return [...new Set(notes)];
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}
