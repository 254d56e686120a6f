/**
 * One event stream for all tabs of a browser. Browsers open at most six connections to a host, and every
 * stream holds one, so with a stream in each tab the sixth tab would leave none for calls.
 *
 * The tabs that can be seen compete for a lock. Who holds it reads the stream and tells the others through a
 * BroadcastChannel; the browser passes the lock on when its tab is closed or crashes. A tab that is hidden,
 * or a browser that is offline, takes no part; once it is seen again, it goes on from the last event id and
 * reads everything anew.
 */

export type StreamState = 'connecting' | 'live' | 'refused';
export type LiveState = StreamState | 'offline' | 'hidden';

/** What the stream reports to its reader. */
export interface StreamEvents {
  onStarted(): void;
  onEvent(id: string): void;
  /** The connection broke; it is being opened again. */
  onLost(): void;
  /** The server refused it, and would again. */
  onRefused(): void;
}

export interface SharedStreamDeps {
  /** Opens the stream after this event, or from now on. Returns what closes it. */
  open(lastEventId: string | undefined, events: StreamEvents): () => void;
  /** Something may have changed on the server. */
  onNews(): void;
  onState(state: LiveState): void;
}

interface Message {
  state: StreamState;
  isNews: boolean;
  lastEventId: string | undefined;
}

/** What a tab that has just opened asks the leader: its state. */
const QUESTION = 'state?';

const NAME = 'everbeat-live';
/** The leader says so often that it is alive. */
const ALIVE_MS = 4_000;
/** A leader that is silent for longer has lost the lock to whoever notices. */
const SILENT_MS_MAX = 12_000;
/** A connection that does not come about within this time is tried anew. */
const CONNECT_MS_MAX = 15_000;

export class SharedStream {
  private readonly channel = canShare() ? new BroadcastChannel(NAME) : null;
  private readonly ending = new AbortController();
  private state: LiveState | null = null;
  private lastEventId: string | undefined;
  private isTakingPart = false;
  /** Closes the stream and gives the lock up. Null in a tab that does not lead. */
  private stopLeading: (() => void) | null = null;
  /** Withdraws from the competition for the lock. */
  private withdraw = new AbortController();
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deps: SharedStreamDeps) {
    this.channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.hear(data));
    const { signal } = this.ending;
    for (const event of ['online', 'offline', 'pagehide', 'pageshow'] as const) {
      window.addEventListener(event, ({ type }) => this.review(type === 'pagehide'), { signal });
    }
    document.addEventListener('visibilitychange', () => this.review(), { signal });
    this.review();
  }

  close(): void {
    this.ending.abort();
    this.leave();
    this.channel?.close();
  }

  /** Takes part in the competition, or leaves it, as the tab and the network now are. */
  private review(isLeavingPage = false): void {
    const isOffline = !navigator.onLine;
    const isHidden = isLeavingPage || document.visibilityState === 'hidden';
    if (isOffline || isHidden) {
      this.leave();
      this.show(isOffline ? 'offline' : 'hidden');
    } else if (!this.isTakingPart) {
      this.isTakingPart = true;
      if (this.state !== null) this.deps.onNews();
      this.show('connecting');
      this.compete();
    }
  }

  private leave(): void {
    this.isTakingPart = false;
    clearTimeout(this.silence);
    this.withdraw.abort();
    this.stopLeading?.();
  }

  private compete({ steal = false } = {}): void {
    if (this.channel === null) return void this.lead();
    const mine = new AbortController();
    this.withdraw.abort();
    this.withdraw = mine;
    // A request that steals cannot be withdrawn, because it is granted at once.
    const options = steal ? { steal } : { signal: mine.signal };
    navigator.locks
      .request(NAME, options, () => (mine.signal.aborted ? undefined : this.lead()))
      .catch(() => undefined)
      .then(() => {
        // Withdrawn: it does not compete, or competes anew already. Otherwise the lock was stolen.
        if (mine.signal.aborted) return;
        this.stopLeading?.();
        this.compete();
      });
    this.channel.postMessage(QUESTION);
    this.expectLeader();
  }

  /** Resolves when this tab leads no more. */
  private lead(): Promise<void> {
    clearTimeout(this.silence);
    return new Promise((resolve) => {
      const alive = setInterval(() => this.tell({ isNews: false }), ALIVE_MS);
      const connection = this.connect();
      this.stopLeading = () => {
        this.stopLeading = null;
        clearInterval(alive);
        connection.close();
        resolve();
      };
    });
  }

  /** Keeps a connection open, and opens another when one does not come about. */
  private connect(): { close(): void } {
    let deadline: ReturnType<typeof setTimeout> | undefined;
    let close = () => {};
    const isLate = () => {
      clearTimeout(deadline);
      deadline = setTimeout(() => {
        close();
        open();
      }, CONNECT_MS_MAX);
    };
    const report = (state: StreamState, isNews: boolean) => {
      this.show(state);
      this.tell({ isNews });
      if (isNews) this.deps.onNews();
    };
    const open = () => {
      isLate();
      close = this.deps.open(this.lastEventId, {
        onStarted: () => {
          clearTimeout(deadline);
          report('live', true);
        },
        onEvent: (id) => {
          this.lastEventId = id;
          report('live', true);
        },
        onLost: () => {
          isLate();
          report('connecting', false);
        },
        onRefused: () => {
          clearTimeout(deadline);
          report('refused', false);
        },
      });
    };
    open();
    return {
      close: () => {
        clearTimeout(deadline);
        close();
      },
    };
  }

  private tell({ isNews }: { isNews: boolean }): void {
    const { state, lastEventId } = this;
    if (state === 'offline' || state === 'hidden' || state === null) return;
    this.channel?.postMessage({ state, isNews, lastEventId } satisfies Message);
  }

  private hear(data: unknown): void {
    if (data === QUESTION) {
      if (this.stopLeading !== null) this.tell({ isNews: false });
      return;
    }
    if (!isMessage(data)) return;
    this.lastEventId = data.lastEventId ?? this.lastEventId;
    if (!this.isTakingPart || this.stopLeading !== null) return;
    this.expectLeader();
    // What happened between the reading of this page and now was told before the tab listened.
    const isJoining = this.state !== 'live' && data.state === 'live';
    this.show(data.state);
    if (data.isNews || isJoining) this.deps.onNews();
  }

  private expectLeader(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (!this.isTakingPart || this.stopLeading !== null) return;
      this.show('connecting');
      this.compete({ steal: true });
    }, SILENT_MS_MAX);
  }

  private show(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.deps.onState(state);
  }
}

/**
 * Web Locks exist only where the page came by HTTPS or from this machine. Elsewhere each visible tab has its
 * stream.
 */
const canShare = (): boolean => 'locks' in navigator && 'BroadcastChannel' in window;

const STATES: readonly unknown[] = ['connecting', 'live', 'refused'] satisfies StreamState[];

const isMessage = (data: unknown): data is Message =>
  typeof data === 'object' &&
  data !== null &&
  'state' in data &&
  STATES.includes(data.state) &&
  'isNews' in data &&
  typeof data.isNews === 'boolean' &&
  'lastEventId' in data &&
  (data.lastEventId === undefined || typeof data.lastEventId === 'string');
