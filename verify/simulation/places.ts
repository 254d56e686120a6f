/** The places of a process, so few that runs have to wait. */
export const PLACES = 2;
