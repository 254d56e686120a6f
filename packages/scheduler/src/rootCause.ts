/** What was first thrown. A database library's wrapper quotes the values of the query, which have no place in a log. */
export function rootCause(error: unknown): unknown {
  let cause = error;
  // Bounded, because a chain of causes may be a circle.
  for (let depth = 0; depth < 10 && cause instanceof Error && cause.cause instanceof Error; depth += 1) {
    cause = cause.cause;
  }
  return cause;
}
