/** Temporary attributes of an account, oldest first, as the matcher reads them. */
export const sql = `
CREATE INDEX attribute_by_account ON attribute (account_id);
`;
