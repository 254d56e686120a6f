/** Below it stand the feeds of briefs, by their tokens: `/feed/<token>.xml`. */
export const FEED_PATH = '/feed';
/** The same for the calendars of wake-ups: `/calendar/<token>.ics`. */
export const CALENDAR_PATH = '/calendar';

/** The feeds of a user for programs outside. */
export interface FeedView {
  /** When their addresses were made. Null: there are none. */
  createdAt: Date | null;
}

/** New addresses, which are told once: what is stored does not reveal them. */
export interface FeedAddressesView {
  createdAt: Date;
  feedUrl: string;
  calendarUrl: string;
}
