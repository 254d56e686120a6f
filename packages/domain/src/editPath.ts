/** Where a person edits a task. */
export const editPath = (identifier: string): string => `/tasks/${identifier}?edit=true`;
