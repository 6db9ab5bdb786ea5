import { ValidateBy } from 'class-validator';

/** More than 0, with two decimals at most. `IsNumber({ maxDecimalPlaces })` throws at numbers that print with an exponent, as 1e-7. */
export const IsAmount = (): PropertyDecorator =>
  ValidateBy({
    name: 'isAmount',
    validator: {
      validate: isAmount,
      defaultMessage: () => '$property must be a number above 0 with two decimals at most, e.g. 12000.5',
    },
  });

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && Number(value.toFixed(2)) === value;
}
