/** Element id of the content of a page, which the server renders (`AppShell`). */
export const MAIN_ID = 'main';
