import { z } from 'zod';
import type { KindField } from '../kindForm';
import { ToolsControl } from './ToolsControl';
import { readTools } from './toolChoices';

/** What the model of an agent may call, kept in the form as JSON. */
export const TOOLS_FIELD = {
  label: 'What it may do',
  Control: ToolsControl,
  schema: z.string().transform(readTools),
  format: (stored) => (typeof stored === 'object' && stored !== null ? JSON.stringify(stored) : ''),
} as const satisfies KindField;
