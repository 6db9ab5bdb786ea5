/** A setting, fault or control input the simulator cannot accept; `field` names the member at fault. */
export class SimulatorInputError extends Error {
  override readonly name = 'SimulatorInputError';

  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}.`);
  }
}
