/** What went wrong, by the inspector's code. A code that is not here is told in the backend's words. */
export const mistakes = {};
