/** Who gets in, as far as it is a choice. Read at every request. */
export interface AccountSettings {
  /**
   * LP5's ALLOW_LUNA_ACCOUNT_AUTH_HEADER: who may name an account by the bare header `Luna-Account-Id`, without a
   * proof. LP5 knows everyone (1) and nobody (0); ours adds programs on the appliance itself, the default.
   */
  readonly allowAccountHeader: 'loopback' | 'everyone' | 'nobody';
  /** Whether other hosts may create accounts by POST /accounts without being an administrator. LP5: yes. Default: no. */
  readonly openSignUp: boolean;
}
