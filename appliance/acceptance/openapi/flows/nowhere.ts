/** An id that nothing has. */
export const nowhere = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
