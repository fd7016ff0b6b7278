/**
 * Splits an amount in proportion to the weights. Every share is whole cents and the shares add up to the amount: what
 * rounding leaves over goes, a cent each, to those who lost the largest part of one.
 */
export function splitByWeight(cents, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0) || weights.some((weight) => weight < 0)) {
    throw new RangeError("the weights must not be negative, and at least one must be positive");
  }
  const exact = weights.map((weight) => (cents * weight) / total);
  const shares = exact.map(Math.trunc);
  let left = cents - shares.reduce((sum, share) => sum + share, 0);
  for (const index of byLostPart(exact)) {
    if (left <= 0) break;
    shares[index] += 1;
    left -= 1;
  }
  return shares;
}

/** Splits an amount evenly among `count`; the first ones take the odd cents. */
export function splitEvenly(cents, count) {
  return splitByWeight(cents, Array.from({ length: count }, () => 1));
}

/** Positions in order of what cutting to whole cents took from each, most first; equal ones stay in order. */
function byLostPart(exact) {
  const lost = exact.map((value) => value - Math.trunc(value));
  return lost.map((_, index) => index).sort((a, b) => lost[b] - lost[a] || a - b);
}
