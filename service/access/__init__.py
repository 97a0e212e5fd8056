"""Who may do what: roles, scopes and tokens; it knows no case and no person beyond a pseudonym."""
