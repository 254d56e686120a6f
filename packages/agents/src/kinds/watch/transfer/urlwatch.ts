import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { DescribedWatch } from './describedWatch';
import { jsonPathOfJq } from './jqPath';
import { joinedSelector, requestSettings, wholeLine } from './selectors';

/** The jobs of urlwatch: `urls.yaml`, one YAML document a job (its documentation, "Jobs" and "Filters"). */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const pairs = z.record(z.string(), scalar).catch({});
const jobSchema = z.looseObject({
  name: scalar.nullish().catch(null),
  url: z.string().optional(),
  navigate: z.string().optional(),
  command: z.string().optional(),
  method: z.string().catch('GET'),
  useragent: z.string().optional().catch(undefined),
  headers: pairs,
  cookies: pairs,
});
type Job = z.output<typeof jobSchema>;
type Filter = [name: string, value: unknown];

/**
 * @throws whatever the library throws at what is no YAML; aliases that would grow without bound are refused
 */
export function readUrlwatch(text: string): DescribedWatch[] {
  const documents = parseAllDocuments(text);
  return [...documents].flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    const job: unknown = document.toJS();
    return job === null || job === undefined ? [] : [describe(jobSchema.parse(job))];
  });
}

function describe(job: Job): DescribedWatch {
  const leftOut = notesOn(job);
  const url = job.url ?? job.navigate ?? '';
  if (url === '') {
    const problem =
      job.command === undefined
        ? 'The job names no address.'
        : 'It runs a command of the shell. Make a task with a command agent for it.';
    return { name: job.name, url: job.command ?? '', settings: {}, leftOut: [], problem };
  }
  const asks = job.method.toUpperCase();
  return {
    name: job.name,
    url,
    settings: {
      ...filterSettings(filtersOf(job.filter), leftOut),
      ...requestSettings(job.headers, job.cookies),
      ...(job.useragent && { userAgent: job.useragent }),
    },
    leftOut,
    problem: asks === 'GET' && !('data' in job) ? undefined : 'It sends data; watches ask with GET alone.',
  };
}

/** Filters are a list of names, of `name: value`, or an older text of both with commas. */
function filtersOf(filter: unknown): Filter[] {
  if (typeof filter === 'string') {
    return filter.split(',').map((part): Filter => {
      const [name = '', ...value] = part.split(':');
      return [name.trim(), value.length === 0 ? undefined : value.join(':')];
    });
  }
  if (Array.isArray(filter)) return filter.flatMap(filtersOf);
  return typeof filter === 'object' && filter !== null ? Object.entries(filter) : [];
}

/** What Everbeat does by itself. */
const BY_ITSELF = /^(html2text|strip|striplines|pdf2text|beautify|format-json|pretty-xml)$/;

function filterSettings(filters: readonly Filter[], leftOut: string[]) {
  const selectors: string[] = [];
  const ignoreSelectors: string[] = [];
  const ignorePatterns: string[] = [];
  for (const [name, value] of filters) {
    const leave = (why: string) => leftOut.push(`The filter “${name}”: ${why}`);
    const selection = selectionOf(name, value);
    if (selection !== null) {
      selectors.push(selection.selector);
      if (selection.exclude !== undefined) ignoreSelectors.push(selection.exclude);
      if (selection.isCounted) leave('all that is selected is watched, without skip and maxitems.');
    } else if (name === 'jq') {
      const path = jsonPathOfJq(textOf(value, 'query') ?? '');
      if (path === null) leave('Everbeat has JSONPath, not jq.');
      else selectors.push(path);
    } else if (name === 'grepi') {
      ignorePatterns.push(wholeLine(textOf(value, 're') ?? ''));
    } else if (name === 're.sub') {
      const pattern = removedBy(value);
      if (pattern === null) leave('text can be left out, and not replaced.');
      else ignorePatterns.push(pattern);
    } else if (!BY_ITSELF.test(name)) leave('a watch has no such filter.');
  }
  const [first, ...others] = selectors;
  for (const other of others)
    leftOut.push(`The filter “${other}” within “${first}”: a watch has one selector.`);
  return {
    selector: first === undefined ? undefined : joinedSelector([first], leftOut),
    ignoreSelectors,
    ignorePatterns,
  };
}

interface Selection {
  selector: string;
  exclude: string | undefined;
  isCounted: boolean;
}

/** Null for a filter that selects no elements. */
function selectionOf(name: string, value: unknown): Selection | null {
  const quoted = JSON.stringify(textOf(value, name.replace('element-by-', '')) ?? '');
  const simple = (selector: string): Selection => ({ selector, exclude: undefined, isCounted: false });
  switch (name) {
    case 'element-by-id':
      return simple(`[id=${quoted}]`);
    case 'element-by-class':
      return simple(`[class~=${quoted}]`);
    case 'element-by-style':
      return simple(`[style=${quoted}]`);
    case 'element-by-tag':
      return simple(JSON.parse(quoted));
    case 'css':
    case 'xpath': {
      const options = z.looseObject({ exclude: z.string().optional() }).catch({}).parse(value);
      const selector = textOf(value, name === 'css' ? 'selector' : 'path') ?? '';
      const isCounted = 'skip' in options || 'maxitems' in options;
      return {
        selector: `${name}:${selector}`,
        exclude: options.exclude && `${name}:${options.exclude}`,
        isCounted,
      };
    }
    default:
      return null;
  }
}

/** The value of a filter: the text itself, or one of its options. */
function textOf(value: unknown, option: string): string | undefined {
  const options = z.looseObject({ [option]: scalar }).safeParse(value);
  return options.success ? String(options.data[option]) : scalar.safeParse(value).data;
}

/** What the filter removes; null when it puts something else in its place, or works on the HTML. */
function removedBy(value: unknown): string | null {
  const { repl } = z.looseObject({ repl: z.unknown() }).catch({ repl: '' }).parse(value);
  const pattern = textOf(value, 'pattern') ?? '';
  return pattern === '' || pattern.includes('<') || (repl !== undefined && repl !== '') ? null : pattern;
}

const NOTES: readonly [field: string, note: string][] = [
  ['navigate', 'The browser: Everbeat opens one by itself where scripts fill a page.'],
  ['diff_filter', 'The filter of the difference.'],
  ['diff_tool', 'The tool for the difference.'],
  ['compared_versions', 'The comparison with older versions.'],
  ['http_proxy', 'The proxy.'],
  ['https_proxy', 'The proxy.'],
  ['ssl_no_verify', 'A certificate that is not checked: Everbeat checks all.'],
  ['encoding', 'The encoding: it is found as browsers find it.'],
  ['timeout', 'The time limit: it is set on the agent.'],
  ['wait_until', 'The moment when the page counts as loaded.'],
  ['ignore_connection_errors', 'Ignored errors: a failure is tried again, and told when it lasts.'],
  ['ignore_timeout_errors', 'Ignored errors: a failure is tried again, and told when it lasts.'],
  ['ignore_http_error_codes', 'Ignored errors: a failure is tried again, and told when it lasts.'],
  ['ignore_too_many_redirects', 'Ignored errors: a failure is tried again, and told when it lasts.'],
  ['ignored_exceptions', 'Ignored errors: a failure is tried again, and told when it lasts.'],
  ['user_visible_url', 'The address that is shown instead.'],
  ['url_for_human', 'The address that is shown instead.'],
];

const notesOn = (job: Job): string[] => [
  ...new Set(NOTES.filter(([field]) => field in job).map(([, note]) => note)),
];
