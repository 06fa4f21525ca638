/** Student's t distribution for whole degrees of freedom. */

/**
 * P(-t < T < t) for t >= 0 and a whole number of degrees of freedom, by the finite trigonometric
 * series of Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
export function centralProbability(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine2 = Math.cos(angle) ** 2;
  const odd = degrees % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= ((k - 1) / k) * cosine2;
    sum += term;
  }
  const series = Math.sin(angle) * sum;
  return odd ? (2 / Math.PI) * (angle + series) : series;
}

/** The t with P(-t < T < t) = level, by bisection; `level` in (0, 1), `degrees` >= 1. */
export function criticalT(level: number, degrees: number): number {
  let low = 0;
  let high = 2;
  while (centralProbability(high, degrees) < level) high *= 2;
  while (true) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (centralProbability(middle, degrees) < level) low = middle;
    else high = middle;
  }
}
