import { expect, test } from "vitest";
import { palette } from "../../src/render/palette.ts";

type Triple = [number, number, number];

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Triple;

const times = (rows: readonly Triple[], [x, y, z]: Triple): Triple =>
  rows.map(([a, b, c]) => a * x + b * y + c * z) as Triple;

/** Linear RGB as somebody without red or without green cones sees it: Viénot, Brettel and Mollon, 1999. */
const sight: Record<string, Triple[]> = {
  "without red cones": [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  "without green cones": [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

/** Linear RGB to CIELAB, white point D65. */
function lab(rgb: Triple): Triple {
  const toXyz: Triple[] = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ];
  const [x, y, z] = times(toXyz, rgb).map((value, index) => {
    const ratio = value / [0.95047, 1, 1.08883][index]!;
    return ratio > 0.008856 ? Math.cbrt(ratio) : 7.787 * ratio + 16 / 116;
  }) as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.for(Object.entries(sight))("states are told apart %s", ([, matrix]) => {
  const seen = Object.values(palette).map((hex) => lab(times(matrix, linear(hex))));
  const distances = seen.flatMap((a, i) =>
    seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  expect(distances).toHaveLength(3);
  // About 2 is just noticeable; 20 is another colour.
  expect(Math.min(...distances)).toBeGreaterThan(20);
});
