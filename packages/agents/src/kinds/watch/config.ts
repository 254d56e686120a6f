import { addressesMeant } from '@everbeat/domain';
import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { isPattern } from './compare/pattern';
import { checkRequest, REQUEST_FIELDS } from './ownRequest';
import { parseSelector, selectorProblem } from './reading/selector';

const PAGE_TIMEOUT_SECONDS_DEFAULT = 30;
const RULES_MAX = 50;
const RULE_CHARS_MAX = 500;
const NUMBER_MAX = 1e15;

const ruleSchema = z.string().trim().min(1).max(RULE_CHARS_MAX);
const rulesSchema = (rule: z.ZodType<string>) => z.array(rule).max(RULES_MAX).optional();
const numberSchema = z.number().min(-NUMBER_MAX).max(NUMBER_MAX).optional();

/** Stored with its scheme, which a person may leave out: `localhost:4810`. */
const typedAddressSchema = z
  .string()
  .transform((typed) => addressesMeant(typed)[0] ?? typed)
  .pipe(addressSchema);
const selectorSchema = ruleSchema.refine((text) => parseSelector(text) !== null, {
  error: ({ input }) => selectorProblem(String(input)) ?? 'is no selector',
});
const patternSchema = ruleSchema.refine(isPattern, {
  message: 'is not a pattern such as "\\d+ visitors" (RE2: no lookarounds, no references)',
});

/** What is watched and what counts as a change, on an agent and in `task.config.watch`. */
const FIELDS = {
  url: typedAddressSchema.optional(),
  selector: selectorSchema.optional(),
  /** Lines that hold one of these texts are left out. */
  ignoreText: rulesSchema(ruleSchema),
  /** Text that matches one of these patterns is left out. */
  ignorePatterns: rulesSchema(patternSchema),
  /** Elements of the page that are left out. */
  ignoreSelectors: rulesSchema(selectorSchema),
  /** Parts of JSON that are left out: `$.items[*].views`. */
  ignorePaths: rulesSchema(ruleSchema),
  /** Only changes whose new text holds this text are reported. */
  onlyIfContains: ruleSchema.optional(),
  /** Only when the first number has fallen below, or risen above, or differs by so many percent. */
  below: numberSchema,
  above: numberSchema,
  byPercent: z.number().min(0).max(1_000_000).optional(),
  /** Reports also what changes by itself, such as clocks and counters. */
  includeNoise: z.boolean().optional(),
  ...REQUEST_FIELDS,
};

/** The fields alone, without what they say together. */
export const watchFieldsSchema = z.strictObject(FIELDS);

/** Without a `url` the agent watches the page that each task names in its settings. */
export const watchConfigSchema = z
  .strictObject({
    ...FIELDS,
    timeoutSeconds: timeoutSecondsSchema.default(PAGE_TIMEOUT_SECONDS_DEFAULT),
  })
  .superRefine(checkRequest);

/**
 * What a task watches (`task.config.watch`). With a `url` it takes precedence over the agent's own page as a
 * whole; without one it refines how that is compared.
 */
export const watchSettingsSchema = z
  .strictObject(FIELDS)
  .refine(({ url, selector }) => url !== undefined || selector === undefined, {
    message: 'needs the url of the page that it is a part of',
    path: ['selector'],
  })
  .superRefine(checkRequest);
export type WatchSettings = z.output<typeof watchSettingsSchema>;
