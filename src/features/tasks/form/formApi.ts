import type { UseFormReturn } from 'react-hook-form';
import type { TaskFields, TaskFormValues } from './taskForm';

/** The form as its parts share it. */
export type TaskFormApi = UseFormReturn<TaskFields, unknown, TaskFormValues>;
