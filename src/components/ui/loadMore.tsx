import { Button } from './button';

interface LoadMoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  /** The kind of row: "tasks". */
  what: string;
  which?: string;
}

export function LoadMore({ query, what, which = 'more' }: LoadMoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <div className="flex justify-center pt-2">
      <Button busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        Show {which} {what}
      </Button>
    </div>
  );
}
