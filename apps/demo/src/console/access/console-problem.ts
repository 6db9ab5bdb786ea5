import { HttpException } from '@nestjs/common';
import { type ConsoleProblem } from '../contract';

/** A refusal as the contract has it. */
export class ConsoleRefusal extends HttpException {
  /**
   * @param code stable, e.g. `invalid-input`
   * @param message names the field and the cure
   */
  constructor(statusCode: number, code: string, message: string, field?: string) {
    const problem: ConsoleProblem = { statusCode, code, message, ...(field !== undefined && { field }) };
    super(problem, statusCode);
  }
}

/** @returns an error to be thrown: 400 */
export const invalid = (field: string, problem: string): ConsoleRefusal =>
  new ConsoleRefusal(400, 'invalid-input', `${field} ${problem}.`, field);
