/** Something that must never happen, and every case of it that was found. */
export interface Finding {
  what: string;
  cases: string[];
}
