import type { UseFormReturn } from 'react-hook-form';
import type { TaskFields, TaskFormValues } from './taskForm';

export type TaskFormApi = UseFormReturn<TaskFields, unknown, TaskFormValues>;
