/** Works off the seeds in as many lanes as there are databases: each waits for its own, so together they take less time. */
export async function inLanes<Lane, Seed>(
  lanes: readonly Lane[],
  seeds: readonly Seed[],
  play: (lane: Lane, seed: Seed) => Promise<void>,
): Promise<void> {
  const left = [...seeds];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) await play(lane, seed);
    }),
  );
}
