import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';

const NOT_A_NUMBER = 'it is not a number of 0 or more';

/** A number may be sent as text. */
export const numberSchema = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d{1,15}(\.\d{1,15})?$/)
        .transform(Number),
    ],
    NOT_A_NUMBER,
  )
  .refine((value) => value >= 0, NOT_A_NUMBER);

export const secondsSchema = numberSchema.transform((value) =>
  Math.min(Math.ceil(value), LIMITS.heartbeatSecondsMax),
);
