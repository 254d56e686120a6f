/** What a person is shown of a page before a task watches it. All of its texts are the page's: untrusted. */
export interface PagePreview extends PageOutline {
  /** The complete address that was read, as it would be stored. */
  url: string;
  title: string;
  kind: 'text' | 'json' | 'feed';
  /** The beginning of what would be compared. */
  text: string;
  /** How many lines would be compared in all. */
  lines: number;
  chars: number;
  /** The newest entries of a feed, and how many there are. */
  items: { title: string; link: string | null }[];
  itemCount: number;
  /** What is wrong with a setting, by its name. It was left out. */
  problems: Partial<Record<string, string>>;
  /** What to know of the page, as sentences. */
  notes: string[];
}

/** What may be watched of a page. */
export interface PageOutline {
  /** In the order of the page. */
  parts: PagePart[];
  /** The branches of a JSON document, each before those within it. */
  branches: JsonBranch[];
  /** The likeliest first. */
  prices: PricePart[];
  /** Null: no selector was typed, or none that is one. */
  selection: PageSelection | null;
}

/** A part of a page that a person may watch instead of the whole. */
export interface PagePart {
  selector: string;
  /** What it is: `Table “Prices”`. */
  label: string;
  /** The beginning of its text. */
  text: string;
}

/** A price on a page, and how to watch it alone. */
export interface PricePart {
  selector: string;
  /** As it is written: `€ 49.90`. */
  text: string;
  amount: number;
}

/** One value, list or object of JSON. */
export interface JsonBranch {
  /** The JSONPath (RFC 9535) that selects it. */
  path: string;
  /** Its name, or its position in a list. */
  key: string;
  /** Below the whole, which is 0. */
  depth: number;
  /** As it is written. Null: it is a list or an object. */
  value: string | null;
  /** How many entries it has. Null: it is a value. */
  entries: number | null;
}

/** What a selector that a person typed finds on the page. */
export interface PageSelection {
  matches: number;
  /** The beginning of what is read there. */
  text: string;
  /** Why nothing is. Null: something is. */
  problem: string | null;
}
