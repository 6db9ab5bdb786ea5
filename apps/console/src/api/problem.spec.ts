import { problemOf } from './problem';

describe('problemOf', () => {
  it.each([
    [{ message: 'No answer. Check the base URL.', hint: 'Check the base URL.' }, 'No answer. Check the base URL.'],
    [{ message: 'No answer.', hint: 'Check the base URL.' }, 'No answer. Check the base URL.'],
    [{ message: ['one', 'two'] }, 'one two'],
    [{ error: { field: 'advanceMs', message: 'advanceMs must be finite' } }, 'advanceMs must be finite'],
    [{ error: { field: 'times', message: 'must be whole' } }, 'times must be whole'],
    [{ error: { message: 'is no JSON' } }, 'is no JSON'],
    [undefined, 'HTTP 502'],
  ])('reads %j', (answer, message) => {
    expect(problemOf(502, answer).message).toBe(message);
  });
});
