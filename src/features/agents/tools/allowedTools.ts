import type { KindSettings } from '@everbeat/domain';
import { z } from 'zod';

const settingsSchema = z.object({ allowedTools: z.array(z.string()) });

/** The tools that the settings of a task for its model agent allow without asking. */
export const readAllowedTools = (settings: KindSettings | undefined): string[] =>
  settingsSchema.safeParse(settings).data?.allowedTools ?? [];
