const FIRST = 1_000_000_000;
const COUNT = 9_000_000_000;

/** Ten digits at random: Flex takes 7 to 12, never the same twice. */
export function newOperationNumber(random: () => number = secureRandom): string {
  return String(FIRST + Math.floor(random() * COUNT));
}

function secureRandom(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
