/**
 * Finds a message that a broker cannot take: one that ends the connection (MQTT 3.1.1 knows no other way to say no) or
 * is refused again and again. A connection that is lost for other reasons must not cost a message, so a message is
 * first sent alone, and only one that fails alone many times in a row, over connections that had just worked, is given up.
 */
const lossesUntilSolo = 3;
const lossesUntilGuilty = 8;
const refusalsUntilGuilty = 5;

export function createSuspicion() {
  let suspect = 0;
  let losses = 0;
  let refusals = 0;
  const suspectThis = (seq: number): void => {
    if (seq === suspect) return;
    suspect = seq;
    losses = 0;
    refusals = 0;
  };
  return {
    /** Only the suspect may be in flight. */
    isSolo: (): boolean => losses >= lossesUntilSolo,
    /** The broker ended the connection while `head` was the oldest unacknowledged message. Gives the one to set aside. */
    lostWith(head: number): number | null {
      suspectThis(head);
      losses += 1;
      if (losses < lossesUntilGuilty) return null;
      suspectThis(0);
      return head;
    },
    /** True when it was refused often enough. */
    refused(seq: number): boolean {
      suspectThis(seq);
      refusals += 1;
      return refusals >= refusalsUntilGuilty;
    },
    cleared(seq: number): void {
      if (seq === suspect) suspectThis(0);
    },
  };
}
