/** Element id of the search field, which a keyboard shortcut of every page focuses. */
export const SEARCH_FIELD_ID = 'task-search';
